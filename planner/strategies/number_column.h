#pragma once

#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// A new identity column without writing every row under a lock: numbered from a sequence of its
/// own, as a serial is, the rows that are there in batches; then the identity goes on from there.
std::vector<Step> number_column_steps(const ObjectId& id, const Column& column,
                                      const PlanContext& ctx);
/// Is that the way for it?
bool numbers_in_batches(const ObjectId& id, const Column& column, const PlanContext& ctx);

}  // namespace aloft
