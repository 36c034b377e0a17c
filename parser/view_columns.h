#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parser/pg_tree.h"

namespace aloft {

/// The names of a query's output columns, as PostgreSQL chooses them (FigureColname in
/// parse_target.c). nullopt where a `*` stands for some of them.
std::optional<std::vector<std::string>> output_columns(const PgQuery__SelectStmt& query);

}  // namespace aloft
