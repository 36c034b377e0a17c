#include <gtest/gtest.h>

#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "tests/execute/plans.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

const Plan& three_steps() {
  static const Plan plan =
      plan_of({in_transaction({"CREATE TABLE a (id int)", "CREATE TABLE b (id int)"}),
               in_transaction({"ALTER TABLE a ADD COLUMN note text"}),
               in_transaction({"DROP TABLE b"}, Phase::Contract)});
  return plan;
}

TEST(RunOnAServer, RecordsWhoDidWhat) {
  const TestDatabase db;
  Runner runner;
  EXPECT_EQ(describe(runner.run(three_steps(), *db.connect())), "applied 2, contract waits");
  EXPECT_EQ(db.run("SELECT plan_id, tool_version, state, login, application_name, finished IS NULL,"
                   " plan::json->>'id' = plan_id FROM aloft.run"),
            three_steps().id + "|test|expanded|postgres|aloft|t|t\n");
  EXPECT_EQ(db.run("SELECT step, phase, object, sql, state, attempts, finished >= started"
                   " FROM aloft.step ORDER BY step"),
            "1|expand|table public.t|CREATE TABLE a (id int)|done|1|t\n"
            "2|expand|table public.t|ALTER TABLE a ADD COLUMN note text|done|1|t\n");
  EXPECT_NE(db.run("SELECT obj_description('aloft.run'::regclass)").find("Journal of aloft"),
            std::string::npos);
}

TEST(RunOnAServer, HoldsNoLocksWhileACommitWaits) {
  const TestDatabase db;
  db.run("CREATE TABLE seen (step text, commit text); ALTER DATABASE " + db.name() +
         " SET synchronous_commit = on");
  const auto look = [](const std::string& step) {
    return in_transaction(
        {"INSERT INTO seen VALUES ('" + step + "', current_setting('synchronous_commit'))"});
  };
  Step others_wait = look("others wait"), nobody_waits = look("nobody waits");
  others_wait.locks = {{"seen", LockLevel::AccessExclusive}};
  nobody_waits.locks = {{"seen", LockLevel::RowExclusive}};
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({others_wait, nobody_waits}), *db.connect())), "applied 2");
  EXPECT_EQ(db.run("SELECT * FROM seen ORDER BY step"), "nobody waits|on\nothers wait|off\n");
}

TEST(RunOnAServer, GoesOnWithTheRunThatWaitsForContract) {
  const TestDatabase db;
  Runner runner;
  runner.run(three_steps(), *db.connect());
  const auto open = read_open_run(*db.connect());
  ASSERT_TRUE(open);
  EXPECT_EQ(open->state, "expanded");
  EXPECT_EQ(open->plan_id, three_steps().id);
  EXPECT_EQ(open->done, (std::vector<std::string>{"1", "2"}));
  runner.options.contract = true;
  EXPECT_EQ(describe(runner.run(three_steps(), *db.connect())), "applied 1");
  EXPECT_EQ(runner.observer.lines("skip").size(), 2u);
  EXPECT_EQ(db.run("SELECT count(*), min(state) FROM aloft.run"), "1|done\n");
  EXPECT_FALSE(read_open_run(*db.connect()));
}

TEST(RunOnAServer, ClosesAnUnfinishedRunOfAnotherPlan) {
  const TestDatabase db;
  Runner runner;
  runner.run(three_steps(), *db.connect());
  EXPECT_EQ(describe(runner.run(plan_of({in_transaction({"DROP TABLE b"})}), *db.connect())),
            "applied 1");
  EXPECT_EQ(db.run("SELECT string_agg(state, ' ' ORDER BY id) FROM aloft.run"),
            "superseded done\n");
}

TEST(RunOnAServer, DoesAgainWhatWasUndoneByHandWhenThePlanIsNew) {
  const TestDatabase db;
  Runner runner;
  runner.run(three_steps(), *db.connect());
  db.run("DROP TABLE a, b");
  runner.options.planned_now = true;
  EXPECT_EQ(describe(runner.run(three_steps(), *db.connect())), "applied 2, contract waits");
  EXPECT_EQ(db.run("SELECT to_regclass('a') IS NOT NULL"), "t\n");
}

TEST(RunOnAServer, LeavesNothingOfAFailedStepAndGoesOnFromThere) {
  const TestDatabase db;
  const Plan plan =
      plan_of({in_transaction({"CREATE TABLE a (id int)"}),
               in_transaction({"CREATE TABLE b (id int)", "ALTER TABLE missing ADD x int"})});
  Runner runner;
  const Outcome outcome = runner.run(plan, *db.connect());
  EXPECT_EQ(describe(outcome), "failed 2 42P01");
  EXPECT_EQ(db.run("SELECT to_regclass('a') IS NOT NULL, to_regclass('b') IS NULL"), "t|t\n");
  EXPECT_EQ(db.run("SELECT r.state, s.state, s.error LIKE '%missing%' FROM aloft.run r"
                   " JOIN aloft.step s ON s.run = r.id WHERE s.step = '2'"),
            "failed|failed|t\n");
  db.run("CREATE TABLE missing ()");
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "applied 1");
}

