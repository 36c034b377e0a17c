#pragma once

#include <string>
#include <vector>

#include "planner/strategies/shadow_column.h"

namespace aloft {

// A column of a table with partitions goes over together with those of its partitions: what is done
// to the partitioned table reaches them all, and here is what has to be done to each.

/// The column in each partition of its table, on all levels; none where the table is a plain one.
std::vector<ObjectId> columns_below(const ObjectId& column, const Snapshot& live);

/// Why the column cannot go over together with all those of its tree of tables, for people; empty:
/// it can, or its table stands alone.
std::string tree_obstacle(const ObjectId& column, const PlanContext& ctx);

/// DROP NOT NULL of the column in its table and in each partition: from PostgreSQL 18 on it is a
/// constraint, and one that a partition has of its own, as ATTACH and its key leave it there, stays
/// when that of the partitioned table goes. `name`: what the column is called at that moment.
std::vector<Sql> drop_not_null_sql(const ObjectId& column, const std::string& name,
                                   const Snapshot& live);

/// What the cut-over stands on besides the checks: no partition that was made since the plan has a
/// default of its own, which would get lost. None for a plain table.
std::vector<Proof> partition_facts(const ObjectId& column, const Snapshot& live);

/// Do partitions have what ALTER COLUMN TYPE on the partitioned table makes anew: defaults of their
/// own, and the names and comments of their shares of indexes and keys?
bool plain_change_loses(const ObjectId& column, const PlanContext& ctx);

/// VALIDATE of a check of the column's table, in phase Backfill: partition by partition, so that
/// each lock is held for one of them, and then of the table, which reads no row any more. `why`:
/// empty for the usual words.
std::vector<Step> tree_proofs(const ObjectId& column, const std::string& check,
                              const std::string& why, const PlanContext& ctx);

/// What the columns of partitions have besides their partitioned table's, as `side` has them:
/// defaults, which setting that of the partitioned table has made equal to it.
std::vector<Sql> partition_defaults(const ObjectId& column, const Snapshot& side);
/// Before it: the defaults that go with no default of the partitioned table.
std::vector<Sql> drop_partition_defaults(const ObjectId& column, const Snapshot& side);

}  // namespace aloft
