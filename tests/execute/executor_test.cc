#include "engine/execute/executor.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/execute/plans.h"
#include "tests/support/fake_session.h"

namespace aloft::test {
namespace {

/// A server with a journal, an empty one, that has every lock to give.
struct Server : FakeSession {
  Server() {
    on("pg_try_advisory_lock", Rows{{"t"}});
    on("server_version_num", Rows{{"42", "150004", "off"}});
    on("has_parameter_privilege", Rows{{"f", "f"}});
    on("relname IN ('run', 'step', 'backfill')", Rows{{"3"}});
    on("INSERT INTO aloft.run", Rows{{"7", "1"}});
    on("INSERT INTO aloft.step", Rows{{"7"}});
    on("INSERT INTO aloft.stall", Rows{{"0", "0", "0", "0", std::nullopt}});
    on("UPDATE aloft.run AS t SET", Rows{{"7"}});
  }
  /// The statements from BEGIN to COMMIT in which `part` occurs, settings and journal included.
  std::vector<std::string> transaction_of(const std::string& part) const {
    const auto it = std::ranges::find(sent, part);
    if (it == sent.end()) return {};
    auto first = it, last = it;
    while (!first->starts_with("BEGIN")) --first;
    while (*last != "COMMIT" && *last != "ROLLBACK") ++last;
    return {first, last + 1};
  }
};

TEST(Executor, RunsAStepInOneTransactionWithItsSettingsAndItsJournalRow) {
  Server server;
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({in_transaction({"A", "B"})}), server)), "applied 1");
  const auto sent = server.transaction_of("A");
  ASSERT_EQ(sent.size(), 6u);
  EXPECT_EQ(sent[0], "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  for (const char* setting :
       {"'lock_timeout', '300'", "'statement_timeout', '30000'", "'search_path', 'public'",
        "'check_function_bodies', 'off'", "'row_security', 'off'",
        "'idle_in_transaction_session_timeout', '10000'"})
    EXPECT_NE(sent[1].find(setting), std::string::npos) << setting;
  EXPECT_EQ(sent[2], "A");
  EXPECT_EQ(sent[3], "B");
  EXPECT_NE(sent[4].find("INSERT INTO aloft.step"), std::string::npos);
  EXPECT_EQ(sent[5], "COMMIT");
}

TEST(Executor, TriesAgainInANewTransactionAfterALockTimeout) {
  Server server;
  server.fail("ALTER", "55P03", 2);
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({in_transaction({"ALTER"})}), server)), "applied 1");
  EXPECT_EQ(std::ranges::count(server.sent, "ALTER"), 3);
  EXPECT_EQ(std::ranges::count(server.sent, "ROLLBACK"), 2);
  EXPECT_EQ(runner.clock.sleeps.size(), 2u);
  EXPECT_EQ(runner.observer.lines("busy").size(), 2u);
}

TEST(Executor, GivesUpAfterTheLastTryAndSaysWhoIsInTheWay) {
  Server server;
  server.fail("ALTER TABLE t", "55P03", 100);
  server.on("FROM pg_locks", Rows{});
  server.on("string_agg(line", Rows{{"pid 9 (user app)"}});
  Step step = in_transaction({"ALTER TABLE t"});
  step.locks = {{"public.t", LockLevel::AccessExclusive}};
  Runner runner;
  const Outcome outcome = runner.run(plan_of({step}), server);
  ASSERT_EQ(describe(outcome), "lock busy 1");
  EXPECT_EQ(std::get<LockBusy>(outcome).blockers, "pid 9 (user app)");
  EXPECT_EQ(runner.clock.sleeps.size(), 4u);
  EXPECT_EQ(server.count("THEN 'stopped'"), 1);
}

TEST(Executor, DoesNotQueueBehindAnOldTransaction) {
  Server server;
  int asked = 0;
  server.on("string_agg(line", FakeSession::Answer([&asked]() -> Rows {
              return ++asked < 3 ? Rows{{"pid 9 (user app)"}} : Rows{{std::nullopt}};
            }));
  Step step = in_transaction({"A"});
  step.locks = {{"public.t", LockLevel::AccessExclusive}};
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({step}), server)), "applied 1");
  EXPECT_EQ(std::ranges::count(server.sent, "A"), 1);
  EXPECT_EQ(runner.observer.lines("busy"),
            (std::vector<std::string>{"busy 1.1: pid 9 (user app)", "busy 1.2: pid 9 (user app)"}));
}

