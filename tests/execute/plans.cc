#include "tests/execute/plans.h"

#include "engine/plan/plan_json.h"

namespace aloft::test {

Step in_transaction(std::vector<std::string> sql, Phase phase) {
  Step step;
  step.phase = phase;
  step.object = {.kind = Kind::Table, .schema = "public", .name = "t"};
  step.sql = std::move(sql);
  return step;
}

Step alone(std::string sql, StepCheck::What what, std::string name, std::string detail) {
  Step step = in_transaction({std::move(sql)});
  step.transactional = false;
  step.check = {what, "public", std::move(name), std::move(detail)};
  step.statement_timeout_ms = 0;
  return step;
}

Step in_batches(std::string update, std::string table) {
  Step step = in_transaction({std::move(update)}, Phase::Backfill);
  step.batch = std::move(table);
  return step;
}

Plan plan_of(std::vector<Step> steps) {
  Plan plan;
  plan.tool_version = "test";
  plan.search_path = "public";
  plan.steps = std::move(steps);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) plan.steps[i].id = std::to_string(i + 1);
  plan.id = plan_hash(plan);
  return plan;
}

Outcome Runner::run(const Plan& plan, Session& session) {
  return run_plan(plan, options, session, monitor, clock, observer, stop);
}

std::string describe(const Outcome& outcome) {
  if (const auto* applied = std::get_if<Applied>(&outcome))
    return "applied " + std::to_string(applied->steps) +
           (applied->contract_waits ? ", contract waits" : "");
  if (const auto* stopped = std::get_if<Stopped>(&outcome)) return "stopped " + stopped->step;
  if (const auto* busy = std::get_if<LockBusy>(&outcome)) return "lock busy " + busy->step;
  if (const auto* failed = std::get_if<Failed>(&outcome))
    return "failed " + failed->step + " " + failed->sqlstate;
  if (const auto* cut = std::get_if<CutOff>(&outcome)) return "cut off: " + cut->why;
  return "busy";
}

}  // namespace aloft::test
