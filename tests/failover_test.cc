// The server of a run is lost in the middle of a backfill: the run goes on by itself where the
// server comes back, or on the standby that is promoted.

#include <gtest/gtest.h>

#include "tests/aloft_process.h"
#include "tests/slow_fill.h"
#include "tests/support/pg_server.h"

namespace aloft::test {
namespace {

std::string in_postgres(const PgServer& server) {
  return server.conninfo() + " dbname=postgres";
}

void expect_says(const AloftProcess& run, const std::vector<std::string>& texts) {
  const std::string output = run.output();
  for (const std::string& text : texts)
    EXPECT_NE(output.find(text), std::string::npos) << "without \"" << text << "\":\n" << output;
}

TEST(Failover, GoesOnOnTheStandbyThatIsPromoted) {
  const PgServer primary;
  const PgServer standby(PgServer::StandbyOf{primary});
  const std::string either = "host=" + primary.host() + "," + standby.host() +
                             " port=" + primary.port() + "," + standby.port() +
                             " user=postgres dbname=postgres target_session_attrs=read-write";
  const SlowFill fill(in_postgres(primary), 300);
  AloftProcess run(fill.apply(either, {"--reconnect-timeout", "40s"}));
  ASSERT_TRUE(wait_for(in_postgres(standby), kHasBegun, "t")) << run.output();
  primary.stop_immediately();
  ask(in_postgres(standby), "SELECT pg_promote()");
  SlowFill::hurry(in_postgres(standby));
  EXPECT_EQ(run.wait(), 0);
  expect_says(run, {"the connection was lost: ", "going on with run 1", "port " + standby.port()});
  fill.expect_end(in_postgres(standby));
}

TEST(Failover, GoesOnWhenTheServerIsBack) {
  const PgServer server;
  const SlowFill fill(in_postgres(server), 300);
  AloftProcess run(fill.apply(in_postgres(server)));
  ASSERT_TRUE(wait_for(in_postgres(server), kHasBegun, "t")) << run.output();
  server.stop_immediately();
  server.start();
  SlowFill::hurry(in_postgres(server));
  EXPECT_EQ(run.wait(), 0);
  expect_says(run, {"the connection was lost: ", "going on with run 1"});
  fill.expect_end(in_postgres(server));
}

TEST(Failover, IsGivenUpInTimeAndGoneOnWithLater) {
  const PgServer server;
  const SlowFill fill(in_postgres(server), 300);
  AloftProcess run(fill.apply(in_postgres(server), {"--reconnect-timeout", "1s"}));
  ASSERT_TRUE(wait_for(in_postgres(server), kHasBegun, "t")) << run.output();
  server.stop_immediately();
  EXPECT_EQ(run.wait(), 1);
  expect_says(run, {"No server to go on with came within 1 s: ", "run the same command again"});
  server.start();
  SlowFill::hurry(in_postgres(server));
  AloftProcess again(fill.apply(in_postgres(server), {"--reconnect-timeout", "0"}));
  EXPECT_EQ(again.wait(), 0) << again.output();
  fill.expect_end(in_postgres(server));
}

}  // namespace
}  // namespace aloft::test
