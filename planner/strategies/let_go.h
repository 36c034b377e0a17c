#pragma once

#include <vector>

#include "planner/step_builder.h"

namespace aloft {

// What is to go in phase contract is not to be in the way of an application that knows it no more:
// in phase expand it stops being required.

/// The column may be left out from now on: DROP NOT NULL, where nothing else gives it a value.
std::vector<Step> stop_requiring_steps(const ObjectId& id, const Column& was,
                                       const PlanContext& ctx);

/// A foreign key of a table that goes to one that stays: rows that it refers to may be deleted from
/// now on. Not one that deletes or clears its own rows along.
bool stops_referring(const ObjectId& id, const Constraint& key, const Snapshot& desired);

}  // namespace aloft
