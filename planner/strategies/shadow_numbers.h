#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

// The numbers that a column gives its rows go over to the column that takes its name, under one
// lock: a serial's sequence changes its owner; an identity's goes with the identity, so that where
// it stands is kept, in a setting of the transaction, for the one that is made for the heir.

/// Before the two columns change names. `had`: the column as it is; `heir`: what the other one is
/// called.
std::vector<Sql> let_go_of_numbers(const ObjectId& column, const Column& had,
                                   const std::string& heir, const PlanContext& ctx);

/// After it. `gets`: what the column of that name is to be.
std::vector<Sql> take_over_numbers(const ObjectId& column, const Column& gets);

}  // namespace aloft
