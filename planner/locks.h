#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// Tables that are partitions of the table or inherit from it, all levels down, in id order.
std::vector<ObjectId> descendants(const Snapshot& snapshot, const ObjectId& table);
/// The same, direct children only.
std::vector<ObjectId> children(const Snapshot& snapshot, const ObjectId& table);
/// Has the table a partition key, whether or not there are partitions?
bool is_partitioned(const ObjectId& table, const Snapshot& snapshot);
/// Those of the tree that hold rows and are no table with partitions; the table itself if plain.
std::vector<ObjectId> leaves(const Snapshot& snapshot, const ObjectId& table);
/// The default partition, if there is one; else an empty name.
ObjectId default_partition(const Snapshot& snapshot, const ObjectId& table);

/// The lock on the table and, as ALTER TABLE without ONLY recurses, on its live descendants.
Locks on_tree(const PlanContext& context, const ObjectId& table, LockLevel level);
/// LOCK TABLE that keeps everybody out: one table after the other as they are given, each before
/// those below it, as every statement locks them (PostgreSQL manual, LOCK).
Sql lock_exclusive(const std::vector<ObjectId>& tables);
/// A lock on an index, by the index's or its constraint's id. ACCESS EXCLUSIVE on one stops every
/// statement on the table that has to be planned, so it counts as one on the table.
LockOn index_lock(const ObjectId& id, LockLevel level);
/// Of COMMENT ON INDEX, SET STATISTICS and, if `clustered`, CLUSTER ON.
Locks extras_locks(const ObjectId& id, bool clustered);
/// What ALTER TABLE ... SET (name = ...) takes (reloptions.c, AlterTableGetRelOptionsLockLevel).
LockLevel option_lock(std::string_view name);
/// What ALTER INDEX ... SET (name = ...) takes.
LockLevel index_option_lock(std::string_view name);

}  // namespace aloft
