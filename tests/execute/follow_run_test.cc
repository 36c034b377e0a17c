// A run whose connection is lost goes on in the next one, or says why it does not. It is lost at
// every seventh statement, before and after it in turn; with ALOFT_CRASH_ALL=1 at each, both ways.

#include "engine/execute/follow_run.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/execute/journal.h"
#include "tests/execute/filled_table.h"
#include "tests/support/faulty_session.h"

namespace aloft::test {
namespace {

constexpr const char* kSmallTable =
    "CREATE TABLE t (id int PRIMARY KEY, pad text);"
    "INSERT INTO t SELECT i, repeat('x', 350) FROM generate_series(1, 120) i";

/// A run that follows; `meanwhile` happens between two connections.
struct Following : SmallBatches {
  explicit Following(const TestDatabase& database) : db(database) { options.reconnect_ms = 60'000; }

  Outcome follow(const Plan& plan, std::unique_ptr<Session> first) {
    return follow_run(
        [&](Session& session, const RunOptions& how) {
          return run_plan(plan, how, session, nullptr, clock, observer, stop);
        },
        options, std::move(first),
        [&] {
          ++connections;
          if (meanwhile) meanwhile();
          return db.connect();
        },
        clock, observer, stop);
  }

  const TestDatabase& db;
  std::function<void()> meanwhile{};
  int connections = 0;
};

/// The second step ends its own session.
Plan deadly(const std::string& when = "") {
  return plan_of({in_transaction({"CREATE TABLE one ()"}),
                  in_transaction({"CREATE TABLE two ()",
                                  "SELECT pg_terminate_backend(pg_backend_pid()) " + when})});
}

/// Lost at a statement of the run. False where the run came to its end before.
bool follows(const TestDatabase& db, int at, Fault fault) {
  start_over(db, kSmallTable);
  Following run(db);
  try {
    const std::string end =
        describe(run.follow(filling(), std::make_unique<FaultySession>(db.connect(), at, fault)));
    if (run.connections == 0) return false;
    if (db.run("SELECT count(*) FROM aloft.run") == "0\n") {
      // Lost with the COMMIT that was to open the run.
      EXPECT_EQ(end.find("cut off: run 1 is not in the journal"), 0u) << end;
      return true;
    }
    EXPECT_EQ(end, "applied 2");
    EXPECT_EQ(db.run("SELECT count(*) FILTER (WHERE big = id), (SELECT sum(rows) FROM"
                     " aloft.backfill), (SELECT string_agg(state, ',') FROM aloft.run) FROM t"),
              "120|120|done\n");
  } catch (const DbError& error) {
    // Before the run was in the journal.
    EXPECT_TRUE(error.is_connection_lost()) << error.what();
    EXPECT_EQ(run.connections, 0);
  }
  return true;
}

TEST(FollowRun, GoesOnWhereverTheConnectionIsLost) {
  const TestDatabase db;
  const bool all = std::getenv("ALOFT_CRASH_ALL") != nullptr;
  int at = 0;
  for (bool more = true; more && !HasFailure(); at += all ? 1 : 7) {
    SCOPED_TRACE(testing::Message() << "lost at statement " << at);
    const Fault always = at % 2 == 0 ? Fault::BeforeItTookEffect : Fault::AfterItTookEffect;
    more = follows(db, at, always);
    if (all) follows(db, at, at % 2 != 0 ? Fault::BeforeItTookEffect : Fault::AfterItTookEffect);
  }
  EXPECT_GT(at, 40);
}

TEST(FollowRun, TellsWhyAndWhereAndNothingTwice) {
  const TestDatabase db;
  db.run("CREATE TABLE bomb AS SELECT 1 AS x");
  Following run(db);
  run.meanwhile = [&] { db.run("DELETE FROM bomb"); };
  EXPECT_EQ(describe(run.follow(deadly("FROM public.bomb"), db.connect())), "applied 2");
  const auto lines = run.observer.lines();
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_EQ(lines[3].find("note the connection was lost: terminating connection due to "
                          "administrator command (SQLSTATE 57P01); looking for"),
            0u)
      << lines[3];
  EXPECT_EQ(lines[4].find("note connected to the local server port "), 0u) << lines[4];
  EXPECT_EQ(lines[5], "start 2");
}

TEST(FollowRun, GivesUpAStepThatEndsItsServerAgainAndAgain) {
  const TestDatabase db;
  Following run(db);
  const std::string end = describe(run.follow(deadly(), db.connect()));
  EXPECT_NE(end.find("Step 2 was cut off 3 times with nothing done in between"), std::string::npos)
      << end;
  EXPECT_EQ(db.run("SELECT to_regclass('one') IS NULL, to_regclass('two') IS NULL"), "f|t\n");
}

TEST(FollowRun, DoesNotFollowWhereItIsNotAskedTo) {
  const TestDatabase db;
  Following run(db);
  run.options.reconnect_ms = 0;
  EXPECT_EQ(describe(run.follow(deadly(), db.connect())).find("cut off: the connection was lost"),
            0u);
  EXPECT_EQ(run.connections, 0);
}

TEST(FollowRun, WaitsWhileTheServerTakesNoWrites) {
  const TestDatabase db;
  db.run(kTable);
  const auto keep_read_only = [&](const std::string& value) {
    db.run("SET default_transaction_read_only = off; ALTER DATABASE " + db.name() +
           " SET default_transaction_read_only = " + value);
  };
  Plan plan = filling();
  // For later transactions of this session: the place in the journal is the first to be refused.
  plan.steps[0].sql.push_back("SET default_transaction_read_only = on");
  Following run(db);
  keep_read_only("on");
  run.clock.on_sleep = [&] { keep_read_only("off"); };
  auto session = db.connect();
  session->execute("SET default_transaction_read_only = off");
  EXPECT_EQ(describe(run.follow(plan, std::move(session))), "applied 2");
  EXPECT_EQ(run.observer.lines("note the connection was lost: cannot execute").size(), 1u);
  const auto waits = run.observer.lines("note not yet: ");
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_TRUE(waits[0].ends_with(" is read only")) << waits[0];
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "1000\n");
}

TEST(FollowRun, WaitsForALockThatTheLostSessionStillHolds) {
  const TestDatabase db;
  db.run("CREATE TABLE bomb AS SELECT 1 AS x");
  Following run(db);
  std::unique_ptr<Session> ghost;
  run.meanwhile = [&] {
    std::string holder;
    if (ghost) return;
    db.run("DELETE FROM bomb");
    ghost = db.connect();
    ASSERT_TRUE(take_run_lock(*ghost, holder)) << holder;
  };
  run.clock.on_sleep = [&] { ghost->execute("SELECT pg_advisory_unlock_all()"); };
  EXPECT_EQ(describe(run.follow(deadly("FROM public.bomb"), db.connect())), "applied 2");
  EXPECT_EQ(run.observer.lines("note not yet: the run lock is held by pid ").size(), 1u);
}

TEST(FollowRun, LeavesTheRunToWhoHasTakenItUp) {
  const TestDatabase db;
  for (const char* taken :
       {"epoch = epoch + 1", "state = 'superseded'", "epoch = epoch + 1, state = 'done'"}) {
    SCOPED_TRACE(taken);
    start_over(db, "DROP TABLE IF EXISTS one");
    Following run(db);
    run.meanwhile = [&] { db.run("UPDATE aloft.run SET " + std::string(taken)); };
    const std::string end = describe(run.follow(deadly(), db.connect()));
    EXPECT_NE(end.find("another aloft has taken this run up meanwhile (pid "), std::string::npos)
        << end;
    EXPECT_EQ(run.connections, 1);
  }
}

TEST(FollowRun, BeginsNothingOnAServerThatDoesNotKnowTheRun) {
  const TestDatabase db;
  Following run(db);
  run.meanwhile = [&] { db.run("DROP SCHEMA aloft CASCADE; DROP TABLE one"); };
  const std::string end = describe(run.follow(deadly(), db.connect()));
  EXPECT_EQ(end.find("cut off: run 1 is not in the journal"), 0u) << end;
  EXPECT_EQ(db.run("SELECT to_regnamespace('aloft') IS NULL"), "t\n");
}

TEST(FollowRun, StopsLookingWhenTold) {
  const TestDatabase db;
  Following run(db);
  run.meanwhile = [] { throw DbError("08001", "nobody there"); };
  run.clock.on_sleep = [&] { run.stop = true; };
  const std::string end = describe(run.follow(deadly(), db.connect()));
  EXPECT_TRUE(end.ends_with("; stopped, as asked")) << end;
}

}  // namespace
}  // namespace aloft::test
