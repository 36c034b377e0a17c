#pragma once

#include <vector>

#include "planner/strategies/shadow_column.h"

namespace aloft {

/// Copies of the foreign keys from and to the column, on its shadow (and, where the other end has
/// one too, on that), NOT VALID first and then validated. Both may be there at the same time, with
/// the same actions: each does for its own column what the other does for the old one.
std::vector<Step> foreign_key_copies(const ObjectId& column, const ShadowPlan& plan,
                                     const PlanContext& ctx);

/// The copies of the foreign keys to the column take the names of the old ones, table by table, the
/// table that is referred to being locked first.
std::vector<Step> referring_swaps(const ObjectId& column, const ShadowPlan& plan,
                                  const PlanContext& ctx);

/// A foreign key with the actions of `key`, between other columns of the same tables.
Sql foreign_key_over(const std::vector<std::string>& columns, const Constraint& key,
                     const std::vector<std::string>& referenced_columns);

/// Takes the foreign key of another table back to the old column, which is called `old_column` at
/// that moment, and to the referring table's own old column while it has one; as Step::undo is
/// read. Done twice it ends in the same place.
std::vector<Sql> put_back_referring(const ObjectId& column, const ObjectId& key,
                                    const std::string& old_column, const PlanContext& ctx);

/// What the copy of a foreign key is called until it takes the old one's name.
std::string copy_name(const ObjectId& column, const ObjectId& key);

}  // namespace aloft
