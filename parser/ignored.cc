#include "parser/ignored.h"

#include "parser/directives.h"

namespace aloft {

void take_ignored(const Sources& sources, std::uint32_t file,
                  const std::vector<Directive>& directives, const Snapshot& snapshot,
                  std::set<ObjectId>* ignored) {
  for (const Directive& directive : directives) {
    if (directive.what != Directive::What::Ignore) continue;
    const SourcePos line = sources.position(file, directive.offset);
    for_each_kind(snapshot, [&](const auto& objects) {
      for (const auto& [id, object] : objects) {
        if (object.at.file != file || object.at.line != line.line) continue;
        directive.used = true;
        if (ignored != nullptr) ignored->insert(id);
      }
    });
  }
}

std::set<ObjectId> ignored_objects(const Sources& sources, const Snapshot& snapshot) {
  std::set<ObjectId> ignored;
  for (std::uint32_t file = 1; file <= sources.files().size(); ++file) {
    std::vector<Directive> directives;
    Diagnostics said_already;
    read_directives(sources, file, 0, sources.file(file).text, directives, said_already);
    take_ignored(sources, file, directives, snapshot, &ignored);
  }
  return ignored;
}

}  // namespace aloft
