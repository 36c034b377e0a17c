#include <gtest/gtest.h>

#include "tests/execute/filled_table.h"
#include "tests/support/faulty_session.h"

namespace aloft::test {
namespace {

/// A run with workers in sessions of their own.
struct WithWorkers : SmallBatches {
  explicit WithWorkers(const TestDatabase& db, int workers = 3) {
    options.backfill.workers = workers;
    options.backfill.parallel_blocks = 1;
    monitor = [&db] { return db.connect(); };
  }
};

TEST(BackfillWorkers, ShareTheTable) {
  const TestDatabase db;
  db.run(kTable);
  WithWorkers runner(db);
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "1000\n");
  EXPECT_EQ(
      db.run("SELECT count(*), sum(rows), bool_and(next_block = end_block) FROM aloft.backfill"),
      "12|1000|t\n");
}

TEST(BackfillWorkers, AreReplacedByTheRunsOwnSessionWhereNoneIsToBeHad) {
  const TestDatabase db;
  db.run(kTable);
  WithWorkers runner(db);
  runner.monitor = []() -> std::unique_ptr<Session> {
    throw DbError("53300", "too many connections");
  };
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "1000\n");
  EXPECT_EQ(runner.observer.lines("note fewer sessions").size(), 1u);
}

TEST(BackfillWorkers, LeaveTheirPartToOthersWhenTheirConnectionIsLost) {
  const TestDatabase db;
  for (const Fault fault : {Fault::BeforeItTookEffect, Fault::AfterItTookEffect}) {
    for (int at = 2; at < 12; ++at) {
      SCOPED_TRACE(at);
      start_over(db);
      WithWorkers runner(db, 2);
      runner.monitor = [&] { return std::make_unique<FaultySession>(db.connect(), at, fault); };
      EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
      EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "1000\n");
      EXPECT_EQ(db.run("SELECT sum(rows) FROM aloft.backfill"), "1000\n");
    }
  }
}

TEST(BackfillWorkers, StopAtTheEdgeOfABatch) {
  const TestDatabase db;
  db.run(kTable);
  db.run("ALTER TABLE t ADD COLUMN big bigint");
  WithWorkers runner(db, 2);
  const auto writer = db.connect();
  writer->execute("BEGIN");
  writer->execute("UPDATE public.t SET touched = 7 WHERE id = 990");
  runner.clock.on_sleep = [&] { runner.stop = true; };
  Step fill = fill_big();
  fill.lock_timeout_ms = 50;
  const Plan plan = plan_of({fill});
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "stopped 1");
  EXPECT_EQ(
      db.run("SELECT count(*) = (SELECT sum(rows) FROM aloft.backfill) FROM t WHERE big = id"),
      "t\n");
  writer->execute("ROLLBACK");
  runner.stop = false;
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "applied 1");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "1000\n");
}

TEST(BackfillWorkers, EndWithTheFirstThatFails) {
  const TestDatabase db;
  db.run(kTable);
  WithWorkers runner(db);
  EXPECT_EQ(describe(runner.run(failing(), *db.connect())), "failed 2 23514");
}

TEST(BackfillWorkers, AreStoppedWithTheirRunner) {
  const TestDatabase db;
  db.run(kTable);
  WithWorkers runner(db);
  // The trigger takes the run over in the middle of the work.
  db.run(
      "CREATE FUNCTION take_over() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE aloft.run SET"
      " epoch = epoch + 1 WHERE epoch = 1; RETURN NULL; END'");
  db.run(
      "CREATE TRIGGER take_over AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION take_over();"
      "ALTER TABLE t ENABLE ALWAYS TRIGGER take_over");
  const Outcome outcome = runner.run(filling(), *db.connect());
  ASSERT_EQ(describe(outcome), "failed 2 ");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "0\n");
}

}  // namespace
}  // namespace aloft::test
