#pragma once

#include <string>
#include <vector>

#include "planner/fates.h"
#include "planner/step_builder.h"

namespace aloft {

/// A column that is to get another name, for which no view can stand (planner/strategies/facade.h),
/// but a second column and a trigger that carries over what is written to either.
struct SecondColumn {
  Change rename{};
  std::string instead{};  ///< of what, and why, for people
};

/// Those of the plan's renames for which that can be: of a column that nothing but indexes, unique
/// keys, checks, its own foreign keys and views stands on. The facades are in `ctx`.
std::vector<SecondColumn> find_second_columns(const PlanRequest& request, const Fates& fates,
                                              const PlanContext& ctx);

/// Has the files ask for it: the directives `using` and `reverse` in the place of `renamed from`,
/// for the partitions' columns too. `desired` as it was parsed.
void say_second_column(const Change& rename, Snapshot& desired);

}  // namespace aloft
