#pragma once

#include <functional>
#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

// A foreign key and its copy under another name. Where its table has partitions, the copy is one on
// each leaf, NOT VALID and then validated, which PostgreSQL before 18 takes on no partitioned
// table; after that the partitioned table takes over what is equal and valid without reading a row
// (measured on 14 to 18), under SHARE ROW EXCLUSIVE on its tree and ACCESS EXCLUSIVE on what is
// referred to.

/// "ALTER TABLE t ADD CONSTRAINT ... FOREIGN KEY ..." of one table of the tree, given
/// "ALTER TABLE t" and " NOT VALID" or nothing.
using AddForeignKey = std::function<Sql(const Sql& alter, const Sql& not_valid)>;

/// Why the shares of partitions do not let a foreign key of a partitioned table be copied, for
/// people; empty: they do, or the table is a plain one.
std::string copy_obstacle(const ObjectId& key, const PlanContext& ctx);

/// All constraints that make the copy called `name` of the foreign key: one in each table of the
/// tree.
std::vector<ObjectId> objects_of_copy(const ObjectId& key, const std::string& name,
                                      const PlanContext& ctx);

/// The copy called `name` beside the application, as Step::undo is read: leaf by leaf, then the
/// partitioned table.
std::vector<Sql> copy_again(const ObjectId& key, const std::string& name, const AddForeignKey& add,
                            const PlanContext& ctx);

/// The partitioned table takes its leaves' copies over. Locks and the proof included: a partition
/// that was made since has all of its rows checked.
Step take_over_copies(const ObjectId& about, const ObjectId& key, const Sql& add,
                      const PlanContext& ctx);

/// The foreign key goes, and its copy called `copy` has its name, those of its partitions' shares,
/// and comments as `side` has them. ACCESS EXCLUSIVE is held on both ends.
std::vector<Sql> exchange_with_copy(const ObjectId& key, const std::string& copy,
                                    const Snapshot& side);

}  // namespace aloft
