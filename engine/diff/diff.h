#pragma once

#include "engine/diff/change.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// The differences that lead from `live` to `desired`, kind by kind in id order. Pure; knows no
/// kind by name (a guard test keeps it so). Reports neither children of a dropped or created table
/// specially nor anything else: what belongs together is the planner's to say.
ChangeSet diff(const Snapshot& live, const Snapshot& desired);

}  // namespace aloft