TEST(Executor, StopsBetweenSteps) {
  Server server;
  Runner runner;
  server.on_exactly("B", [&runner]() -> Rows {
    runner.stop = true;
    return {};
  });
  const Plan plan = plan_of({in_transaction({"B"}), in_transaction({"C"})});
  EXPECT_EQ(describe(runner.run(plan, server)), "stopped 2");
  EXPECT_EQ(std::ranges::count(server.sent, "C"), 0);
}

TEST(Executor, StopsWhileItWaitsForALock) {
  Server server;
  server.fail("ALTER TABLE t", "55P03", 100);
  Runner runner;
  runner.clock.on_sleep = [&runner] { runner.stop = true; };
  EXPECT_EQ(describe(runner.run(plan_of({in_transaction({"ALTER TABLE t"})}), server)),
            "stopped 1");
  EXPECT_EQ(std::ranges::count(server.sent, "ALTER TABLE t"), 1);
}

TEST(Executor, TakesACancelForAStopOnlyWhenToldToStop) {
  for (const bool told : {true, false}) {
    Server server;
    Runner runner;
    server.on_exactly("VALIDATE", [&runner, told]() -> Rows {
      runner.stop = told;
      throw DbError("57014", "canceling statement due to user request");
    });
    EXPECT_EQ(describe(runner.run(plan_of({in_transaction({"VALIDATE"})}), server)),
              told ? "stopped 1" : "failed 1 57014");
  }
}

TEST(Executor, LeavesContractForLaterUnlessAskedForIt) {
  const Plan plan = plan_of({in_transaction({"A"}), in_transaction({"DROP"}, Phase::Contract)});
  Server server;
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan, server)), "applied 1, contract waits");
  EXPECT_EQ(server.count("THEN 'expanded'"), 1);
  Server other;
  runner.options.contract = true;
  EXPECT_EQ(describe(runner.run(plan, other)), "applied 2");
  EXPECT_EQ(other.count("THEN 'done'"), 1);
}

TEST(Executor, NamesTheStatementThatFailed) {
  Server server;
  server.fail("bad", "42703");
  Runner runner;
  const Outcome outcome = runner.run(plan_of({in_transaction({"good", "bad"})}), server);
  ASSERT_EQ(describe(outcome), "failed 1 42703");
  EXPECT_NE(std::get<Failed>(outcome).message.find("statement 2 of 2: bad"), std::string::npos);
}

TEST(Executor, NeedsNoJournalWhereThereIsNothingToDo) {
  Server server;
  server.on("relname IN ('run', 'step', 'backfill')", Rows{{"0"}});
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({}), server)), "applied 0");
  EXPECT_EQ(server.count("CREATE SCHEMA"), 0);
}

TEST(Executor, SaysWhoHoldsTheRunLock) {
  FakeSession server;
  server.on("pg_try_advisory_lock", Rows{{"f"}});
  server.on("pg_stat_activity", Rows{{"pid 5, user deploy"}});
  Runner runner;
  const Outcome outcome = runner.run(plan_of({in_transaction({"A"})}), server);
  ASSERT_EQ(describe(outcome), "busy");
  EXPECT_EQ(std::get<Busy>(outcome).holder, "pid 5, user deploy");
  EXPECT_EQ(server.count("BEGIN"), 0);
}

// So that a CREATE INDEX CONCURRENTLY whose client was killed does not go on for hours.
TEST(Executor, LetsTheServerNoticeThatItIsGone) {
  Server server;
  Runner runner;
  runner.run(plan_of({in_transaction({"A"})}), server);
  EXPECT_EQ(server.count("SET client_connection_check_interval = '10s'"), 1);
  Server older;
  older.on("server_version_num", Rows{{"42", "130009", "off"}});
  runner.run(plan_of({in_transaction({"A"})}), older);
  EXPECT_EQ(older.count("client_connection_check_interval"), 0);
}

TEST(Executor, LowersDeadlockTimeoutWhereItMay) {
  Server server;
  server.on("has_parameter_privilege", Rows{{"t", "f"}});
  Runner runner;
  runner.run(plan_of({in_transaction({"A"})}), server);
  const auto sent = server.transaction_of("A");
  EXPECT_NE(sent[1].find("'deadlock_timeout', '100'"), std::string::npos);
  EXPECT_NE(sent[1].find("'lock_timeout', '500'"), std::string::npos);
}

}  // namespace
}  // namespace aloft::test
