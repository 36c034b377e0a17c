#include <gtest/gtest.h>

#include "tests/execute/filled_table.h"

namespace aloft::test {
namespace {

TEST(Backfill, FillsEachRowOnceInBatchesByBlocks) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_EQ(db.run("SELECT count(*), count(*) FILTER (WHERE big = id AND touched = 0) FROM t"),
            "1000|1000\n");
  EXPECT_EQ(db.run("SELECT rows, batches > 10, next_block = end_block FROM aloft.backfill"),
            "1000|t|t\n");
  EXPECT_EQ(db.run("SELECT step, state FROM aloft.step ORDER BY step"), "1|done\n2|done\n");
}

TEST(Backfill, GrowsItsBatchesWhileTheyAreQuick) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches quick, slow;
  quick.clock.each_look = 0;
  EXPECT_EQ(describe(quick.run(filling(), *db.connect())), "applied 2");
  const int few = std::stoi(db.run("SELECT batches FROM aloft.backfill"));
  const TestDatabase other;
  other.run(kTable);
  slow.options.backfill.first_blocks = 1000;
  slow.clock.each_look = 10'000;
  EXPECT_EQ(describe(slow.run(filling(), *other.connect())), "applied 2");
  EXPECT_LT(few, 10);
  EXPECT_EQ(other.run("SELECT batches FROM aloft.backfill"), "1\n");
}

// Rows that were filled before, or are not there, go by quickly: the batch after them is too large.
TEST(Backfill, GivesABatchUpThatTakesTooLongAndTriesFewerBlocks) {
  const TestDatabase db;
  db.run(std::string(kTable) +
         "; CREATE FUNCTION slowly(int) RETURNS bigint LANGUAGE sql AS 'SELECT $1 + (SELECT 0 FROM"
         " pg_sleep(0.005))'; ALTER TABLE t ADD COLUMN big bigint; DELETE FROM t WHERE id > 200");
  SmallBatches runner;
  runner.options.backfill.first_blocks = 40;
  runner.clock.each_look = 3 * runner.options.backfill.batch_ms;
  const Plan plan = plan_of(
      {in_batches("UPDATE public.t SET big = public.slowly(id) WHERE (big IS NULL)", "public.t")});
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "applied 1");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "200\n");
  EXPECT_EQ(db.run("SELECT batches > 20 FROM aloft.backfill"), "t\n");
}

TEST(Backfill, GoesOnWhereItWasStopped) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.clock.each_look = 100;
  runner.observer.on_progress = [&] { runner.stop = true; };
  ASSERT_EQ(describe(runner.run(filling(), *db.connect())), "stopped 2");
  EXPECT_EQ(db.run("SELECT rows BETWEEN 1 AND 999 FROM aloft.backfill"), "t\n");
  const std::string place = db.run("SELECT next_block FROM aloft.backfill");
  EXPECT_EQ(db.run("SELECT count(*) = (SELECT rows FROM aloft.backfill) FROM t WHERE big = id"),
            "t\n");
  runner.stop = false;
  runner.observer.on_progress = nullptr;
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 1");
  EXPECT_EQ(db.run("SELECT taken_up_at FROM aloft.backfill"), place);
  EXPECT_EQ(db.run("SELECT rows FROM aloft.backfill"), "1000\n");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "1000\n");
  const BackfillProgress last = runner.observer.measured<BackfillProgress>().back();
  EXPECT_EQ(last.rows, 1000);
  EXPECT_EQ(last.blocks_done, last.blocks);
  EXPECT_EQ(last.left_ms, 0);
}

TEST(Backfill, StartsAgainWhenTheTableIsStoredAnew) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.clock.each_look = 100;
  bool once = false;
  runner.observer.on_progress = [&] {
    // What was filled goes to the end of the table, and the rest to where it has been already.
    if (!once) db.run("CREATE INDEX t_big ON t (big NULLS FIRST); CLUSTER t USING t_big");
    once = true;
  };
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_TRUE(once);
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big IS DISTINCT FROM id"), "0\n");
  EXPECT_EQ(runner.observer.lines("note public.t is stored anew").size(), 1u);
}

TEST(Backfill, ReachesAllPartitions) {
  const TestDatabase db;
  db.run(
      "CREATE TABLE t (id int, big bigint) PARTITION BY RANGE (id);"
      "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (10000);"
      "INSERT INTO t SELECT i FROM generate_series(0, 2999) i");
  SmallBatches runner;
  EXPECT_EQ(describe(runner.run(plan_of({fill_big()}), *db.connect())), "applied 1");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "3000\n");
}

TEST(Backfill, RefusesATableThatHasNoBlocksToGoBy) {
  const TestDatabase db;
  db.run(
      "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
      "CREATE TABLE t (id int, big bigint) PARTITION BY LIST (id);"
      "CREATE FOREIGN TABLE far PARTITION OF t FOR VALUES IN (1) SERVER s");
  Runner runner;
  const Outcome outcome = runner.run(plan_of({fill_big()}), *db.connect());
  ASSERT_EQ(describe(outcome), "failed 1 ");
  EXPECT_NE(std::get<Failed>(outcome).message.find("far is a foreign table"), std::string::npos);
}

