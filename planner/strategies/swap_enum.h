#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// An enum type that loses or reorders labels, beside the running application.
struct EnumSwap {
  std::string obstacle{};     ///< why it cannot be done so, for people; then there are no steps
  std::vector<Step> steps{};  ///< none without an obstacle: the plain way is a moment, or asked for
};

/// PostgreSQL can neither take a label away nor move one: a second type is made, the columns of the
/// type go over to it by way of shadow columns (shadow_column.h), and in their cut-over, which is
/// one transaction, the two types change names and views, policies and triggers are made again.
/// Rows that hold a label that goes stop the run before it begins, unless the column says `--
/// aloft: using EXPRESSION`.
EnumSwap swap_enum(const ObjectId& id, const Enum& from, const Enum& to, const PlanContext& ctx);

}  // namespace aloft
