#pragma once

#include <map>
#include <string>
#include <vector>

#include "planner/fates.h"
#include "planner/strategies/shadow_column.h"

namespace aloft {

/// Which columns get their new type by way of a shadow column, with what goes over; and of those
/// that would have to be written anew under a lock, why not. Columns that foreign keys tie to each
/// other and that change together go the same way.
Shadows find_shadows(const Fates& fates, const PlanContext& ctx);

/// The foreign keys by which one such column refers to another: the referring one goes first.
std::vector<std::pair<ObjectId, ObjectId>> shadow_links(const Shadows& shadows,
                                                        const Snapshot& live);

}  // namespace aloft
