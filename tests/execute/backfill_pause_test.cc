// What reaches a backfill from outside while it runs: pauses, and another runner.

#include <gtest/gtest.h>

#include "tests/execute/filled_table.h"

namespace aloft::test {
namespace {

TEST(BackfillPause, WaitsWhileSomebodyPausesTheRun) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.options.backfill.share = 0;  // what the test asks counts as an application at work
  std::string filled;
  runner.observer.on_progress = [&] {
    if (filled.empty()) db.run("UPDATE aloft.run SET paused_by = 'eve'");
  };
  runner.clock.on_sleep = [&] {
    const std::string now = db.run("SELECT count(*) FROM t WHERE big = id");
    EXPECT_TRUE(filled.empty() || filled == now);
    filled = now;
    EXPECT_EQ(db.run("SELECT throttled_by FROM aloft.run"), "paused by eve\n");
    if (runner.clock.sleeps.size() == 3) db.run("UPDATE aloft.run SET paused_by = NULL");
  };
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_EQ(runner.clock.sleeps.size(), 3u);
  EXPECT_NE(filled, "1000\n");
  EXPECT_EQ(
      runner.observer.lines("note backfill"),
      (std::vector<std::string>{"note backfill pauses: paused by eve", "note backfill goes on"}));
  EXPECT_EQ(db.run("SELECT throttled_by IS NULL, state FROM aloft.run"), "t|done\n");
  std::int64_t paused_ms = 0;
  const auto pauses = runner.observer.measured<Paused>();
  for (const Paused& pause : pauses) {
    EXPECT_EQ(pause.kind, PauseKind::Asked);
    paused_ms += pause.ms;
  }
  EXPECT_GE(paused_ms, 3000);
  ASSERT_FALSE(pauses.empty());
  EXPECT_FALSE(pauses.back().now);
}

TEST(BackfillPause, EndsAtOnceWhenToldToStop) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.options.backfill.limits.query = "SELECT true";
  runner.clock.on_sleep = [&] { runner.stop = true; };
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "stopped 2");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "0\n");
}

TEST(BackfillPause, TakesTheSizeOfBatchesFromOutside) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.observer.on_progress = [&] { db.run("UPDATE aloft.run SET batch_ms = 25"); };
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  // 100 ms for two blocks: a quarter of that is less than a block.
  EXPECT_EQ(db.run("SELECT batches > (end_block - first_block) / 2 + 5 FROM aloft.backfill"),
            "t\n");
}

TEST(StaleRunner, IsStoppedAtItsNextBatchAndLosesIt) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.clock.each_look = 100;
  bool once = false;
  runner.observer.on_progress = [&] {
    if (!once) db.run("UPDATE aloft.run SET epoch = epoch + 1");
    once = true;
  };
  const Outcome outcome = runner.run(filling(), *db.connect());
  ASSERT_EQ(describe(outcome), "failed 2 ");
  EXPECT_NE(std::get<Failed>(outcome).message.find("another aloft has taken this run up"),
            std::string::npos);
  EXPECT_EQ(db.run("SELECT count(*) = (SELECT rows FROM aloft.backfill) FROM t WHERE big = id"),
            "t\n");
  EXPECT_EQ(db.run("SELECT state FROM aloft.run"), "running\n");
}

TEST(StaleRunner, IsStoppedAtItsNextStepAndLosesIt) {
  const TestDatabase db;
  db.run("CREATE TABLE one ()");
  const auto session = db.connect();
  Runner runner;
  const Plan plan = plan_of(
      {in_transaction({"CREATE TABLE two ()"}),
       in_transaction({"CREATE TABLE three ()", "UPDATE aloft.run SET epoch = epoch + 1"})});
  EXPECT_EQ(describe(runner.run(plan, *session)), "failed 2 ");
  EXPECT_EQ(db.run("SELECT to_regclass('two') IS NULL, to_regclass('three') IS NULL"), "f|t\n");
}

}  // namespace
}  // namespace aloft::test
