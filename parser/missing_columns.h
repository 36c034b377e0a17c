#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/values.h"

namespace aloft {

/// Does every table have it (PostgreSQL manual, 5.5)?
bool is_system_column(const std::string& name);

/// A column that a text names and that is nowhere to be found.
struct MissingColumn {
  std::string column{};
  Name relation{};  ///< that it is named of; empty: named of none, and none within reach has it
  auto operator<=>(const MissingColumn&) const = default;
};

/// Whether a table or view has a column; nullopt where nobody knows what it has.
using HasColumn = std::function<std::optional<bool>(const Name& relation, const std::string&)>;

/// What a query names that none of its tables, views, subqueries and common table expressions has.
/// It never says so where a column could come from something that nobody knows: a function in FROM,
/// a relation that `has` does not know, a subquery with a `*`.
std::vector<MissingColumn> missing_columns(const std::string& query, const HasColumn& has);
/// The same of an expression over the columns of `relation`.
std::vector<MissingColumn> missing_columns(const std::string& expression, const Name& relation,
                                           const HasColumn& has);

}  // namespace aloft
