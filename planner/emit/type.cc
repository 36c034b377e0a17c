// Who uses a type: what enums, domains and composite types have in common.

#include <algorithm>
#include <cctype>
#include <set>

#include "planner/emit/type_users.h"

namespace aloft {
namespace {

bool continues_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '"' || c == '$' ||
         c == '.';
}

std::string element(std::string type) {
  while (type.ends_with("[]")) type.resize(type.size() - 2);
  return type;
}

/// Types that contain one of `types`, as a column would spell them.
void add_containers(const Snapshot& snapshot, std::set<std::string>& types) {
  for (std::size_t before = 0; before != types.size();) {
    before = types.size();
    for (const auto& [id, domain] : snapshot.domains)
      if (types.contains(element(domain.type))) types.insert(spelling(id));
    for (const auto& [id, composite] : snapshot.composites)
      if (std::ranges::any_of(composite.attributes,
                              [&](const Attribute& a) { return types.contains(element(a.type)); }))
        types.insert(spelling(id));
  }
}

template <class F>
std::vector<ObjectId> columns_where(const Snapshot& snapshot, F&& holds) {
  std::vector<ObjectId> found;
  for (const auto& [id, column] : snapshot.columns)
    if (holds(column)) found.push_back(id);
  return found;
}

}  // namespace

std::string spelling(const ObjectId& type) {
  return to_sql(qualified(type));
}

bool mentions(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !continues_name(text[at - 1])) &&
        (end >= text.size() || !continues_name(text[end]) || text[end] == '.'))
      return true;
  }
  return false;
}

std::vector<ObjectId> columns_of_type(const Snapshot& snapshot, const ObjectId& type) {
  const std::string name = spelling(type);
  return columns_where(snapshot, [&](const Column& c) { return element(c.type) == name; });
}

std::vector<ObjectId> columns_storing(const Snapshot& snapshot, const ObjectId& type) {
  std::set<std::string> types{spelling(type)};
  add_containers(snapshot, types);
  return columns_where(snapshot, [&](const Column& c) { return types.contains(element(c.type)); });
}

std::vector<ObjectId> columns_hiding(const Snapshot& snapshot, const ObjectId& type) {
  std::set<std::string> types{spelling(type)};
  for (std::size_t before = 0; before != types.size();) {
    before = types.size();
    for (const auto& [id, domain] : snapshot.domains)
      if (types.contains(domain.type)) types.insert(spelling(id));
  }
  const std::set<std::string> bare = types;  // the type and domains over it: checked where they are
  add_containers(snapshot, types);
  return columns_where(snapshot, [&](const Column& c) {
    return types.contains(element(c.type)) && !bare.contains(c.type);
  });
}

std::vector<ObjectId> tables_of_type(const Snapshot& snapshot, const ObjectId& type) {
  std::vector<ObjectId> found;
  for (const auto& [id, table] : snapshot.tables)
    if (table.of_type == Name{type.schema, type.name}) found.push_back(id);
  return found;
}

}  // namespace aloft
