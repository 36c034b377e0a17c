// Two runners of one database: while one is at work the other is refused; where one is stopped and
// loses its session another takes the run over, and the stale one does nothing more.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <sstream>
#include <utility>

#include "tests/aloft_process.h"
#include "tests/slow_fill.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

constexpr const char* kHolder =
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 1634496358 AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())";

TEST(TwoRunners, TheSecondIsRefusedAtOnceAndToldOfTheFirst) {
  const TestDatabase db(mortal_server().conninfo());
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

/// Stops the process while one of its workers is in the middle of a batch, its UPDATE done and
/// nothing recorded, and no session of it is further. The pid of the worker's session, which is not
/// the run's own; "" where that never came.
std::string stop_in_a_batch(const TestDatabase& db, const AloftProcess& run) {
  for (int tries = 0; tries < 50; ++tries) {
    run.signal(SIGSTOP);
    // Waits for the statements that are under way.
    if (!wait_for(db.conninfo(),
                  "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND"
                  " application_name = 'aloft' AND state = 'active'",
                  "0"))
      return "";
    const std::string pids =
        ask(db.conninfo(),
            "SELECT min(pid) FROM pg_stat_activity WHERE datname = current_database() AND state ="
            " 'idle in transaction' HAVING bool_and(query LIKE 'WITH done%' AND pid <> (" +
                std::string(kHolder) + "))");
    if (!pids.empty()) return pids;
    run.signal(SIGCONT);
  }
  return "";
}

/// The statements that a session has run by the server's log, the last two of them.
std::string last_statements(const std::string& pid) {
  std::istringstream log(mortal_server().log());
  std::string before, last;
  for (std::string line; std::getline(log, line);) {
    const auto at = line.find(": ", line.find("execute <unnamed>"));
    if (line.find("[" + pid + "]") == std::string::npos || at == std::string::npos) continue;
    before = std::exchange(last, line.substr(at + 2));
  }
  return before + "\n" + last;
}

TEST(TwoRunners, TheOneThatSleptThroughATakeOverDoesNothingMore) {
  const TestDatabase db(mortal_server().conninfo());
  db.run("ALTER DATABASE " + db.name() + " SET log_statement = 'all'");
  const SlowFill fill(db.conninfo(), 1100);  // blocks enough for workers
  // Workers whoever else is at work: what this test asks the server looks like an application.
  AloftProcess stale(fill.apply(db.conninfo(), {"--share", "0"}));
  ASSERT_TRUE(wait_for(db.conninfo(), kHasBegun, "t")) << stale.output();
  const std::string worker = stop_in_a_batch(db, stale);
  ASSERT_NE(worker, "") << stale.output();
  ask(db.conninfo(), "SELECT pg_terminate_backend((" + std::string(kHolder) + "))");
  AloftProcess next(fill.apply(db.conninfo()));
  ASSERT_TRUE(wait_for(db.conninfo(), "SELECT epoch FROM aloft.run", "2")) << next.output();
  SlowFill::hurry(db.conninfo());
  stale.signal(SIGCONT);
  EXPECT_EQ(stale.wait(), 1);
  EXPECT_NE(stale.output().find("another aloft has taken this run up meanwhile (pid "),
            std::string::npos)
      << stale.output();
  // What the worker wanted to record met the later epoch, and went with its batch.
  const std::string last = last_statements(worker);
  EXPECT_NE(last.find("aloft.backfill"), std::string::npos) << last;
  EXPECT_NE(last.find("epoch = 1"), std::string::npos) << last;
  EXPECT_TRUE(last.ends_with("\nROLLBACK")) << last;
  EXPECT_EQ(next.wait(), 0) << next.output();
  EXPECT_EQ(ask(db.conninfo(), "SELECT epoch FROM aloft.run"), "2");
  fill.expect_end(db.conninfo());
}

}  // namespace
}  // namespace aloft::test
