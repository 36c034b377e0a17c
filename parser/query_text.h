#pragma once

#include <string>
#include <vector>

#include "engine/model/snapshot.h"
#include "parser/pg_tree.h"

namespace aloft {

/// Folds, besides what fold() does, what a query says twice: the name of its only relation before
/// columns, output names that are the implied ones, `*` of a relation whose columns are known.
/// `top`: names of the outermost output columns say nothing either (they are kept elsewhere).
void fold_query(ProtobufCMessage* query, const Snapshot& snapshot, bool top);

/// The columns of a table or view in order; empty where they are not known.
std::vector<std::string> columns_of(const Snapshot& snapshot, const Name& relation);

/// The names of a query's output columns with `*` expanded; empty where they cannot be told.
std::vector<std::string> query_columns(const PgQuery__SelectStmt& query, const Snapshot& snapshot);

}  // namespace aloft
