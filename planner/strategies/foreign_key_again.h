#pragma once

#include <vector>

#include "planner/strategies/shadow_column.h"

namespace aloft {

// Foreign keys that refer to the column of a partitioned table. They need an index of the whole
// table, and the twin of a key is one on each leaf until the cut-over: the key takes over no index
// that belongs to another one. So they go and come again NOT VALID in the cut-over, under locks on
// both ends, and are validated after it. No write is unguarded meanwhile, and every row satisfies
// them: the old ones, and the check that old and new values are the same, have proven it.

/// ACCESS EXCLUSIVE on the referring tables.
Locks referring_locks(const ShadowPlan& plan, const PlanContext& ctx);

/// The foreign keys go, as `side` has them.
std::vector<Sql> drop_referring(const ShadowPlan& plan, const Snapshot& side);

/// They come again as `side` has them, NOT VALID, on the leaves of a referring table that is
/// partitioned itself; the columns have their names by then.
std::vector<Sql> add_referring_again(const ShadowPlan& plan, const Snapshot& side);

/// VALIDATE of each, in phase Contract, and a partitioned table takes over what its leaves have; of
/// one that was NOT VALID, none.
std::vector<Step> validate_referring(const ObjectId& column, const ShadowPlan& plan,
                                     const PlanContext& ctx);
/// The same as Step::undo is read.
std::vector<Sql> validate_referring_again(const ShadowPlan& plan, const PlanContext& ctx);

}  // namespace aloft
