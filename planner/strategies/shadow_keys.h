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

/// What the copy of a foreign key is called until it takes the old one's name.
std::string copy_name(const ObjectId& column, const ObjectId& key);

}  // namespace aloft
