// What a run tells as metrics: the figures that are kept of it, and their text.

#include "cli/run_metrics.h"

#include <gtest/gtest.h>

#include "cli/exposition.h"
#include "cli/figure_words.h"
#include "tests/cli/exposition_lines.h"
#include "tests/support/recording_observer.h"

namespace aloft::test {
namespace {

Plan three_steps() {
  Plan plan;
  plan.id = "abc";
  plan.steps.resize(3);
  for (std::size_t i = 0; i < 3; ++i) plan.steps[i].id = std::to_string(i + 1);
  plan.steps[1].phase = Phase::Backfill;
  plan.steps[2].phase = Phase::Backfill;
  plan.steps[2].object = {.kind = Kind::Index, .schema = "public", .name = "t_v"};
  plan.steps[2].check = {.what = StepCheck::What::IndexValid};
  return plan;
}

using Series = std::map<std::string, double>;

class RunMetrics : public ::testing::Test {
 protected:
  Series series() { return read_exposition(exposition_text(run_metrics(keeper_.figures()))); }

  const Plan plan_ = three_steps();
  RecordingObserver next_;
  RunFigureKeeper keeper_{plan_, false, next_};
};

TEST_F(RunMetrics, LeaveOutWhatIsNotKnown) {
  EXPECT_EQ(series(), (Series{{"aloft_run_info{phase=\"expand\",plan_id=\"abc\",run=\"\"}", 1},
                              {"aloft_run_under_way", 1},
                              {"aloft_run_steps", 3},
                              {"aloft_run_steps_done", 0},
                              {"aloft_run_index_builds", 1},
                              {"aloft_run_index_builds_done", 0}}));
}

TEST_F(RunMetrics, TellHowFarABackfillIs) {
  keeper_.measured(BackfillProgress{.step = "2", .table = "public.t", .rows = 7, .blocks = 40});
  const std::string labels = "{step=\"2\",table=\"public.t\"}";
  Series now = series();
  EXPECT_EQ(now.at("aloft_backfill_filled_rows_total" + labels), 7);
  EXPECT_EQ(now.at("aloft_backfill_blocks" + labels), 40);
  EXPECT_EQ(now.count("aloft_backfill_left_seconds" + labels), 0u);
  EXPECT_EQ(now.count("aloft_backfill_filled_rows_per_second" + labels), 0u);
  keeper_.measured(BackfillProgress{.step = "2",
                                    .table = "public.t",
                                    .rows = 2'000'000'001,
                                    .blocks = 40,
                                    .blocks_done = 10,
                                    .rows_per_second = 900,
                                    .left_ms = 1500});
  now = series();
  EXPECT_EQ(now.at("aloft_backfill_filled_rows_total" + labels), 2'000'000'001);
  EXPECT_EQ(now.at("aloft_backfill_blocks_done" + labels), 10);
  EXPECT_EQ(now.at("aloft_backfill_filled_rows_per_second" + labels), 900);
  EXPECT_EQ(now.at("aloft_backfill_left_seconds" + labels), 1.5);
}

TEST_F(RunMetrics, EscapeWhatTheFormatNeedsEscaped) {
  keeper_.measured(BackfillProgress{.step = "2", .table = "\"a\\b\n\""});
  EXPECT_EQ(series().count(R"(aloft_backfill_blocks{step="2",table="\"a\\b\n\""})"), 1u);
}

TEST_F(RunMetrics, AddUpStallsFromWhereTheJournalWas) {
  keeper_.measured(RunOpened{
      .run = "5",
      .stalls = {.tries = 3, .gave_up = 1, .total_ms = 900, .longest_ms = 400, .longest_step = "1"},
      .last_success = 1'700'000'000.5});
  keeper_.measured(LockTry{.step = "2", .had = false, .stall_ms = 300});
  keeper_.measured(LockTry{.step = "2", .had = true, .stall_ms = 500});
  const Series now = series();
  EXPECT_EQ(now.at("aloft_lock_tries_total"), 5);
  EXPECT_EQ(now.at("aloft_lock_tries_given_up_total"), 2);
  EXPECT_EQ(now.at("aloft_lock_stall_seconds_total"), 1.7);
  EXPECT_EQ(now.at("aloft_lock_stall_longest_seconds"), 0.5);
  EXPECT_EQ(now.at("aloft_last_success_timestamp_seconds"), 1'700'000'000.5);
  EXPECT_EQ(closing_line(keeper_.figures()),
            "Locks: 5 tries, 2 of them gave up; writes may have waited for 1.7 s, 500 ms at the "
            "longest (step 2). Indexes: 0 of 1 built.");
}

TEST_F(RunMetrics, TellWaitsForTheBudgetOfStalls) {
  keeper_.measured(RunOpened{.run = "5"});
  keeper_.measured(BudgetWait{.now = true});
  EXPECT_EQ(series().at("aloft_stall_budget_waiting"), 1);
  keeper_.measured(BudgetWait{.now = true, .ms = 1500});
  keeper_.measured(BudgetWait{});
  const Series now = series();
  EXPECT_EQ(now.at("aloft_stall_budget_waiting"), 0);
  EXPECT_EQ(now.at("aloft_stall_budget_wait_seconds_total"), 1.5);
}

TEST_F(RunMetrics, TellPausesByReason) {
  keeper_.measured(Paused{.kind = PauseKind::Query, .now = true});
  keeper_.measured(Paused{.kind = PauseKind::Query, .now = true, .ms = 1200});
  EXPECT_EQ(series().at("aloft_backfill_paused{reason=\"throttle_query\"}"), 1);
  keeper_.measured(Paused{.kind = PauseKind::Query, .ms = 300});
  keeper_.measured(Paused{.kind = PauseKind::ReplicaLag, .now = true});
  const Series now = series();
  EXPECT_EQ(now.at("aloft_backfill_paused{reason=\"throttle_query\"}"), 0);
  EXPECT_EQ(now.at("aloft_backfill_pause_seconds_total{reason=\"throttle_query\"}"), 1.5);
  EXPECT_EQ(now.at("aloft_backfill_paused{reason=\"replica_lag\"}"), 1);
}

TEST_F(RunMetrics, TellTheGreaterLagOfReplicasOfOneNameAndForgetThoseThatAreGone) {
  keeper_.measured(ReplicaLags{{{"near", 10, 0.5}, {"twin", 5, std::nullopt}, {"twin", 9, 2}}});
  Series now = series();
  EXPECT_EQ(now.at("aloft_replica_lag_bytes{replica=\"twin\"}"), 9);
  EXPECT_EQ(now.at("aloft_replica_lag_seconds{replica=\"twin\"}"), 2);
  EXPECT_EQ(now.at("aloft_replica_lag_seconds{replica=\"near\"}"), 0.5);
  keeper_.measured(ReplicaLags{{{"near", 10, std::nullopt}}});
  now = series();
  EXPECT_EQ(now.count("aloft_replica_lag_bytes{replica=\"twin\"}"), 0u);
  EXPECT_EQ(now.count("aloft_replica_lag_seconds{replica=\"near\"}"), 0u);
}

TEST_F(RunMetrics, TellAnIndexBuildWhileItLasts) {
  keeper_.step_started(plan_.steps[2]);
  keeper_.measured(IndexProgress{"3", {"building index: scanning table", 200, 50}});
  const std::string labels = "{object=\"index public.t_v\",step=\"3\"}";
  EXPECT_EQ(series().at("aloft_index_build_blocks" + labels), 200);
  EXPECT_EQ(series().at("aloft_index_build_blocks_done" + labels), 50);
  EXPECT_EQ(closing_line(keeper_.figures()),
            "Indexes: 0 of 1 built; building index: scanning table, 50 of 200 blocks.");
  keeper_.step_finished(plan_.steps[2], 10);
  EXPECT_EQ(series().count("aloft_index_build_blocks" + labels), 0u);
  EXPECT_EQ(series().at("aloft_run_index_builds_done"), 1);
}

TEST_F(RunMetrics, TellHowTheRunEnded) {
  keeper_.step_skipped(plan_.steps[0], "done");
  keeper_.step_started(plan_.steps[1]);
  keeper_.step_finished(plan_.steps[1], 10);
  keeper_.step_skipped(plan_.steps[1], "done by an earlier run");  // its server was lost
  keeper_.ended(Failed{"3", "", "why"}, 5);
  EXPECT_EQ(series().at("aloft_run_steps_done"), 2);
  EXPECT_EQ(series().at("aloft_run_under_way"), 0);
  EXPECT_EQ(series().at("aloft_run_result{result=\"failed\"}"), 1);
  EXPECT_EQ(series().count("aloft_last_success_timestamp_seconds"), 0u);
  keeper_.ended(Applied{.contract_waits = true}, 5);
  EXPECT_EQ(series().at("aloft_run_result{result=\"contract_waits\"}"), 1);
  EXPECT_EQ(series().at("aloft_last_success_timestamp_seconds"), 5);
}

TEST_F(RunMetrics, PassOnWhatTheyHear) {
  keeper_.step_started(plan_.steps[0]);
  keeper_.lock_busy(plan_.steps[0], 1, "pid 7", 10);
  keeper_.progress(plan_.steps[0], "half");
  keeper_.note("a note");
  keeper_.step_finished(plan_.steps[0], 10);
  keeper_.measured(LockTry{.step = "1", .had = true});
  EXPECT_EQ(next_.lines(),
            (std::vector<std::string>{"start 1", "busy 1.1: pid 7", "progress 1: half",
                                      "note a note", "finish 1"}));
  EXPECT_EQ(next_.measured<LockTry>().size(), 1u);
}

}  // namespace
}  // namespace aloft::test
