#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/plan/plan.h"

namespace aloft {

/// A step that is done and cannot be taken back.
struct CannotTakeBack {
  std::vector<std::string> steps{};  ///< "step 4: why", each
};

/// The plan that takes the `done` steps of a plan back, the last one first: a step for each
/// transaction of each `undo` (see Step::undo). `done` holds step ids; of a
/// step that was begun and left something behind as well. Not a plan where one of them has no way
/// back.
std::variant<Plan, CannotTakeBack> rollback_plan(const Plan& plan,
                                                 const std::vector<std::string>& done);

}  // namespace aloft
