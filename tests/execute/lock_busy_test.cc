#include <gtest/gtest.h>

#include "engine/execute/blockers.h"
#include "tests/execute/plans.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

Step alter_table() {
  Step step = in_transaction({"ALTER TABLE public.t ADD COLUMN note text"});
  step.locks = {{"public.t", LockLevel::AccessExclusive}};
  return step;
}

/// Somebody who read the table and did not end the transaction.
std::unique_ptr<Session> idle_reader(const TestDatabase& db) {
  auto session = db.connect();
  session->execute("SET application_name = 'report'");
  session->execute("BEGIN");
  session->query("SELECT * FROM public.t");
  return session;
}

TEST(LockBusy, NamesTheBlockerAndGetsThroughWhenItIsGone) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  auto reader = idle_reader(db);
  Runner runner;
  runner.clock.on_sleep = [&reader] { reader.reset(); };
  runner.options.lock_attempts = 30;
  EXPECT_EQ(describe(runner.run(plan_of({alter_table()}), *db.connect())), "applied 1");
  const auto busy = runner.observer.lines("busy 1.1");
  ASSERT_EQ(busy.size(), 1u);
  EXPECT_NE(busy[0].find("(user postgres, report, idle in transaction, in a transaction for"),
            std::string::npos)
      << busy[0];
  EXPECT_NE(busy[0].find("SELECT * FROM public.t -- holds AccessShareLock on public.t"),
            std::string::npos)
      << busy[0];
}

TEST(LockBusy, GivesUpWithTheBlockerNamedAndNothingDone) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  const auto reader = idle_reader(db);
  Runner runner;
  runner.options.lock_attempts = 2;
  const Outcome outcome = runner.run(plan_of({alter_table()}), *db.connect());
  ASSERT_EQ(describe(outcome), "lock busy 1");
  EXPECT_NE(std::get<LockBusy>(outcome).blockers.find("report"), std::string::npos);
  EXPECT_EQ(db.run("SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass"
                   " AND attname = 'note'"),
            "0\n");
}

TEST(LockBusy, IsCountedWithTheTimeForWhichOthersMayHaveQueued) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  auto reader = idle_reader(db);
  Runner runner;
  runner.clock.each_look = 100;
  std::string meanwhile;
  runner.clock.on_sleep = [&] {
    meanwhile = db.run("SELECT tries, gave_up, longest_step FROM aloft.stall");
    reader.reset();
  };
  EXPECT_EQ(describe(runner.run(plan_of({alter_table()}), *db.connect())), "applied 1");
  EXPECT_EQ(meanwhile, "1|1|1\n");
  EXPECT_EQ(db.run("SELECT run, tries, gave_up, total_ms, longest_ms, longest_step FROM"
                   " aloft.stall"),
            "1|2|1|200|100|1\n");
  const auto tries = runner.observer.measured<LockTry>();
  ASSERT_EQ(tries.size(), 2u);
  EXPECT_FALSE(tries[0].had);
  EXPECT_TRUE(tries[1].had);
}

TEST(LockBusy, IsCountedWhereItNeverQueuedAndInTheNextRunOfTheSamePlan) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  const auto reader = idle_reader(db);
  Step step = alter_table();
  step.lock_timeout_ms = 1;  // so that the reader is one who will not go away soon
  db.run("SELECT pg_sleep(0.01)");
  Runner runner;
  runner.options.lock_attempts = 2;
  runner.clock.each_look = 100;
  ASSERT_EQ(describe(runner.run(plan_of({step}), *db.connect())), "lock busy 1");
  EXPECT_EQ(db.run("SELECT tries, gave_up, total_ms FROM aloft.stall"), "2|2|0\n");
  ASSERT_EQ(describe(runner.run(plan_of({step}), *db.connect())), "lock busy 1");
  EXPECT_EQ(db.run("SELECT run, tries, gave_up, total_ms FROM aloft.stall"), "1|4|4|0\n");
  EXPECT_EQ(runner.observer.measured<RunOpened>().back().stalls.tries, 2);
}

TEST(LockBusy, IsNoStallWhereNobodyWhoWritesQueues) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  Step step = in_transaction({"COMMENT ON TABLE public.t IS 'x'"});
  step.locks = {{"public.t", LockLevel::ShareUpdateExclusive}};
  Runner runner;
  runner.clock.each_look = 100;
  ASSERT_EQ(
      describe(runner.run(plan_of({step, in_transaction({"CREATE TABLE u ()"})}), *db.connect())),
      "applied 2");
  EXPECT_EQ(db.run("SELECT tries, gave_up, total_ms, longest_step FROM aloft.stall"), "1|0|0|\n");
}

TEST(Blockers, AreThoseWhoseLockConflicts) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  const auto reader = idle_reader(db);
  const auto session = db.connect();
  Step step = alter_table();
  EXPECT_NE(standing_blockers(*session, step, 0), "");
  EXPECT_EQ(standing_blockers(*session, step, 3'600'000), "");
  EXPECT_NE(current_blockers(*session, step), "");
  step.locks[0].level = LockLevel::ShareUpdateExclusive;
  EXPECT_EQ(current_blockers(*session, step), "");
}

TEST(Blockers, IncludePreparedTransactions) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int)");
  const auto session = db.connect();
  if (session->query("SHOW max_prepared_transactions")[0][0] == "0")
    GTEST_SKIP() << "the server allows no prepared transactions";
  db.run("BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION '" + db.name() + "'");
  EXPECT_NE(standing_blockers(*session, alter_table(), 3'600'000).find("prepared transaction"),
            std::string::npos);
  db.run("ROLLBACK PREPARED '" + db.name() + "'");
}

TEST(Blockers, OfARelationThatIsNotThereAreNone) {
  const TestDatabase db;
  Step step = alter_table();
  step.locks[0].relation = "public.\"not there\"";
  EXPECT_EQ(standing_blockers(*db.connect(), step, 0), "");
}

}  // namespace
}  // namespace aloft::test
