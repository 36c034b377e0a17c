#include "tests/support/let_wait.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace aloft::test {

void let_wait(const TestDatabase& database, const std::string& first, const std::string& second) {
  const auto holder = database.connect(), waiter = database.connect();
  holder->execute("BEGIN");
  holder->query(first);
  const std::string pid = waiter->query("SELECT pg_backend_pid()")[0][0].value_or("");
  auto waits = std::async(std::launch::async, [&] { waiter->query(second); });
  const std::string blocked = "SELECT cardinality(pg_blocking_pids(" + pid + ")) > 0";
  while (holder->query(blocked)[0][0] != "t" &&
         waits.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    std::this_thread::yield();
  EXPECT_NE(waits.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  holder->execute("COMMIT");
  waits.get();
}

}  // namespace aloft::test
