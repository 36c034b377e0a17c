#pragma once

#include <string>

#include "engine/model/snapshot.h"
#include "parser/pg_tree.h"

namespace aloft {

/// "(SELECT CASE WHEN n = M THEN NULL::integer END AS a, ... FROM generate_series(1, N) n OFFSET
/// 0)": a relation's columns without the relation, for EXPLAIN. N and M tell relations and columns
/// apart in the plan. `types_from`: where the types of a view's columns, and the order of a
/// table's, are known. Empty where the columns are not.
std::string null_rows(const Name& relation, bool only, const Snapshot& snapshot,
                      const Snapshot& types_from);

/// Puts null_rows() in the place of every relation of a query. False where one is not known, or
/// a sample is taken of it.
bool substitute_relations(ProtobufCMessage* root, const Snapshot& snapshot,
                          const Snapshot& types_from);

}  // namespace aloft
