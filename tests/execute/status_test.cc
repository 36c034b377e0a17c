#include "engine/execute/status.h"

#include <gtest/gtest.h>

#include "engine/execute/direct_connection.h"
#include "tests/execute/filled_table.h"
#include "tests/support/fake_session.h"

namespace aloft::test {
namespace {

TEST(Status, IsNothingWhereNoRunIsOpen) {
  const TestDatabase db;
  EXPECT_FALSE(read_status(*db.connect()));
  EXPECT_FALSE(pause_run(*db.connect()));
}

TEST(Status, TellsHowFarTheRunIsFromAnotherTerminal) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  std::optional<RunStatus> seen;
  runner.observer.on_progress = [&] {
    if (!seen) seen = read_status(*db.connect());
  };
  const auto session = db.connect();
  ASSERT_EQ(describe(runner.run(filling(), *session)), "applied 2");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->run.state, "running");
  EXPECT_NE(seen->at_work.find("user postgres"), std::string::npos);
  EXPECT_EQ(seen->steps_done(), 1u);
  ASSERT_NE(seen->next(), nullptr);
  EXPECT_EQ(seen->next()->id, "2");
  ASSERT_EQ(seen->backfills.size(), 1u);
  const BackfillStatus& backfill = seen->backfills[0];
  EXPECT_GT(backfill.rows, 0);
  EXPECT_LT(backfill.rows, 1000);
  EXPECT_LT(backfill.blocks_done, backfill.blocks);
  EXPECT_GE(backfill.left_ms, 0);
  EXPECT_FALSE(read_status(*db.connect()));
}

TEST(Status, ReachesTheRunThatIsUnderWay) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.options.backfill.share = 0;  // what the test asks counts as an application at work
  bool paused = false;
  runner.observer.on_progress = [&] {
    if (paused) return;
    EXPECT_TRUE(pause_run(*db.connect()));
    EXPECT_TRUE(throttle_run(*db.connect(), 77));
    paused = true;
  };
  runner.clock.on_sleep = [&] {
    const auto status = read_status(*db.connect());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->paused_by.find("postgres from "), 0u);
    EXPECT_EQ(status->throttled_by, "paused by " + status->paused_by);
    EXPECT_EQ(status->batch_ms, 77);
    EXPECT_TRUE(resume_run(*db.connect()));
  };
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_EQ(runner.clock.sleeps.size(), 1u);
}

/// An open run whose journal is of a version that kept no stalls.
void run_by_an_earlier_version(const TestDatabase& db) {
  db.run(kTable);
  Runner runner;
  runner.options.backfill.limits.query = "SELECT true";
  runner.clock.on_sleep = [&] { runner.stop = true; };
  ASSERT_EQ(describe(runner.run(filling(), *db.connect())), "stopped 2");
  db.run("DROP TABLE aloft.stall");
}

TEST(JournalOfAnEarlierVersion, IsReadAndTakenUp) {
  const TestDatabase db;
  run_by_an_earlier_version(db);
  const auto before = read_status(*db.connect());
  ASSERT_TRUE(before);
  EXPECT_EQ(before->steps_done(), 1u);
  EXPECT_FALSE(before->stalls);
  Runner again;
  EXPECT_EQ(describe(again.run(filling(), *db.connect())), "applied 1");
  EXPECT_EQ(db.run("SELECT run, tries FROM aloft.stall"), "1|0\n");
}

TEST(JournalOfAnEarlierVersion, IsTakenUpByALoginThatDoesNotOwnIt) {
  const TestDatabase db;
  run_by_an_earlier_version(db);
  const std::string role = db.name() + "_runner";
  db.run("CREATE ROLE " + role + " LOGIN; GRANT USAGE, CREATE ON SCHEMA aloft TO " + role +
         "; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA aloft TO " + role +
         "; ALTER TABLE t OWNER TO " + role);
  {
    Runner again;
    const auto session = open_session(db.conninfo() + " user=" + role);
    EXPECT_EQ(describe(again.run(filling(), *session)), "applied 1");
  }
  EXPECT_EQ(db.run("SELECT count(*) FROM aloft.stall"), "1\n");
  db.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST(Status, DoesWithoutWhatThisLoginMayNotRead) {
  const TestDatabase db;
  run_by_an_earlier_version(db);
  const std::string role = db.name() + "_reader";
  db.run("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA aloft TO " + role +
         "; GRANT SELECT ON ALL TABLES IN SCHEMA aloft TO " + role +
         "; CREATE TABLE aloft.stall (run bigint)");
  const auto status = read_status(*open_session(db.conninfo() + " user=" + role));
  ASSERT_TRUE(status);
  EXPECT_FALSE(status->stalls);
  db.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST(DirectConnection, IsToldFromAPoolerThatGivesEachTransactionAnotherSession) {
  const TestDatabase db;
  EXPECT_EQ(pooler_between(*db.connect(), [&] { return db.connect(); }), "");
  FakeSession pooled;
  int pid = 10;
  pooled.on("current_setting('aloft.session_mark'", FakeSession::Answer([&pid]() -> Rows {
              return {{std::to_string(pid++), "10"}};
            }));
  EXPECT_NE(pooler_between(pooled, nullptr).find("connect to the server itself"),
            std::string::npos);
}

TEST(DirectConnection, IsToldFromAPoolerThatForgetsSettings) {
  FakeSession pooled;
  pooled.on("current_setting('aloft.session_mark'", Rows{{"10", ""}});
  EXPECT_NE(pooler_between(pooled, nullptr), "");
}

}  // namespace
}  // namespace aloft::test
