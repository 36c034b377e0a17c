#pragma once

#include <functional>
#include <string>
#include <vector>

#include "planner/strategies/shadow_column.h"

namespace aloft {

// The indexes and keys of a partitioned table are one in each of its partitions, tied together. A
// twin is built in each leaf, CONCURRENTLY, before the partitioned table takes them over.

/// The share that each partition has of the partitioned table's index or key, parents first.
std::vector<ObjectId> shares_of(const ObjectId& index_or_key, const Snapshot& snapshot);
/// Those of them that hold rows, in tables without partitions; of a plain table's, itself.
std::vector<ObjectId> leaf_shares_of(const ObjectId& index_or_key, const Snapshot& snapshot);

/// Why one of the shares cannot go over with the partitioned table's, for people; empty: all can.
std::string shares_obstacle(const ObjectId& index_or_key, const PlanContext& ctx);

/// `name` + `suffix` + `mark`; where that is cut, a mark of the object's own, as the names of
/// partitions often differ in their last letters alone.
std::string copy_of_share(const ObjectId& share, const std::string& suffix,
                          const std::string& mark);

/// The partitions' shares of the index called `name` and of that called `other` change names, in
/// partitions that were made in the meantime too; those of `name` are put aside as
/// "aloft_<word>_<oid>".
Sql exchange_names_of_shares(const std::string& schema, const std::string& name,
                             const std::string& other, const std::string& word);

/// The key of a partitioned table as `side` has it, after its DROP: each leaf makes its own of the
/// index that is there, called `copies` of it; the partitioned tables take them over, the lowest
/// first. Only a partition that was made in the meantime has an index built.
std::vector<Sql> partitioned_key_sql(const ObjectId& key, const Snapshot& side,
                                     const std::function<std::string(const ObjectId&)>& copies);
/// No such partition is so large that this would take long.
Proof new_partitions_are_small(const ObjectId& table, const Snapshot& live);

}  // namespace aloft
