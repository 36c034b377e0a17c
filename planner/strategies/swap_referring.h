#pragma once

#include <string>
#include <vector>

#include "planner/strategies/swap_table.h"

namespace aloft {

// Foreign keys of other tables to one that changes by way of a second one. Each gets a copy that
// refers to the other of the two, for the last steps before these change places; there are both
// for a while. The copy does what the key does: a row that goes cascades from either table, and
// finds nothing left the second time, as triggers of foreign keys fire before those that carry
// writes over ("RI_" sorts before "~"). Its checks come at the end of the transaction whatever the
// key says: by then each row is there twice, in whatever order one statement made it and what
// refers to it.

/// The foreign keys of other tables to the table, as they are live.
std::vector<ObjectId> referring_keys(const ObjectId& table, const PlanContext& ctx);

/// Why the foreign key, which is live and refers to a table that changes so, cannot go along, for
/// people; empty: it can.
std::string referring_obstacle(const ObjectId& key, const PlanContext& ctx, const Fates& fates,
                               const TableSwaps& swaps);

/// Copies of the foreign keys to `table` that refer to `other`, NOT VALID first and then validated,
/// in phase Contract: a transaction in REPEATABLE READ that is older than the rows of `other` would
/// find its checks failing.
std::vector<Step> referring_copy_steps(const ObjectId& about, const ObjectId& table,
                                       const ObjectId& other, const PlanContext& ctx);
/// That the copies are there and valid.
std::vector<Proof> referring_proofs(const ObjectId& table, const PlanContext& ctx);
/// The same as statements on the way back, as Step::undo is read.
std::vector<Sql> referring_copies_back(const ObjectId& table, const ObjectId& other,
                                       const PlanContext& ctx);
/// The copies take the names and the checks' times of the foreign keys, which go. `back`: those
/// made on the way back. Under ACCESS EXCLUSIVE of all.
std::vector<Sql> referring_exchange(const ObjectId& table, bool back, const PlanContext& ctx);

}  // namespace aloft
