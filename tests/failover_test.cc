// The server of a run is lost in the middle of a backfill: the run goes on by itself where the
// server comes back, or on the standby that is promoted.

#include <gtest/gtest.h>

#include "engine/execute/follow_run.h"
#include "tests/aloft_process.h"
#include "tests/execute/plans.h"
#include "tests/slow_fill.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

void expect_says(const AloftProcess& run, const std::vector<std::string>& texts) {
  const std::string output = run.output();
  for (const std::string& text : texts)
    EXPECT_NE(output.find(text), std::string::npos) << "without \"" << text << "\":\n" << output;
}

TEST(Failover, GoesOnWhenTheServerIsBack) {
  const TestDatabase db(mortal_server().conninfo());
  const SlowFill fill(db.conninfo(), 300);
  AloftProcess run(fill.apply(db.conninfo()));
  ASSERT_TRUE(wait_for(db.conninfo(), kHasBegun, "t")) << run.output();
  mortal_server().stop_immediately();
  mortal_server().start();
  SlowFill::hurry(db.conninfo());
  EXPECT_EQ(run.wait(), 0);
  expect_says(run, {"the connection was lost: ", "going on with run 1"});
  fill.expect_end(db.conninfo());
}

TEST(Failover, IsGivenUpInTimeAndGoneOnWithLater) {
  const TestDatabase db(mortal_server().conninfo());
  const SlowFill fill(db.conninfo(), 300);
  AloftProcess run(fill.apply(db.conninfo(), {"--reconnect-timeout", "1s"}));
  ASSERT_TRUE(wait_for(db.conninfo(), kHasBegun, "t")) << run.output();
  mortal_server().stop_immediately();
  EXPECT_EQ(run.wait(), 1);
  expect_says(run, {"No server to go on with came within 1 s: ", "run the same command again"});
  mortal_server().start();
  SlowFill::hurry(db.conninfo());
  AloftProcess again(fill.apply(db.conninfo(), {"--reconnect-timeout", "0"}));
  EXPECT_EQ(again.wait(), 0) << again.output();
  fill.expect_end(db.conninfo());
}

/// A run whose connection to `standby`, which was promoted, is lost; only `left_behind` answers.
Outcome come_back_to(const std::string& left_behind, const std::string& standby) {
  FakeClock clock;
  RecordingObserver observer;
  const std::atomic<bool> stop{false};
  return follow_run(
      [](Session&, const RunOptions& how) -> Outcome {
        if (how.left_off) return Applied{};
        throw RunCutOff(DbError("08006", "gone"), {.run = "1", .epoch = "9"});
      },
      {.reconnect_ms = 1000}, open_session(standby), [&] { return open_session(left_behind); },
      clock, observer, stop);
}

/// A backfill in a session of one server, where further connections come to another.
void expect_filled_there_alone(const std::string& there, const std::string& elsewhere) {
  Runner runner;
  runner.options.backfill.parallel_blocks = 1;
  runner.monitor = [&] { return open_session(elsewhere); };
  const Plan plan = plan_of({in_batches(
      "UPDATE public.t SET pad = 'new' WHERE (pad IS DISTINCT FROM 'new')", "public.t")});
  EXPECT_EQ(describe(runner.run(plan, *open_session(there))), "applied 1");
  EXPECT_EQ(runner.observer.lines("note a connection for the backfill came to another").size(), 1u);
  const char* const old = "SELECT count(*) FROM public.t WHERE pad <> 'new'";
  EXPECT_EQ(ask(there, old), "0");
  EXPECT_EQ(ask(elsewhere, old), "300");
}

TEST(Failover, GoesOnOnTheStandbyThatIsPromotedAndNeverBack) {
  const TestDatabase db(mortal_server().conninfo());
  const PgServer standby(PgServer::StandbyOf{mortal_server()});
  const std::string there = standby.conninfo() + " dbname=" + db.name();
  const std::string either = "host=" + mortal_server().host() + "," + standby.host() +
                             " port=" + mortal_server().port() + "," + standby.port() +
                             " user=postgres target_session_attrs=read-write dbname=" + db.name();
  const SlowFill fill(db.conninfo(), 300);
  AloftProcess run(fill.apply(either, {"--reconnect-timeout", "40s"}));
  ASSERT_TRUE(wait_for(there, kHasBegun, "t")) << run.output();
  mortal_server().stop_immediately();
  ask(there, "SELECT pg_promote()");
  SlowFill::hurry(there);
  EXPECT_EQ(run.wait(), 0);
  expect_says(run, {"the connection was lost: ", "going on with run 1", "port " + standby.port()});
  fill.expect_end(there);

  mortal_server().start();
  const Outcome outcome = come_back_to(db.conninfo(), there);
  ASSERT_TRUE(std::holds_alternative<CutOff>(outcome));
  EXPECT_NE(std::get<CutOff>(outcome).why.find(
                "is on timeline 00000001, which the run left for 00000002"),
            std::string::npos)
      << std::get<CutOff>(outcome).why;
  expect_filled_there_alone(there, db.conninfo());
}

TEST(ReplicaLag, PausesTheBackfillUntilTheStandbyHasCaughtUp) {
  const TestDatabase db(mortal_server().conninfo());
  const SlowFill fill(db.conninfo(), 150);
  const PgServer standby(PgServer::StandbyOf{mortal_server()}, {"recovery_min_apply_delay=3s"});
  const std::string there = standby.conninfo() + " dbname=" + db.name();
  AloftProcess run(fill.apply(db.conninfo(), {"--max-replay-lag-bytes", "20000"}));
  const std::string pauses = "SELECT throttled_by LIKE 'replica walreceiver is %' FROM aloft.run";
  ASSERT_TRUE(wait_for(db.conninfo(), pauses, "t")) << run.output();
  const std::string behind = "SELECT pg_wal_lsn_diff('" +
                             ask(db.conninfo(), "SELECT pg_current_wal_lsn()") +
                             "', pg_last_wal_replay_lsn()) > ";
  EXPECT_EQ(ask(there, behind + "0"), "t");
  EXPECT_TRUE(wait_for(db.conninfo(), "SELECT throttled_by IS NULL FROM aloft.run", "t"));
  EXPECT_EQ(ask(there, behind + "20000"), "f");
  SlowFill::hurry(db.conninfo());
  EXPECT_EQ(run.wait(), 0);
  expect_says(run, {"backfill pauses: replica walreceiver is ", "backfill goes on"});
  fill.expect_end(db.conninfo());
}

}  // namespace
}  // namespace aloft::test
