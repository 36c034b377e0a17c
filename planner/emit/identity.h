#pragma once

#include "planner/action.h"

namespace aloft {

/// Adds the step in which a column gets, changes or loses its identity. Numbers go on: where those
/// of a serial were, and of a column that an index leads to behind the values of its rows.
void identity_steps(std::vector<Step>& steps, const Action& action, const Column& from,
                    const Column& to, const PlanContext& ctx);

}  // namespace aloft
