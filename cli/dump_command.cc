#include <cstdio>
#include <map>

#include "cli/commands.h"
#include "cli/compare.h"
#include "engine/base/file_reader.h"
#include "parser/canonical.h"
#include "planner/dump.h"

namespace aloft {
namespace {

/// The file of an object: KIND/SCHEMA.NAME.sql, its relation's for what stands on one. A character
/// that a file name cannot hold, and one that could make two names one file, becomes %XX.
std::string file_of(const ObjectId& id) {
  const ObjectId owner = relation_of(id);
  const auto safe = [](const std::string& name) {
    std::string text;
    for (const char c : name) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      if (plain)
        text += c;
      else
        text += "%" +
                std::string(1, "0123456789ABCDEF"[(static_cast<unsigned char>(c) >> 4) & 15]) +
                std::string(1, "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15]);
    }
    return text;
  };
  std::string folder(kind_name(owner.kind));
  for (char& c : folder)
    if (c == ' ') c = '-';
  std::string name = safe(owner.name);
  if (!owner.schema.empty()) name = safe(owner.schema) + "." + name;
  if (!owner.args.empty()) name += "." + safe(owner.args);
  if (name.size() > 200) name.resize(200);
  return folder + "/" + name + ".sql";
}

}  // namespace

ExitCode dump_command(const CommandOptions& options) {
  const auto session = connect(options);
  const Live live = read_live(*session, options);
  session->execute("ROLLBACK");
  const auto statements = dump_sql(live.snapshot, references(live.snapshot), live.facts);
  for (const Unmanaged& u : live.snapshot.unmanaged)
    std::fprintf(stderr, "aloft: not dumped, as aloft does not manage it: %s %s\n", u.kind.c_str(),
                 u.name.c_str());
  std::map<std::string, std::string> files;
  for (const auto& [id, sql] : statements) {
    const std::string text = sql + ";\n\n";
    if (options.out_dir.empty())
      std::fputs(text.c_str(), stdout);
    else
      files[options.out_dir + "/" + file_of(id)] += text;
  }
  for (const auto& [file, text] : files) write_file(file, text);
  return ExitCode::Ok;
}

}  // namespace aloft
