#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/model/values.h"

namespace aloft {

/// What an item of a FROM list shows by `*`: the relations whose columns are among its own. A
/// relation shows itself; a subquery or a common table expression what its own stars show.
using Shown = std::vector<Name>;

/// An item of a FROM list by the name that columns say before their own.
struct ScopeItem {
  std::string alias{};
  std::string schema{};  ///< of a relation that is named with it and has no alias
  Shown shows{};
};

/// One level of a query: its FROM items, or its common table expressions. A name that a level does
/// not have is looked for in those around it, as PostgreSQL does.
struct QueryScope {
  const QueryScope* outer = nullptr;
  std::vector<ScopeItem> items{};
  std::map<std::string, Shown> ctes{};

  /// The innermost item of that name; `schema` may be empty. Null where there is none.
  const ScopeItem* find(const std::string& schema, const std::string& alias) const;
  /// The common table expression of that name; null where there is none.
  const Shown* find_cte(const std::string& name) const;
  /// What the items of this level show together.
  Shown all() const;
};

/// Whether two names may mean the same relation: an unqualified one may be that of any schema, as
/// nobody knows the search_path under which it was said.
bool may_be_same(const Name& a, const Name& b);

}  // namespace aloft
