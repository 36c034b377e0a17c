// Taking a run back, after every step of it and killed at every statement of the way back.

#include "engine/plan/rollback.h"

#include <gtest/gtest.h>

#include "engine/execute/journal.h"
#include "engine/execute/undo_scope.h"
#include "engine/plan/plan_json.h"
#include "tests/execute/filled_table.h"
#include "tests/support/faulty_session.h"

namespace aloft::test {
namespace {

Step with_undo(Step step, std::vector<std::string> undo) {
  step.undo = std::move(undo);
  return step;
}

Step needs_no_undo(Step step) {
  step.undone_by_others = true;
  return step;
}

constexpr const char* kOld =
    "CREATE TABLE t (id int PRIMARY KEY, v int, pad text);"
    "INSERT INTO t SELECT i, i, repeat('x', 350) FROM generate_series(1, 60) i;"
    "CREATE INDEX old_i ON t (v)";

/// A step of each sort.
Plan long_way() {
  return plan_of(
      {with_undo(in_transaction({"ALTER TABLE public.t ADD COLUMN big bigint",
                                 "CREATE TABLE public.more (id int)"}),
                 {"DROP TABLE public.more", "ALTER TABLE public.t DROP COLUMN big"}),
       needs_no_undo(fill_big()),
       with_undo(alone("CREATE INDEX CONCURRENTLY new_i ON public.t (big)",
                       StepCheck::What::IndexValid, "new_i"),
                 {"DROP INDEX CONCURRENTLY public.new_i"}),
       with_undo(alone("DROP INDEX CONCURRENTLY public.old_i", StepCheck::What::IndexGone, "old_i"),
                 {"CREATE INDEX CONCURRENTLY old_i ON public.t (v)"}),
       with_undo(in_transaction({"ALTER TABLE public.t ALTER COLUMN v SET NOT NULL"}),
                 {"ALTER TABLE public.t ALTER COLUMN v DROP NOT NULL"})});
}

/// What there is of the schema, on one line.
std::string schema_of(const TestDatabase& db) {
  return db.run(
      "SELECT concat_ws(' ', (SELECT string_agg(attname || attnotnull, ',' ORDER BY attnum) FROM"
      " pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped),"
      " (SELECT string_agg(indexrelid::regclass || ':' || indisvalid, ',' ORDER BY"
      " indexrelid::regclass::text) FROM pg_index WHERE indrelid = 't'::regclass),"
      " to_regclass('more'), (SELECT count(*) FROM t))");
}

void begin_again(const TestDatabase& db) {
  start_over(db, std::string("DROP TABLE IF EXISTS more;") + kOld);
}

/// What `aloft rollback` does.
Outcome take_back(Session& session, Runner& runner) {
  std::string holder;
  while (!take_run_lock(session, holder)) continue;
  const auto open = read_open_run(session);
  if (!open) return Applied{};
  const Plan plan = plan_from_json(open->plan);
  runner.options.undoes = open->undoes.empty() ? open->id : open->undoes;
  if (!open->undoes.empty()) return runner.run(plan, session);
  const auto back = rollback_plan(plan, steps_to_take_back(session, plan, *open));
  if (const auto* way = std::get_if<Plan>(&back)) return runner.run(*way, session);
  return Failed{"", "", "no way back"};
}

TEST(RollbackPlan, TakesStepsBackInReverse) {
  const auto made = rollback_plan(long_way(), {"1", "2", "3", "4", "5"});
  const Plan& plan = std::get<Plan>(made);
  ASSERT_EQ(plan.steps.size(), 4u);
  EXPECT_EQ(plan.steps[0].sql[0], "ALTER TABLE public.t ALTER COLUMN v DROP NOT NULL");
  EXPECT_EQ(plan.steps[1].check, (StepCheck{StepCheck::What::IndexValid, "public", "old_i", ""}));
  EXPECT_FALSE(plan.steps[1].transactional);
  EXPECT_EQ(plan.steps[2].check, (StepCheck{StepCheck::What::IndexGone, "public", "new_i", ""}));
  EXPECT_EQ(plan.steps[3].sql.size(), 2u);
  EXPECT_TRUE(plan.steps[3].transactional);
  EXPECT_EQ(plan.steps[3].id, "4");
}

TEST(RollbackPlan, LocksAsMuchAsEachStatementTakes) {
  Step swap = with_undo(in_transaction({"ALTER TABLE public.t RENAME COLUMN v TO w"}),
                        {"DO 'BEGIN IF EXISTS (SELECT FROM public.t WHERE v IS NULL) THEN RAISE "
                         "EXCEPTION; END IF; END'",
                         "LOCK TABLE public.t IN SHARE ROW EXCLUSIVE MODE",
                         "ALTER TABLE public.t ADD CONSTRAINT c CHECK (v > 0) NOT VALID",
                         "ALTER TABLE public.t VALIDATE CONSTRAINT c",
                         "CREATE INDEX CONCURRENTLY old_i ON public.t (v)",
                         "LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE",
                         "ALTER TABLE public.t RENAME COLUMN w TO v"});
  swap.locks = {{"public.t", LockLevel::AccessExclusive}};
  const auto made = rollback_plan(plan_of({swap}), {"1"});
  std::vector<LockLevel> levels;
  for (const Step& step : std::get<Plan>(made).steps) levels.push_back(step.locks.at(0).level);
  EXPECT_EQ(levels, (std::vector{LockLevel::AccessShare, LockLevel::ShareRowExclusive,
                                 LockLevel::ShareUpdateExclusive, LockLevel::ShareUpdateExclusive,
                                 LockLevel::AccessExclusive}));
}

TEST(RollbackPlan, LeavesOutWhatWasNotDone) {
  const auto made = rollback_plan(long_way(), {"1"});
  EXPECT_EQ(std::get<Plan>(made).steps.size(), 1u);
}

TEST(RollbackPlan, IsRefusedForAStepWithNoWayBack) {
  Plan plan = long_way();
  plan.steps[4].undo.clear();
  plan.steps[4].why = "v is not null";
  const auto made = rollback_plan(plan, {"1", "5"});
  EXPECT_EQ(std::get<CannotTakeBack>(made).steps,
            (std::vector<std::string>{"step 5: v is not null"}));
  EXPECT_TRUE(std::holds_alternative<Plan>(rollback_plan(plan, {"1"})));
}

TEST(RollbackPlan, RunsWhatRefusesATransactionByItself) {
  const Plan plan = plan_of({with_undo(in_transaction({"x"}),
                                       {"A", "DROP INDEX CONCURRENTLY \"S\".\"my \"\"i\"", "B", "C",
                                        "ALTER TABLE s.p DETACH PARTITION s.p1 CONCURRENTLY"})});
  const auto made = rollback_plan(plan, {"1"});
  const auto& steps = std::get<Plan>(made).steps;
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[1].check, (StepCheck{StepCheck::What::IndexGone, "S", "my \"i", ""}));
  EXPECT_EQ(steps[2].sql, (std::vector<std::string>{"B", "C"}));
  EXPECT_EQ(steps[3].check, (StepCheck{StepCheck::What::PartitionDetached, "s", "p1", ""}));
}

/// Stops the run before its step number `steps` and takes it back.
void expect_back_after(const TestDatabase& db, int steps) {
  begin_again(db);
  const std::string before = schema_of(db);
  SmallBatches runner;
  Plan plan = long_way();
  for (std::size_t i = static_cast<std::size_t>(steps); i < plan.steps.size(); ++i)
    plan.steps[i].phase = Phase::Contract;
  plan.id = plan_hash(plan);
  runner.run(plan, *db.connect());
  const Outcome outcome = take_back(*db.connect(), runner);
  EXPECT_TRUE(std::holds_alternative<Applied>(outcome)) << describe(outcome);
  EXPECT_EQ(schema_of(db), before);
  EXPECT_EQ(db.run("SELECT string_agg(state, ' ' ORDER BY id) FROM aloft.run"),
            "rolled_back done\n");
  EXPECT_FALSE(read_open_run(*db.connect()));
}

TEST(Rollback, ReachesTheStateBeforeFromEveryStep) {
  const TestDatabase db;
  for (int steps = 0; steps < 5; ++steps) {
    SCOPED_TRACE(steps);
    expect_back_after(db, steps);
  }
}

/// Calls `hit` for each statement of a run, before and after its effect, until it says that there
/// is no such statement; there are more than `at_least`.
void for_each_statement(int at_least, const std::function<bool(int, Fault)>& hit) {
  for (const Fault fault : {Fault::BeforeItTookEffect, Fault::AfterItTookEffect}) {
    int at = 0;
    for (;; ++at) {
      SCOPED_TRACE(testing::Message() << "lost at statement " << at);
      if (!hit(at, fault)) break;
      if (testing::Test::HasFailure()) return;
    }
    EXPECT_GT(at, at_least);
  }
}

/// Cuts the run off at statement `at`, and then takes it back. False when it has no such statement.
bool back_from(const TestDatabase& db, int at, Fault fault) {
  begin_again(db);
  const std::string before = schema_of(db);
  SmallBatches runner;
  Plan plan = long_way();
  plan.steps.back().phase = Phase::Contract;
  plan.id = plan_hash(plan);
  FaultySession flaky(db.connect(), at, fault);
  try {
    runner.run(plan, flaky);
  } catch (const DbError&) {
  }
  if (!flaky.lost()) return false;
  const Outcome outcome = take_back(*db.connect(), runner);
  EXPECT_TRUE(std::holds_alternative<Applied>(outcome)) << describe(outcome);
  EXPECT_EQ(schema_of(db), before);
  return true;
}

TEST(Rollback, ReachesTheStateBeforeWhereverTheRunWasCutOff) {
  const TestDatabase db;
  for_each_statement(30, [&](int at, Fault fault) { return back_from(db, at, fault); });
}

/// The same for the way back itself, which is cut off and gone on with.
bool back_in_two_goes(const TestDatabase& db, int at, Fault fault) {
  begin_again(db);
  const std::string before = schema_of(db);
  SmallBatches runner;
  Plan plan = long_way();
  plan.steps.back().phase = Phase::Contract;
  plan.id = plan_hash(plan);
  runner.run(plan, *db.connect());
  FaultySession flaky(db.connect(), at, fault);
  try {
    take_back(flaky, runner);
  } catch (const DbError&) {
  }
  if (!flaky.lost()) return false;
  const Outcome outcome = take_back(*db.connect(), runner);
  EXPECT_TRUE(std::holds_alternative<Applied>(outcome)) << describe(outcome);
  EXPECT_EQ(schema_of(db), before);
  EXPECT_EQ(db.run("SELECT string_agg(state, ' ' ORDER BY id) FROM aloft.run"),
            "rolled_back done\n");
  return true;
}

TEST(Rollback, EndsInTheSamePlaceWhereverItWasCutOff) {
  const TestDatabase db;
  for_each_statement(30, [&](int at, Fault fault) { return back_in_two_goes(db, at, fault); });
}

TEST(Rollback, TakesBatchesThatAreCommittedForDone) {
  const TestDatabase db;
  begin_again(db);
  SmallBatches runner;
  runner.observer.on_progress = [&] { runner.stop = true; };
  runner.clock.each_look = 600;
  Plan plan = long_way();
  plan.steps[1].undone_by_others = false;
  plan.id = plan_hash(plan);
  ASSERT_EQ(describe(runner.run(plan, *db.connect())), "stopped 2");
  const auto session = db.connect();
  const auto open = read_open_run(*session);
  ASSERT_TRUE(open);
  EXPECT_EQ(open->begun, std::vector<std::string>{"2"});
  const auto back = rollback_plan(plan, steps_to_take_back(*session, plan, *open));
  EXPECT_TRUE(std::holds_alternative<CannotTakeBack>(back));
}

}  // namespace
}  // namespace aloft::test
