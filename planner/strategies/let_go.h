#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

// What is to go in phase contract is not to be in the way of an application that knows it no more:
// in phase expand it stops being required.

/// The column may be left out from now on: DROP NOT NULL, where nothing else gives it a value.
std::vector<Step> stop_requiring_steps(const ObjectId& id, const Column& was,
                                       const PlanContext& ctx);

struct LetGo {
  std::vector<Sql> now{}, back{};
};
/// The same of the columns of a primary key that goes: as long as it is there they cannot be NULL.
/// `back` comes before it is made again.
LetGo let_go_of_key_columns(const ObjectId& id, const Constraint& key, const PlanContext& ctx);

/// A foreign key of a table that goes to one that stays: rows that it refers to may be deleted from
/// now on. Not one that deletes or clears its own rows along.
bool stops_referring(const ObjectId& id, const Constraint& key, const Snapshot& desired);

/// Is one of the table's `columns` to go? Not of a partition, where others wait for it. Then what
/// stands on them, if nobody is hindered by it, serves the applications of before until contract.
bool over_going_column(const ObjectId& table, const std::vector<std::string>& columns,
                       const PlanContext& ctx);

/// A UNIQUE over a column that goes which hinders no application that knows it no more: left out
/// the column is NULL, which is no duplicate; or it follows a new one that has such a key.
bool serves_until_contract(const ObjectId& id, const Constraint& key, const PlanContext& ctx);

/// Of the steps that build an index beside the one that serves and put it in that one's place: the
/// latter wait for the end of the soak. `built`: the new one, by its name of until then.
void take_place_after_soak(std::vector<Step>& steps, const ObjectId& built);

/// Where no key of just these columns is left on the table: hazard `app_breaking`, as ON CONFLICT
/// names them.
void tell_of_lost_key(Step& step, const ObjectId& id, const Constraint& was,
                      const PlanContext& ctx);
/// The same of an index that is replaced by one with another definition.
void tell_of_lost_key(Step& step, const ObjectId& id, const Index& was, const PlanContext& ctx);

}  // namespace aloft
