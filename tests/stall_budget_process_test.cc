// The program against somebody who holds a lock: its tries use its budget of stalls up, it says so
// and waits, and a second process knows of the first one's tries.

#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>

#include "engine/base/file_reader.h"
#include "tests/aloft_process.h"
#include "tests/slow_fill.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

constexpr const char* kWaits =
    "SELECT coalesce(bool_or(throttled_by LIKE 'step 1 waits % s for its lock: writes may have"
    " waited % ms for this run within the last minute, and the budget is 400 ms'), false)"
    " FROM aloft.run";

class StallBudgetProcess : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string table = "CREATE TABLE public.t (id integer";
    database_.run(table + ");");
    write_file(desired_, table + ", note text);");
    // So that the holder is not one whose end is not worth a try.
    write_file(config_, "stall_budget_ms = 400\nlock_timeout_ms = 60000\n");
  }
  void TearDown() override {
    std::remove(desired_.c_str());
    std::remove(config_.c_str());
  }

  std::vector<std::string> apply() const {
    return {"apply",  "--db", database_.conninfo(), "--config", config_, "--desired",
            desired_, "--yes"};
  }
  std::string status() const {
    AloftProcess status({"status", "--db", database_.conninfo()});
    status.wait();
    return status.output();
  }
  /// The run waits, nothing of it is tried meanwhile, and it can be stopped.
  void expect_waits(AloftProcess& run) const {
    ASSERT_TRUE(wait_for(database_.conninfo(), kWaits, "t")) << run.output();
    EXPECT_NE(run.output().find("waited"), std::string::npos) << run.output();
    EXPECT_NE(status().find("waits      step 1 waits "), std::string::npos) << status();
    EXPECT_EQ(database_.run("SELECT pg_sleep(1); SELECT count(*) FROM pg_locks WHERE relation ="
                            " 't'::regclass AND mode = 'AccessExclusiveLock'"),
              "\n0\n");
    run.signal(SIGINT);
    EXPECT_EQ(run.wait(), 1);
    EXPECT_EQ(
        database_.run("SELECT state, throttled_by IS NULL FROM aloft.run ORDER BY id DESC LIMIT 1"),
        "stopped|t\n");
  }

  const TestDatabase database_;
  const std::string desired_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
  const std::string config_ = ::testing::TempDir() + "/" + database_.name() + ".toml";
};

TEST_F(StallBudgetProcess, IsWaitedForAndOutlivesTheProcess) {
  auto holder = database_.connect();
  holder->execute("BEGIN");
  holder->query("SELECT * FROM public.t");
  {
    AloftProcess run(apply());
    expect_waits(run);
    EXPECT_NE(run.output().find("the lock is taken (try 1)"), std::string::npos) << run.output();
    EXPECT_EQ(run.output().find("(try 2)"), std::string::npos) << run.output();
  }
  EXPECT_EQ(database_.run("SELECT tries, gave_up, total_ms >= 400 FROM aloft.stall"), "1|1|t\n");
  holder.reset();
  AloftProcess again(apply());
  expect_waits(again);

  database_.run("UPDATE aloft.recent_stall SET ended = ended - interval '1 minute'");
  AloftProcess later(apply());
  EXPECT_EQ(later.wait(), 0) << later.output();
  EXPECT_EQ(database_.run("SELECT sum(tries), sum(gave_up) FROM aloft.stall"), "2|1\n");
}

TEST_F(StallBudgetProcess, IsWhatTheCommandLineSaysBeforeTheFile) {
  auto words = apply();
  words.insert(words.end(), {"--stall-budget", "0"});
  database_.run(
      "CREATE SCHEMA aloft; CREATE TABLE aloft.recent_stall (run bigint, ended timestamptz, ms"
      " bigint); INSERT INTO aloft.recent_stall VALUES (0, clock_timestamp(), 400)");
  AloftProcess run(words);
  EXPECT_EQ(run.wait(), 0) << run.output();
}

}  // namespace
}  // namespace aloft::test