TEST(Backfill, TriesAgainWhereARowIsLocked) {
  const TestDatabase db;
  db.run(kTable);
  db.run("ALTER TABLE t ADD COLUMN big bigint");
  const auto writer = db.connect();
  writer->execute("BEGIN");
  writer->execute("UPDATE public.t SET touched = 7 WHERE id = 500");
  SmallBatches runner;
  runner.options.backfill.share = 0;  // what the test asks counts as an application at work
  runner.clock.on_sleep = [&] { writer->execute("COMMIT"); };
  Step fill = fill_big();
  fill.lock_timeout_ms = 50;
  EXPECT_EQ(describe(runner.run(plan_of({fill}), *db.connect())), "applied 1");
  EXPECT_EQ(runner.observer.lines("busy 1.1").size(), 1u);
  EXPECT_EQ(db.run("SELECT touched, big FROM t WHERE id = 500"), "7|500\n");
}

TEST(Backfill, KeepsItsPlaceWhenItGivesUpOnALock) {
  const TestDatabase db;
  db.run(kTable);
  db.run("ALTER TABLE t ADD COLUMN big bigint");
  const auto writer = db.connect();
  writer->execute("BEGIN");
  writer->execute("UPDATE public.t SET touched = 7 WHERE id = 500");
  SmallBatches runner;
  Step fill = fill_big();
  fill.lock_timeout_ms = 20;
  EXPECT_EQ(describe(runner.run(plan_of({fill}), *db.connect())), "lock busy 1");
  EXPECT_EQ(db.run("SELECT next_block > 0 AND next_block < end_block FROM aloft.backfill"), "t\n");
  EXPECT_EQ(db.run("SELECT state FROM aloft.run"), "stopped\n");
}

TEST(Backfill, SaysWhichBlocksItFailedIn) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  const Outcome outcome = runner.run(failing(), *db.connect());
  ASSERT_EQ(describe(outcome), "failed 2 23514");
  EXPECT_NE(std::get<Failed>(outcome).message.find("in blocks "), std::string::npos);
  EXPECT_EQ(db.run("SELECT state FROM aloft.step WHERE step = '2'"), "failed\n");
}

constexpr const char* kStamp =
    "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.touched := 1; RETURN "
    "NEW;"
    " END'; CREATE TRIGGER stamp BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION stamp()";

TEST(Backfill, KeepsTheTablesTriggersFromFiringWhereItMay) {
  const TestDatabase db;
  db.run(kTable);
  db.run(kStamp);
  SmallBatches runner;
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE touched <> 0"), "0\n");
  EXPECT_EQ(runner.observer.lines("note for each row").size(), 0u);
}

TEST(Backfill, ChecksAForeignKeyOfTheColumnThatItFills) {
  const TestDatabase db;
  db.run("CREATE TABLE r (id bigint PRIMARY KEY); INSERT INTO r VALUES (1)");
  db.run(kTable);
  db.run(kStamp);
  db.run("ALTER TABLE t ADD COLUMN big bigint REFERENCES r");
  SmallBatches runner;
  const Outcome outcome = runner.run(plan_of({fill_big()}), *db.connect());
  EXPECT_EQ(describe(outcome), "failed 1 23503");
  EXPECT_EQ(runner.observer.lines("note for each row that step 1 fills fires trigger stamp").size(),
            1u);
}

TEST(Backfill, VacuumsBetweenBatches) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.clock.each_look = 300;
  runner.options.backfill.vacuum_rows = 100;
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_GE(runner.observer.lines("progress 2: VACUUM after").size(), 2u);
  // The dead rows' room is used again: without, the table would be twice as large.
  EXPECT_EQ(db.run("SELECT pg_relation_size('t') < 1.7 * first FROM size_before"), "t\n");
}

TEST(Backfill, SaysOnceThatItMayNotVacuum) {
  const TestDatabase db;
  db.run(kTable);
  db.run("ALTER TABLE t ADD COLUMN big bigint");
  const std::string role = db.name() + "_writer";
  db.run("CREATE ROLE " + role + "; GRANT SELECT, UPDATE ON t TO " + role +
         "; GRANT CREATE ON DATABASE " + db.name() + " TO " + role);
  const auto session = db.connect();
  session->execute("SET ROLE " + role);
  SmallBatches runner;
  runner.clock.each_look = 300;
  runner.options.backfill.vacuum_rows = 100;
  EXPECT_EQ(describe(runner.run(plan_of({fill_big()}), *session)), "applied 1");
  EXPECT_EQ(runner.observer.lines("note public.t is not this login's to VACUUM").size(), 1u);
  db.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

}  // namespace
// A policy that hides rows from the owner would leave them unfilled, and nobody would know.
TEST(Backfill, FailsWhereAPolicyHidesRowsFromIt) {
  const TestDatabase db;
  db.run(kTable);
  const std::string role = db.name() + "_owner";
  db.run("CREATE ROLE " + role + "; ALTER TABLE t OWNER TO " + role + ";" +
         "GRANT CREATE ON DATABASE " + db.name() + " TO " + role + ";" +
         "ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
         "CREATE POLICY few ON t USING (id < 10)");
  const auto session = db.connect();
  session->execute("SET ROLE " + role);
  SmallBatches runner;
  EXPECT_EQ(describe(runner.run(filling(), *session)), "failed 2 42501");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big IS NOT NULL"), "0\n");
}

}  // namespace aloft::test
