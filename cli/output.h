#pragma once

#include <set>
#include <vector>

#include "cli/options.h"
#include "engine/plan/plan.h"

namespace aloft {

/// Should text be coloured: --color, NO_COLOR (any value but an empty one), and is stdout a
/// terminal?
bool use_color(const CommandOptions& options);

/// The plan to stdout in the format that was asked for.
void print_plan(const Plan& plan, const CommandOptions& options);

/// The steps that a run may not take: those with a hazard that is not allowed by name. Contract
/// steps count only where the run goes that far.
std::vector<const Step*> gates(const Plan& plan, const std::set<Hazard>& allowed, bool contract);

}  // namespace aloft
