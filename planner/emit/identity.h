#pragma once

#include "engine/base/sql.h"
#include "planner/action.h"

namespace aloft {

/// Adds the step in which a column gets, changes or loses its identity. Numbers go on: where those
/// of a serial were, and of a column that an index leads to behind the values of its rows.
void identity_steps(std::vector<Step>& steps, const Action& action, const Column& from,
                    const Column& to, const PlanContext& ctx);

/// The statements by which a column whose default draws from `serial` gets its identity in the
/// default's place, and numbers that go on where those of `serial` are.
std::vector<Sql> identity_after_serial_sql(const ObjectId& id, const Column& to,
                                           const ObjectId& serial, const PlanContext& ctx);

}  // namespace aloft
