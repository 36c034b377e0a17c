#include "cli/row_checks.h"

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/mentions.h"
#include "parser/row_conditions.h"

namespace aloft {
namespace {

/// The statements of the steps that are done; `contract` alone or all.
std::vector<std::string> done_statements(const RunStatus& status, bool contract) {
  std::vector<std::string> statements;
  for (const Step& step : status.plan.steps)
    if (std::ranges::find(status.run.done, step.id) != status.run.done.end() &&
        (!contract || step.phase == Phase::Contract))
      statements.insert(statements.end(), step.sql.begin(), step.sql.end());
  return statements;
}

bool in_scaffold(const Plan& plan, Kind kind, const RowCondition& condition) {
  return std::ranges::find(plan.scaffold, child_id(kind, condition.table, condition.name)) !=
         plan.scaffold.end();
}

/// The old column that a trigger keeps up after the cut-over; it is there for the run alone.
const ObjectId* old_column(const Plan& plan, const RowCondition& trigger) {
  const auto it = std::ranges::find_if(plan.scaffold, [&](const ObjectId& id) {
    return id.kind == Kind::Column && relation_of(id) == trigger.table &&
           mentions_word(trigger.condition, quote_ident(id.name));
  });
  return it == plan.scaffold.end() ? nullptr : &*it;
}

/// The column whose steps make the trigger.
const ObjectId* new_column(const Plan& plan, const RowCondition& trigger) {
  const std::string create = "CREATE TRIGGER " + quote_ident(trigger.name) + " ";
  for (const Step& step : plan.steps)
    for (const std::string& statement : step.sql)
      if (step.object.kind == Kind::Column && statement.starts_with(create)) return &step.object;
  return nullptr;
}

/// What is true of each row after the cut-over. The trigger's condition says that the old column
/// does not mean the same as the new one.
std::string kept_up(Session& session, const RowCondition& trigger, const ObjectId& fresh,
                    const ObjectId& old) {
  const Ident now{fresh.name}, before{old.name};
  const Sql type{type_of_column(session, old)};
  const bool knows_fit = session.server_version() >= 160000;
  const Sql missing =
      knows_fit ? sql("NOT pg_catalog.pg_input_is_valid({}::text, {})", now, Literal{type.text})
                : Sql{"true"};
  return sql("CASE WHEN ({}) IS NOT TRUE THEN true WHEN {} IS NULL THEN {} ELSE {}::text ="
             " ({}::{})::text END",
             Sql{trigger.condition}, before, missing, before, now, type)
      .text;
}

}  // namespace

std::vector<Sample> check_rows(Session& session, const RunStatus& status) {
  std::vector<Sample> samples;
  for (const RowCondition& check : added_checks(done_statements(status, false)))
    if (in_scaffold(status.plan, Kind::Constraint, check))
      samples.push_back(
          sample_rows(session, check.table, check.condition, status.plan.search_path));
  for (const RowCondition& trigger : trigger_conditions(done_statements(status, true))) {
    const ObjectId* old = old_column(status.plan, trigger);
    const ObjectId* fresh = new_column(status.plan, trigger);
    if (old == nullptr || fresh == nullptr || !in_scaffold(status.plan, Kind::Trigger, trigger))
      continue;
    samples.push_back(sample_rows(session, trigger.table, kept_up(session, trigger, *fresh, *old),
                                  status.plan.search_path));
  }
  return samples;
}

}  // namespace aloft
