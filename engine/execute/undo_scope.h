#pragma once

#include <string>
#include <vector>

#include "engine/execute/journal.h"

namespace aloft {

/// The ids of the plan's steps of which something is there: those that are done, batches that are
/// committed, and statements outside a transaction whose end nobody recorded, unless the catalog
/// says that nothing came of them.
std::vector<std::string> steps_to_take_back(Session& session, const Plan& plan, const OpenRun& run);

}  // namespace aloft
