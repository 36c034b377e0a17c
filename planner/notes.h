#pragma once

#include <string>
#include <vector>

#include "engine/diff/change.h"
#include "planner/fates.h"

namespace aloft {

/// What the plan cannot bring about and people may want to know: tables whose columns stay in
/// another order than the files name them in.
std::vector<std::string> notes_for(const Snapshot& live, const Snapshot& desired,
                                   const Fates& fates);

/// The changes for people, in the order of the change set: without the parts of made and dropped
/// relations, and what follows a parent table.
std::vector<PlannedChange> planned_changes(const PlanRequest& request, const Fates& fates);

}  // namespace aloft
