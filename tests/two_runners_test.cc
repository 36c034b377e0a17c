// Two runners of one database: while one is at work the other is refused; where one is stopped and
// loses its session another takes the run over, and the stale one does nothing more.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "tests/aloft_process.h"
#include "tests/slow_fill.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

constexpr const char* kHolder =
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 1634496358 AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())";

TEST(TwoRunners, TheSecondIsRefusedAtOnceAndToldOfTheFirst) {
  const TestDatabase db;
  const SlowFill fill(db.conninfo(), 300);
  AloftProcess first(fill.apply(db.conninfo()));
  ASSERT_TRUE(wait_for(db.conninfo(), kHasBegun, "t")) << first.output();
  const std::string holder =
      ask(db.conninfo(),
          "SELECT concat('pid ', pid, ', user postgres, from a local socket, connected ',"
          " date_trunc('second', backend_start)) FROM pg_stat_activity WHERE pid = (" +
              std::string(kHolder) + ")");
  const auto start = std::chrono::steady_clock::now();
  AloftProcess second(fill.apply(db.conninfo()));
  EXPECT_EQ(second.wait(), 1);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_NE(second.output().find("another run is under way in this database: " + holder),
            std::string::npos)
      << second.output() << "\nholder: " << holder;
  SlowFill::hurry(db.conninfo());
  EXPECT_EQ(first.wait(), 0) << first.output();
  fill.expect_end(db.conninfo());
}

TEST(TwoRunners, TheOneThatSleptThroughATakeOverDoesNothingMore) {
  const TestDatabase db;
  const SlowFill fill(db.conninfo(), 1100);  // blocks enough for workers
  AloftProcess stale(fill.apply(db.conninfo()));
  ASSERT_TRUE(wait_for(db.conninfo(), kHasBegun, "t")) << stale.output();
  stale.signal(SIGSTOP);
  // Its workers keep their sessions, one of them most likely in the middle of a batch.
  ask(db.conninfo(), "SELECT pg_terminate_backend((" + std::string(kHolder) + "))");
  AloftProcess next(fill.apply(db.conninfo()));
  ASSERT_TRUE(wait_for(db.conninfo(), "SELECT epoch FROM aloft.run", "2")) << next.output();
  SlowFill::hurry(db.conninfo());
  stale.signal(SIGCONT);
  EXPECT_EQ(stale.wait(), 1);
  EXPECT_NE(stale.output().find("another aloft has taken this run up meanwhile (pid "),
            std::string::npos)
      << stale.output();
  EXPECT_EQ(next.wait(), 0) << next.output();
  EXPECT_EQ(ask(db.conninfo(), "SELECT epoch FROM aloft.run"), "2");
  fill.expect_end(db.conninfo());
}

}  // namespace
}  // namespace aloft::test
