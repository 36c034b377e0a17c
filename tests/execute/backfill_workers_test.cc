#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST(BackfillWorkers, LeaveItToTheRunsOwnSessionWhileOthersAreAtWork) {
  const std::string table = kTable + std::string("; ALTER TABLE t ADD COLUMN big bigint");
  const TestDatabase db;
  db.run(table);
  const auto shop = db.connect();
  shop->execute("SET application_name = 'shop'");
  WithWorkers runner(db);
  int opened = 0;
  runner.monitor = [&] {
    ++opened;
    return db.connect();
  };
  shop->query("SELECT 1");
  EXPECT_EQ(describe(runner.run(plan_of({fill_big()}), *db.connect())), "applied 1");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "1000\n");
  EXPECT_EQ(opened, 0);
  start_over(db, table);
  runner.options.backfill.share = 0;
  shop->query("SELECT 1");
  EXPECT_EQ(describe(runner.run(plan_of({fill_big()}), *db.connect())), "applied 1");
  EXPECT_EQ(opened, runner.options.backfill.workers);
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

/// Waits until nobody of an earlier run is connected and its lock is free.
std::unique_ptr<Session> next_session(const TestDatabase& db) {
  auto session = db.connect();
  std::string holder;
  while (!take_run_lock(*session, holder)) continue;
  return session;
}

TEST(BackfillWorkers, AreGoneOnWithAfterTheirProcessIsKilled) {
  const TestDatabase db;
  for (int at = 1; at < 12; ++at) {
    SCOPED_TRACE(at);
    start_over(db);
    const pid_t child = fork();
    if (child == 0) {
      WithWorkers runner(db, 2);
      runner.monitor = [&] {
        return std::make_unique<FaultySession>(db.connect(), at, Fault::AfterItTookEffect,
                                               Victim::Process);
      };
      runner.run(filling(), *db.connect());
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    WithWorkers runner(db, 2);
    runner.run(filling(), *next_session(db));
    EXPECT_EQ(db.run("SELECT count(*), (SELECT sum(rows) FROM aloft.backfill),"
                     " (SELECT state FROM aloft.run) FROM t WHERE big = id"),
              "1000|1000|done\n");
  }
}

TEST(BackfillWorkers, EndWithTheRunsOwnSession) {
  const TestDatabase db;
  db.run(kTable);
  WithWorkers runner(db, 2);
  // Slow enough for the run's own session to look after them.
  db.run(
      "CREATE FUNCTION slow(int) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN PERFORM"
      " pg_sleep(0.002); RETURN $1; END'");
  Plan plan = filling();
  plan.steps[1].sql = {"UPDATE public.t SET big = slow(id) WHERE (big IS DISTINCT FROM id)"};
  const auto session = db.connect();
  const std::string pid = session->query("SELECT pg_backend_pid()")[0][0].value();
  runner.observer.on_progress = [&] { db.run("SELECT pg_terminate_backend(" + pid + ")"); };
  EXPECT_THROW(runner.run(plan, *session), DbError);
  runner.observer.on_progress = nullptr;
  EXPECT_EQ(describe(runner.run(plan, *next_session(db))), "applied 1");
  EXPECT_EQ(db.run("SELECT count(*), (SELECT sum(rows) FROM aloft.backfill) FROM t WHERE big = id"),
            "1000|1000\n");
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
