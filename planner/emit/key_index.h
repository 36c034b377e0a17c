#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

// Keys by the indexes behind them, as partitioned tables tie these together.

bool is_unique_key(const Constraint& constraint);
/// The definition of the index behind a key: "USING btree (a, b) INCLUDE (c)".
std::string key_index_text(const Constraint& key);
/// Is the index, but for storage parameters and the like, the one that stands behind such a key?
bool is_index_of(const Constraint& key, const Index& index);

/// The index of the partitioned table, or of its key, that a key which is made or changed on a live
/// partition has to be attached to in a step of its own, as nothing that is done to the partitioned
/// table does it.
std::optional<Name> index_to_join(const ObjectId& id, const Constraint& wanted,
                                  const PlanContext& ctx);
/// ALTER INDEX parent ATTACH PARTITION `id`: of an Index or of the key's Constraint.
Step attach_index_step(const ObjectId& id, const Name& parent, const PlanContext& ctx);

/// The leaves of a partitioned table that the files do not name any more: they are there until
/// contract.
std::vector<ObjectId> going_leaves(const PlanContext& context, const ObjectId& table);
/// What the part of a partitioned table's new index or key is called on one of them.
std::string name_on_going(const ObjectId& index_or_key, const ObjectId& leaf);

/// The partition's own keys and indexes that are to stay apart but are equal to `index`, which is
/// to be attached: PostgreSQL attaches the oldest that fits.
std::vector<ObjectId> rivals_of(const ObjectId& id, const Index& index, const Snapshot& desired);

}  // namespace aloft
