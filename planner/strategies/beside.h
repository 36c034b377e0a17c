#pragma once

#include <string>

#include "planner/step_builder.h"

namespace aloft {

/// What is built beside an object until it takes that one's place. A run that was cut off may have
/// left it: where it is what the files ask for it is taken up, and else left alone under its name.
struct Beside {
  std::string name{};  ///< "NAME__new", or another that is free
  bool there = false;  ///< left by a run that was cut off
  bool done = false;   ///< left, and validated; of an index, valid
};

/// Of a check or foreign key.
Beside beside(const ObjectId& id, const Constraint& wanted, const PlanContext& ctx);
Beside beside(const ObjectId& id, const Index& wanted, const PlanContext& ctx);
/// The index for the key `wanted` named `key`.
Beside beside_key(const ObjectId& key, const Constraint& wanted, const PlanContext& ctx);

/// Does another action of the plan take up this live object, which the files do not name?
bool is_taken_up(const ObjectId& id, const PlanContext& ctx);

}  // namespace aloft
