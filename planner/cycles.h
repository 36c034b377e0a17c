#pragma once

#include "engine/base/diagnostics.h"
#include "planner/nodes.h"
#include "planner/step_graph.h"

namespace aloft {

/// Unties what needs itself: gives up wishes, makes constraints and columns apart from their new
/// table, drops constraints and defaults ahead of their table. What remains is told as diagnostic
/// "dependency-cycle", link by link; false then.
bool untie(StepGraph& graph, Nodes& nodes, const PlanRequest& request, Diagnostics& diagnostics);

}  // namespace aloft
