#pragma once

#include <string>
#include <vector>

#include "planner/strategies/swap_table.h"

namespace aloft {

// A plain table that becomes one with partitions goes by way of a second table that has them.

/// Is it a plain table that the files say partitions of?
bool becomes_tree(const ObjectId& table, const PlanContext& ctx);

/// The partitioned table at the top of the tree to which the object's table is to belong; the table
/// itself where it is no partition.
ObjectId top_of(const ObjectId& id, const Snapshot& desired);

/// The table's partitions on all levels, each after the one that it is a partition of.
std::vector<ObjectId> partitions_of(const Snapshot& side, const ObjectId& table);

/// Is the object made or dropped along with the second table: a partition and its parts, and the
/// keys of the table, each of which has to hold the columns of the partition key?
bool tree_brings(const ObjectId& id, const Destiny& destiny, const PlanContext& ctx);

/// What stands against it, for people; empty: nothing.
std::string tree_obstacle(const ObjectId& table, const PlanContext& ctx, const Fates& fates);

/// Is there a partition for whatever row, by DEFAULT or as all remainders of a modulus are there?
/// False where it cannot be told from the bounds alone.
bool takes_every_row(const Snapshot& side, const ObjectId& table);

/// DO that fails where a row of the plain table `from` has no partition in `to`, which is live by
/// then. By pg_get_partition_constraintdef(), which says of a partition all that its rows satisfy,
/// the bounds of the levels above it included.
Sql refuse_rows_beyond(const ObjectId& from, const ObjectId& to);

/// CREATE of the indexes and partitions of the second table `copy`, which is there. They have the
/// names that the files give them, but for the indexes of `copy` itself. `made`: its desired side
/// holds them, under `copy`.
std::vector<Sql> create_tree_sql(const ObjectId& copy, const PlanContext& made);

}  // namespace aloft
