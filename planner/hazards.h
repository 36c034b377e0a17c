#pragma once

#include <cstdint>
#include <string>

#include "planner/action.h"

namespace aloft {

/// Adds `blocking` to a step that is expected to stop reads or writes for longer than a moment.
/// Idempotent.
void judge_hold(Step& step, const PlanContext& context);

/// "3 min", "250 ms": a duration as people say it.
std::string duration_text(std::int64_t ms);

}  // namespace aloft
