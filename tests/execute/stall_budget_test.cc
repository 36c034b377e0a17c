// The budget of stalls a minute: the window's arithmetic, and runs on a server whose clock is the
// test's.

#include "engine/execute/stall_budget.h"

#include <gtest/gtest.h>

#include "tests/execute/plans.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

struct WindowCase {
  const char* name;
  std::vector<Stall> stalls;
  std::int64_t now_ms, budget_ms;
  std::int64_t wait_ms;  ///< what is expected
};

const WindowCase kWindowCases[] = {
    {"Empty", {}, 5'000, 1'000, 0},
    {"BelowTheBudget", {{4'000, 999}}, 5'000, 1'000, 0},
    {"JustUsedUp", {{4'000, 1'000}}, 5'000, 1'000, 59'000},
    {"NoBudget", {{4'000, 1'000'000}}, 5'000, 0, 0},
    {"TheOldestAloneHasToGo", {{1'000, 600}, {2'000, 600}}, 3'000, 1'000, 58'000},
    {"OneIsNotEnough", {{1'000, 100}, {2'000, 600}, {3'000, 600}}, 3'000, 700, 59'000},
    {"AllHaveToGo", {{1'000, 600}, {2'000, 600}}, 3'000, 1, 59'000},
    {"LongerThanTheBudgetAndThanTheMinute", {{90'000, 90'000}}, 90'000, 1'000, 60'000},
    {"LeavesAMinuteAfterItsEnd", {{1'000, 5'000}}, 61'000, 1'000, 0},
    {"IsThereUntilThen", {{1'000, 5'000}}, 60'999, 1'000, 1},
    {"WhatIsOldDoesNotCount", {{1'000, 5'000}, {70'000, 100}}, 70'000, 1'000, 0},
    {"NotInTheOrderOfTheirEnds", {{2'000, 600}, {1'000, 600}}, 3'000, 1'000, 58'000},
    {"BeforeTheClockBegan", {{-10'000, 2'000}}, 0, 1'000, 50'000},
};

class StallWindowTest : public ::testing::TestWithParam<WindowCase> {};

TEST_P(StallWindowTest, WaitsUntilTheSumIsBelowTheBudget) {
  const WindowCase& c = GetParam();
  StallWindow window;
  for (const Stall& stall : c.stalls) window.add(stall);
  EXPECT_EQ(window.wait_ms(c.now_ms, c.budget_ms), c.wait_ms);
  EXPECT_EQ(window.wait_ms(c.now_ms + c.wait_ms, c.budget_ms), 0);
  window.forget_before(c.now_ms);
  EXPECT_EQ(window.wait_ms(c.now_ms, c.budget_ms), c.wait_ms);
}

INSTANTIATE_TEST_SUITE_P(Cases, StallWindowTest, ::testing::ValuesIn(kWindowCases),
                         [](const auto& param) { return std::string(param.param.name); });

Step alter_table(const std::string& column) {
  Step step = in_transaction({"ALTER TABLE public.t ADD COLUMN " + column + " text"});
  step.locks = {{"public.t", LockLevel::AccessExclusive}};
  return step;
}

/// A runner whose clock says that each try took 100 ms.
struct SlowRunner : Runner {
  SlowRunner() {
    clock.each_look = 100;
    options.first_backoff_ms = options.longest_backoff_ms = 1;
  }
  std::vector<std::int64_t> long_sleeps() const {
    std::vector<std::int64_t> found;
    for (const std::int64_t ms : clock.sleeps)
      if (ms > 1'000) found.push_back(ms);
    return found;
  }
};

TEST(StallBudget, IsWaitedForBeforeTheNextLockThatBlocksWrites) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  Step harmless = in_transaction({"COMMENT ON TABLE public.t IS 'x'"});
  harmless.locks = {{"public.t", LockLevel::ShareUpdateExclusive}};
  SlowRunner runner;
  runner.options.stall_budget_ms = 200;
  std::string meanwhile;
  runner.clock.on_sleep = [&] {
    meanwhile = db.run(
        "SELECT throttled_by, (SELECT string_agg(step, ',' ORDER BY step) FROM aloft.step), (SELECT"
        " sum(ms) FROM aloft.recent_stall) FROM aloft.run");
  };
  const Plan plan = plan_of({alter_table("a"), alter_table("b"), harmless, alter_table("c")});
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "applied 4");
  ASSERT_EQ(runner.long_sleeps().size(), 1u);
  EXPECT_LT(runner.long_sleeps()[0], 60'000);
  EXPECT_TRUE(meanwhile.ends_with(
      " for its lock: writes may have waited 200 ms for this run within the last minute, and the"
      " budget is 200 ms|1,2,3|200\n"))
      << meanwhile;
  const auto notes = runner.observer.lines("note step 4 waits");
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0] + "|1,2,3|200\n", "note " + meanwhile);
  EXPECT_EQ(db.run("SELECT throttled_by IS NULL FROM aloft.run"), "t\n");
  const auto waits = runner.observer.measured<BudgetWait>();
  ASSERT_EQ(waits.size(), 3u);
  EXPECT_TRUE(waits.front().now);
  EXPECT_GE(waits[1].ms, runner.long_sleeps()[0]);
  EXPECT_FALSE(waits.back().now);
}

TEST(StallBudget, CountsTriesThatGaveUp) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  auto reader = db.connect();
  reader->execute("BEGIN");
  reader->query("SELECT * FROM public.t");
  SlowRunner runner;
  runner.options.stall_budget_ms = 150;
  runner.clock.on_sleep = [&] {
    if (!runner.long_sleeps().empty()) reader.reset();
  };
  EXPECT_EQ(describe(runner.run(plan_of({alter_table("a")}), *db.connect())), "applied 1");
  EXPECT_EQ(runner.observer.lines("busy 1").size(), 2u);
  EXPECT_EQ(runner.long_sleeps().size(), 1u);
}

TEST(StallBudget, IsNoneWhereItIsZero) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  SlowRunner runner;
  EXPECT_EQ(describe(runner.run(plan_of({alter_table("a"), alter_table("b")}), *db.connect())),
            "applied 2");
  EXPECT_TRUE(runner.clock.sleeps.empty());
}

TEST(StallBudget, KnowsTheStallsOfTheRunBeforeFromTheJournal) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  Plan plan = plan_of({alter_table("a"), alter_table("b")});
  plan.steps[1].phase = Phase::Contract;
  SlowRunner before;
  ASSERT_EQ(describe(before.run(plan, *db.connect())), "applied 1, contract waits");
  SlowRunner after;
  after.options.contract = true;
  after.options.stall_budget_ms = 100;
  EXPECT_EQ(describe(after.run(plan, *db.connect())), "applied 1");
  ASSERT_EQ(after.long_sleeps().size(), 1u);
  EXPECT_GT(after.long_sleeps()[0], 30'000);

  db.run("UPDATE aloft.recent_stall SET ended = ended - interval '1 minute'");
  SlowRunner later;
  later.options.stall_budget_ms = 100;
  EXPECT_EQ(describe(later.run(plan_of({alter_table("c")}), *db.connect())), "applied 1");
  EXPECT_TRUE(later.long_sleeps().empty());
  EXPECT_EQ(db.run("SELECT count(*) FROM aloft.recent_stall"), "1\n");
}

TEST(StallBudget, IsNotWaitedForByARunThatIsToldToStop) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  SlowRunner runner;
  runner.options.stall_budget_ms = 100;
  runner.clock.on_sleep = [&] { runner.stop = true; };
  const Plan plan = plan_of({alter_table("a"), alter_table("b")});
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "stopped 2");
  EXPECT_EQ(db.run("SELECT throttled_by IS NULL, state FROM aloft.run"), "t|stopped\n");
}

}  // namespace
}  // namespace aloft::test