TEST(RunOnAServer, KeepsTwoRunsApart) {
  const TestDatabase db;
  const auto first = db.connect(), second = db.connect();
  std::string holder;
  ASSERT_TRUE(take_run_lock(*first, holder));
  Runner runner;
  const Outcome outcome = runner.run(three_steps(), *second);
  ASSERT_EQ(describe(outcome), "busy");
  EXPECT_NE(std::get<Busy>(outcome).holder.find("user postgres"), std::string::npos);
  EXPECT_EQ(db.run("SELECT to_regnamespace('aloft') IS NULL"), "t\n");
  EXPECT_EQ(describe(runner.run(three_steps(), *first)), "applied 2, contract waits");
}

TEST(RunOnAServer, RunsOfTwoDatabasesDoNotMeet) {
  const TestDatabase one, other;
  const auto first = one.connect(), second = other.connect();
  std::string holder;
  EXPECT_TRUE(take_run_lock(*first, holder));
  EXPECT_TRUE(take_run_lock(*second, holder));
}

TEST(RunOnAServer, SaysWhatToGrantWhereItMayNotKeepAJournal) {
  const TestDatabase db;
  const std::string role = db.name() + "_powerless";
  db.run("CREATE ROLE " + role);
  const auto session = db.connect();
  session->execute("SET ROLE " + role);
  Runner runner;
  const Outcome outcome = runner.run(three_steps(), *session);
  EXPECT_EQ(describe(outcome), "failed  42501");
  EXPECT_NE(std::get<Failed>(outcome).message.find("GRANT CREATE ON DATABASE " + db.name() +
                                                   " TO " + role),
            std::string::npos);
  db.run("DROP ROLE " + role);
}

TEST(RunOnAServer, NeedsNoRightToCreateWhereTheJournalIsThere) {
  const TestDatabase db;
  Runner runner;
  runner.run(three_steps(), *db.connect());
  const std::string role = db.name() + "_deploy";
  db.run("CREATE ROLE " + role + "; GRANT USAGE ON SCHEMA aloft TO " + role +
         "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA aloft TO " + role +
         "; GRANT CREATE ON SCHEMA public TO " + role);
  const auto session = db.connect();
  session->execute("SET ROLE " + role);
  EXPECT_EQ(describe(runner.run(plan_of({in_transaction({"CREATE TABLE mine ()"})}), *session)),
            "applied 1");
  db.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST(RunOnAServer, ResumesAfterItsSessionIsKilled) {
  const TestDatabase db;
  auto session = db.connect();
  const std::string pid = session->query("SELECT pg_backend_pid()")[0][0].value();
  Step suicide = in_transaction(
      {"CREATE TABLE b (id int)", "SELECT pg_terminate_backend(pg_backend_pid()) FROM bomb"});
  const Plan plan = plan_of({in_transaction({"CREATE TABLE a (id int)"}), suicide});
  db.run("CREATE TABLE bomb AS SELECT 1 AS x");
  Runner runner;
  try {
    runner.run(plan, *session);
    FAIL() << "the session " << pid << " should be gone";
  } catch (const DbError& error) {
    EXPECT_TRUE(error.is_connection_lost()) << error.sqlstate;
  }
  db.run("DELETE FROM bomb");
  EXPECT_EQ(describe(runner.run(plan, *db.connect())), "applied 1");
  EXPECT_EQ(runner.observer.lines("skip"),
            (std::vector<std::string>{"skip 1: done by an earlier run"}));
}

TEST(RunOnAServer, FindsUnqualifiedNamesByThePlansSearchPathAndLeavesTheSessions) {
  const TestDatabase db;
  db.run("CREATE SCHEMA \"My Shop\"");
  Plan plan = plan_of(
      {in_transaction({"CREATE TABLE a (id int)"}),
       alone("CREATE INDEX CONCURRENTLY a_i ON a (id)", StepCheck::What::IndexValid, "a_i")});
  plan.search_path = "\"My Shop\", public";
  plan.steps[1].check.schema = "My Shop";
  const auto session = db.connect();
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan, *session)), "applied 2");
  EXPECT_EQ(db.run("SELECT to_regclass('\"My Shop\".a_i') IS NOT NULL"), "t\n");
  EXPECT_EQ(session->query("SHOW search_path")[0][0].value(), "");
  EXPECT_EQ(session->query("SHOW lock_timeout")[0][0].value(), "0");
}

}  // namespace
}  // namespace aloft::test
