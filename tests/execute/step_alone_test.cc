#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engine/db/db_error.h"
#include "tests/execute/plans.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

constexpr const char* kTable =
    "CREATE TABLE t (id int, v int); INSERT INTO t SELECT i, i FROM generate_series(1, 100) i;";

Step build_index(const std::string& unique = "") {
  return alone("CREATE " + unique + "INDEX CONCURRENTLY t_v ON public.t (v)",
               StepCheck::What::IndexValid, "t_v");
}

/// Leaves an INVALID index t_v, as a killed CREATE INDEX CONCURRENTLY does.
void leave_invalid_index(const TestDatabase& db) {
  db.run(
      "CREATE INDEX t_v ON t (v);"
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_v'::regclass;");
}

std::string is_valid(const TestDatabase& db) {
  return db.run("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('t_v')");
}

TEST(StepAlone, BuildsAnIndexConcurrently) {
  const TestDatabase db;
  db.run(kTable);
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({build_index()}), *db.connect())), "applied 1");
  EXPECT_EQ(is_valid(db), "t\n");
  EXPECT_EQ(db.run("SELECT state, attempts FROM aloft.step"), "done|1\n");
}

TEST(StepAlone, TellsHowManyBlocksABuildHasGoneThrough) {
  const TestDatabase db;
  db.run(
      "CREATE TABLE t (id int, pad text); ALTER TABLE t ALTER pad SET STORAGE PLAIN;"
      "INSERT INTO t SELECT i, repeat('x', 3000) FROM generate_series(1, 100) i;"
      "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
      " 'BEGIN PERFORM pg_sleep(0.03); RETURN $1; END'");
  Runner runner;
  runner.monitor = [&db] { return db.connect(); };
  const Step step = alone("CREATE INDEX CONCURRENTLY t_v ON public.t (public.slow(id))",
                          StepCheck::What::IndexValid, "t_v");
  EXPECT_EQ(describe(runner.run(plan_of({step}), *db.connect())), "applied 1");
  const auto told = runner.observer.measured<IndexProgress>();
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told[0].step, "1");
  EXPECT_EQ(told[0].build.phase, "building index: scanning table");
  EXPECT_EQ(told[0].build.blocks, 50);
  EXPECT_GT(told[0].build.blocks_done, 0);
  EXPECT_LT(told[0].build.blocks_done, 50);
}

TEST(StepAlone, DropsAnInvalidLeftoverAndBuildsAgain) {
  const TestDatabase db;
  db.run(kTable);
  leave_invalid_index(db);
  const std::string before = db.run("SELECT 't_v'::regclass::oid");
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({build_index()}), *db.connect())), "applied 1");
  EXPECT_EQ(is_valid(db), "t\n");
  EXPECT_NE(db.run("SELECT 't_v'::regclass::oid"), before);
  EXPECT_EQ(runner.observer.lines("progress").size(), 1u);
}

TEST(StepAlone, TakesAValidIndexForDone) {
  const TestDatabase db;
  db.run(std::string(kTable) + "CREATE INDEX t_v ON t (v)");
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({build_index()}), *db.connect())), "applied 0");
  EXPECT_EQ(runner.observer.lines("skip").size(), 1u);
}

TEST(StepAlone, LeavesNoInvalidIndexBehindDuplicates) {
  const TestDatabase db;
  db.run(std::string(kTable) + "INSERT INTO t VALUES (101, 7)");
  Runner runner;
  const Outcome outcome = runner.run(plan_of({build_index("UNIQUE ")}), *db.connect());
  ASSERT_EQ(describe(outcome), "failed 1 23505");
  EXPECT_NE(std::get<Failed>(outcome).message.find("Key (v)=(7) is duplicated"), std::string::npos)
      << std::get<Failed>(outcome).message;
  EXPECT_EQ(is_valid(db), "");
  db.run("DELETE FROM t WHERE id = 101");
  EXPECT_EQ(describe(runner.run(plan_of({build_index("UNIQUE ")}), *db.connect())), "applied 1");
}

