#pragma once

#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// CREATE TYPE ... AS ENUM under the id's name, with owner, grants and comment.
std::vector<Sql> create_enum_sql(const ObjectId& id, const Enum& wanted, const PlanContext& ctx);

}  // namespace aloft
