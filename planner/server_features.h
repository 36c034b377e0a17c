#pragma once

#include "engine/base/diagnostics.h"
#include "planner/planner.h"

namespace aloft {

/// Diagnostic "server-version" for what the changes ask for and the server's version does not have.
/// Nothing offline, where no server is known.
void report_missing_features(const PlanRequest& request, Diagnostics& diagnostics);

}  // namespace aloft