TEST(StepAlone, StopsInTheMiddleOfABuildAndClearsUp) {
  const TestDatabase db;
  db.run(kTable);
  const auto writer = db.connect();
  writer->execute("BEGIN");
  writer->execute("UPDATE public.t SET v = v WHERE id = 1");
  Runner runner;
  const auto session = db.connect();
  std::atomic<bool> over = false;
  std::thread ctrl_c([&] {
    const auto watcher = db.connect();
    while (watcher->query("SELECT FROM pg_locks WHERE NOT granted AND locktype = 'virtualxid'")
               .empty())
      std::this_thread::yield();
    runner.stop = true;
    session->cancel();
    while (!over && watcher
                        ->query("SELECT FROM pg_stat_activity WHERE query LIKE 'DROP INDEX%'"
                                " AND wait_event_type = 'Lock'")
                        .empty())
      std::this_thread::yield();
    writer->execute("ROLLBACK");
  });
  const Outcome outcome = runner.run(plan_of({build_index()}), *session);
  over = true;
  ctrl_c.join();
  EXPECT_EQ(describe(outcome), "stopped 1");
  EXPECT_EQ(is_valid(db), "");
  runner.stop = false;
  EXPECT_EQ(describe(runner.run(plan_of({build_index()}), *session)), "applied 1");
}

TEST(StepAlone, TellsWhomALongBuildWaitsFor) {
  const TestDatabase db;
  db.run(kTable);
  const auto writer = db.connect();
  writer->execute("SET application_name = 'slow writer'");
  writer->execute("BEGIN");
  writer->execute("UPDATE public.t SET v = v WHERE id = 1");
  Runner runner;
  runner.monitor = [&db] { return db.connect(); };
  std::thread patient([&] {
    while (runner.observer.lines("progress").empty()) std::this_thread::yield();
    writer->execute("COMMIT");
  });
  EXPECT_EQ(describe(runner.run(plan_of({build_index()}), *db.connect())), "applied 1");
  patient.join();
  const std::string told = runner.observer.lines("progress")[0];
  EXPECT_NE(told.find("waiting for writers"), std::string::npos) << told;
  EXPECT_NE(told.find("slow writer, idle in transaction"), std::string::npos) << told;
}

TEST(StepAlone, WaitsForAnOrphanThatStillBuildsTheIndex) {
  const TestDatabase db;
  db.run(kTable);
  const auto writer = db.connect();
  writer->execute("BEGIN");
  writer->execute("UPDATE public.t SET v = v WHERE id = 1");
  const auto orphan = db.connect();
  std::thread dead_client([&] { orphan->execute(build_index().sql[0]); });
  while (db.run("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'virtualxid'").empty())
    continue;
  Runner runner;
  runner.clock.on_sleep = [&] {
    writer->execute("COMMIT");
    dead_client.join();
    runner.clock.on_sleep = nullptr;
  };
  EXPECT_EQ(describe(runner.run(plan_of({build_index()}), *db.connect())), "applied 0");
  EXPECT_EQ(is_valid(db), "t\n");
  EXPECT_EQ(runner.observer.lines("progress").size(), 1u);
}

TEST(StepAlone, FinishesAPendingDetach) {
  const TestDatabase db;
  db.run(
      "CREATE TABLE p (id int) PARTITION BY LIST (id);"
      "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
      "UPDATE pg_inherits SET inhdetachpending = true");
  Runner runner;
  const Step detach = alone("ALTER TABLE public.p DETACH PARTITION public.p1 CONCURRENTLY",
                            StepCheck::What::PartitionDetached, "p1");
  EXPECT_EQ(describe(runner.run(plan_of({detach}), *db.connect())), "applied 1");
  EXPECT_EQ(db.run("SELECT count(*) FROM pg_inherits"), "0\n");
}

TEST(StepAlone, DropsAnIndexAndAddsAnEnumLabelOnlyOnce) {
  const TestDatabase db;
  db.run(std::string(kTable) + "CREATE INDEX t_v ON t (v); CREATE TYPE mood AS ENUM ('sad')");
  const Plan plan = plan_of(
      {alone("DROP INDEX CONCURRENTLY public.t_v", StepCheck::What::IndexGone, "t_v"),
       alone("ALTER TYPE public.mood ADD VALUE 'ok'", StepCheck::What::EnumLabel, "mood", "ok")});
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "applied 2");
  runner.options.planned_now = true;
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "applied 0");
}

}  // namespace
}  // namespace aloft::test
