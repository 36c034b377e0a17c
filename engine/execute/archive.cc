#include "engine/execute/archive.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/base/file_reader.h"
#include "engine/base/hash.h"
#include "engine/base/sql.h"
#include "engine/execute/usage.h"

namespace aloft {
namespace {

struct Field {
  std::string name{}, type{};
  bool key = false;
};

QualifiedName table_of(const Step& step) {
  const ObjectId relation = relation_of(step.object);
  return {relation.schema, relation.name};
}

/// The columns to copy: those of the table that hold a value of their own, of a column its key's
/// and itself.
std::vector<Field> fields_of(Session& session, const Step& step) {
  const std::string table = to_sql(table_of(step));
  const Rows rows = session.query(
      sql("SELECT a.attname, format_type(a.atttypid, a.atttypmod), EXISTS (SELECT FROM pg_index i"
          " WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey))"
          " FROM pg_attribute a WHERE a.attrelid = {}::regclass AND a.attnum > 0"
          " AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum",
          Literal{table})
          .text);
  std::vector<Field> all;
  for (const Row& row : rows)
    all.push_back({row.at(0).value_or(""), row.at(1).value_or(""), row.at(2) == "t"});
  if (step.object.kind == Kind::Table || std::ranges::none_of(all, &Field::key)) return all;
  std::erase_if(all, [&](const Field& f) { return !f.key && f.name != step.object.name; });
  return all;
}

std::string names_of(const std::vector<Field>& fields) {
  std::string list;
  for (const Field& f : fields) list += (list.empty() ? "" : ", ") + quote_ident(f.name);
  return list;
}

std::string definitions_of(const std::vector<Field>& fields) {
  std::string list;
  for (const Field& f : fields)
    list += (list.empty() ? "" : ", ") + quote_ident(f.name) + " " + f.type;
  return list;
}

/// "public.orders.note" without what a file's name had better not have.
std::string file_stem(const Step& step, const std::string& run) {
  std::string name = step.object.schema;
  if (!step.object.relation.empty()) name += "." + step.object.relation;
  name += "." + step.object.name;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && c != '-')
      c = '_';
  return "run" + run + "-step" + step.id + "-" + name;
}

std::string restore_script(const Step& step, const std::vector<Field>& fields,
                           const std::string& data) {
  const std::string table = to_sql(table_of(step));
  std::string script = "-- Puts back what " + to_string(step.object) +
                       " held. For psql; after the files say it again and aloft has made it.\n"
                       "\\set ON_ERROR_STOP on\nBEGIN;\n";
  const std::string copy = "\\copy ";
  const std::string from = " FROM " + quote_literal(data) + "\n";
  if (step.object.kind == Kind::Table)
    return script + copy + table + " (" + names_of(fields) + ")" + from + "COMMIT;\n";
  std::string same;
  const bool keyed = std::ranges::any_of(fields, &Field::key);
  for (const Field& f : fields)
    if (f.name != step.object.name && (f.key || !keyed))
      same +=
          (same.empty() ? "" : " AND ") +
          (keyed ? "t." + quote_ident(f.name) + " = a." + quote_ident(f.name)
                 : "t." + quote_ident(f.name) + " IS NOT DISTINCT FROM a." + quote_ident(f.name));
  const std::string column = quote_ident(step.object.name);
  return script + "CREATE TEMP TABLE archived (" + definitions_of(fields) + ") ON COMMIT DROP;\n" +
         copy + "archived" + from + "UPDATE " + table + " t SET " + column + " = a." + column +
         " FROM archived a WHERE " + (same.empty() ? "true" : same) + ";\nCOMMIT;\n";
}

/// The rows and the content of a file of COPY's text format.
std::pair<std::int64_t, std::string> read_again(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw IoError("cannot read " + path + " again");
  std::int64_t rows = 0;
  ContentHash hash;
  for (std::string line; std::getline(file, line); ++rows) hash.add(line);
  return {rows, hash.hex()};
}

/// Copies into the file; its content's hash, row by row.
std::string copy_into(Session& session, const std::string& copy, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file) throw IoError("cannot write " + path);
  ContentHash hash;
  session.copy_out(copy, [&](std::string_view row) {
    file << row;
    hash.add(row.substr(0, row.size() - 1));
  });
  file.close();
  if (!file) throw IoError("cannot write " + path + ": is there room?");
  return hash.hex();
}

}  // namespace

bool loses_data(const Step& step) {
  return (step.object.kind == Kind::Table || step.object.kind == Kind::Column) &&
         std::ranges::any_of(
             step.hazards, [](const HazardNote& note) { return note.hazard == Hazard::DataLoss; });
}

Archive archive(Session& session, const Step& step, const std::string& run,
                const std::string& folder) {
  if (std::ranges::count(step.hazards, Hazard::DataLoss, &HazardNote::hazard) > 1)
    throw IoError("the step loses more than one thing at once, which the archive does not take");
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw IoError("cannot make " + folder + ": " + failed.message());
  const std::string stem =
      (std::filesystem::absolute(folder) / file_stem(step, run)).lexically_normal().string();
  Archive made{.data = stem + ".copy", .restore = stem + ".sql"};
  session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  session.execute("SET LOCAL row_security = off");
  session.execute("SET LOCAL statement_timeout = 0");
  const std::vector<Field> fields = fields_of(session, step);
  if (step.object.kind == Kind::Column &&
      std::ranges::find(fields, step.object.name, &Field::name) == fields.end()) {
    session.execute("COMMIT");
    return {};
  }
  const std::string mark(kOwnMark);
  const std::string rows = "SELECT " + names_of(fields) + " FROM " + to_sql(table_of(step));
  const std::string hash =
      copy_into(session, "COPY " + mark + " (" + rows + ") TO STDOUT", made.data);
  const Rows counted = session.query("SELECT " + mark + " count(*) FROM (" + rows + ") t");
  session.execute("COMMIT");
  made.rows = std::stoll(counted.at(0).at(0).value_or("-1"));
  const auto [there, content] = read_again(made.data);
  if (there != made.rows || content != hash)
    throw IoError(made.data + " does not hold what was copied: " + std::to_string(there) +
                  " rows there, " + std::to_string(made.rows) + " in the table");
  write_file(made.restore, restore_script(step, fields, made.data));
  return made;
}

}  // namespace aloft
