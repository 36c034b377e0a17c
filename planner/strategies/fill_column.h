#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// NOT NULL for a column that is there, with the files' `backfill` expression for rows without a
/// value: a trigger fills what old applications leave out until contract, the rows that are there
/// are filled in batches, and a validated check proves it.
std::vector<Step> fill_not_null_steps(const ObjectId& id, const Column& column,
                                      const PlanContext& ctx);

/// A new column whose values have to be written into every row (a volatile default, a serial, a
/// `backfill` expression), without doing that under a lock: the column comes without values, new
/// rows get theirs at once, those that are there in batches.
std::vector<Step> fill_new_column_steps(const ObjectId& id, const Column& column,
                                        const PlanContext& ctx);
/// Is that the way for it?
bool fills_new_column(const ObjectId& id, const Column& column, const PlanContext& ctx);

/// The expression by which the files give a column's rows their value: `using` or `backfill`.
const std::string& value_said(const Column& column);
/// Why the rows of a new column cannot be given such a value beside the running application; empty
/// where they can.
std::string fill_obstacle(const ObjectId& id, const Column& column, const PlanContext& ctx);

}  // namespace aloft
