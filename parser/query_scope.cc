#include "parser/query_scope.h"

namespace aloft {

const ScopeItem* QueryScope::find(const std::string& schema, const std::string& alias) const {
  for (const QueryScope* scope = this; scope != nullptr; scope = scope->outer)
    for (const ScopeItem& item : scope->items)
      if (item.alias == alias && (schema.empty() || item.schema.empty() || item.schema == schema))
        return &item;
  return nullptr;
}

const Shown* QueryScope::find_cte(const std::string& name) const {
  for (const QueryScope* scope = this; scope != nullptr; scope = scope->outer)
    if (const auto it = scope->ctes.find(name); it != scope->ctes.end()) return &it->second;
  return nullptr;
}

Shown QueryScope::all() const {
  Shown shown;
  for (const ScopeItem& item : items)
    shown.insert(shown.end(), item.shows.begin(), item.shows.end());
  return shown;
}

bool may_be_same(const Name& a, const Name& b) {
  return a.name == b.name && (a.schema.empty() || b.schema.empty() || a.schema == b.schema);
}

}  // namespace aloft
