// An application that writes and reads a table with partitions while the key of it becomes a
// bigint: rows of every partition, moved between them too, and partitions that are made while the
// run waits. No statement of it fails, and every write it committed is there in the end, by its own
// second record.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <random>
#include <thread>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "tests/online_run.h"

namespace aloft {
namespace {

using test::TestDatabase;

constexpr unsigned kClients = 4;
constexpr int kRows = 2000;

const std::string kLedger = "CREATE TABLE ledger (id bigint PRIMARY KEY, n integer NOT NULL);";

std::string schema(const std::string& type, const std::string& more = "") {
  return "CREATE TABLE readings (id " + type +
         ", day integer NOT NULL, n integer NOT NULL DEFAULT 1,"
         " PRIMARY KEY (id, day)) PARTITION BY RANGE (day);"
         "CREATE TABLE readings_0 PARTITION OF readings FOR VALUES FROM (0) TO (10);"
         "CREATE TABLE readings_10 PARTITION OF readings FOR VALUES FROM (10) TO (20)"
         " PARTITION BY LIST (day);"
         "CREATE TABLE readings_12 PARTITION OF readings_10 FOR VALUES IN (12, 13);"
         "CREATE TABLE readings_1x PARTITION OF readings_10 DEFAULT;"
         "CREATE TABLE readings_rest PARTITION OF readings DEFAULT;" +
         more + "CREATE INDEX readings_id_idx ON readings (id);" + kLedger;
}

/// Each client has rows of its own: of two that move one row, PostgreSQL fails one (40001).
class Writers {
 public:
  explicit Writers(const TestDatabase& database) {
    for (unsigned i = 0; i < kClients; ++i)
      clients_.emplace_back([this, i, session = database.connect()] { work(i, *session); });
  }
  ~Writers() { finish(); }

  void work_for(int transactions) const {
    const int enough = transactions_ + transactions;
    while (transactions_ < enough) std::this_thread::yield();
  }
  void finish() {
    over_ = true;
    for (std::thread& client : clients_)
      if (client.joinable()) client.join();
  }
  const std::vector<std::string>& errors() const { return errors_; }

 private:
  void work(unsigned client, Session& session) {
    std::mt19937 random(client);
    session.execute("SET search_path = public");
    while (!over_) {
      try {
        session.execute("BEGIN");
        once(client, session, random);
        session.execute("COMMIT");
      } catch (const DbError& error) {
        const std::lock_guard lock(mutex_);
        errors_.push_back(error.what());
        session.execute("ROLLBACK");
      }
      ++transactions_;
    }
  }

  static void once(unsigned client, Session& session, std::mt19937& random) {
    const auto any = [&](unsigned most) { return static_cast<unsigned>(random() % most); };
    const std::string id = std::to_string(client + kClients * (1 + any(kRows / kClients - 1)));
    const std::string day = std::to_string(any(26));
    switch (any(5)) {
      case 0: {
        const Rows made =
            session.query("INSERT INTO readings (day, n) VALUES (" + day + ", 3) RETURNING id");
        session.execute("INSERT INTO ledger VALUES (" + made[0][0].value_or("") + ", 3)");
      } break;
      case 1:
        if (!session.query("UPDATE readings SET n = n + 2 WHERE id = " + id + " RETURNING 1")
                 .empty())
          session.execute("UPDATE ledger SET n = n + 2 WHERE id = " + id);
        break;
      case 2: session.execute("UPDATE readings SET day = " + day + " WHERE id = " + id); break;
      case 3:
        if (!session.query("DELETE FROM readings WHERE id = " + id + " RETURNING 1").empty())
          session.execute("DELETE FROM ledger WHERE id = " + id);
        break;
      default: session.query("SELECT count(*) FROM readings WHERE id = " + id); break;
    }
  }

  std::atomic<bool> over_{false};
  std::atomic<int> transactions_{0};
  std::mutex mutex_{};
  std::vector<std::string> errors_{};
  std::vector<std::thread> clients_{};
};

class PartitionDowntime : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(file_, schema("bigserial"));
    database_.run(schema("serial") +
                  "INSERT INTO readings (day, n) SELECT g % 26, g % 7 FROM"
                  " generate_series(1, " +
                  std::to_string(kRows) +
                  ") g; INSERT INTO ledger SELECT id, n FROM readings; ANALYZE");
  }
  void TearDown() override { std::remove(file_.c_str()); }

  void carry_out(const Plan& plan, Session& session, bool contract, std::int64_t soak_ms = 0) {
    const Outcome outcome = test::run_online(plan, session, contract, {}, soak_ms);
    if (const auto* failed = std::get_if<Failed>(&outcome))
      FAIL() << "step " << failed->step << ": " << failed->message;
    ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
  }

  void expect_untroubled(Writers& application) {
    application.finish();
    EXPECT_TRUE(application.errors().empty())
        << application.errors().size() << " errors, as " << application.errors().front();
    EXPECT_EQ(database_.run("SELECT id, r.n, l.n FROM (SELECT id::bigint, n FROM readings) r FULL"
                            " JOIN ledger l USING (id) WHERE r.n IS DISTINCT FROM l.n"),
              "");
  }

  TestDatabase database_;
  std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
};

constexpr const char* kNewPartition =
    "BEGIN; LOCK TABLE readings; CREATE TABLE readings_20 PARTITION OF readings FOR VALUES FROM"
    " (100) TO (200); COMMIT; INSERT INTO readings (day, n) SELECT 100 + g, 5 FROM"
    " generate_series(1, 50) g; INSERT INTO ledger SELECT id, n FROM readings_20;";

TEST_F(PartitionDowntime, NothingFailsAndNothingIsLostWithAPartitionMadeMeanwhile) {
  const auto session = database_.connect();
  const Plan plan = test::online_plan(*session, file_);
  ASSERT_FALSE(plan.scaffold.empty());
  Writers application(database_);
  carry_out(plan, *session, false);
  application.work_for(100);
  database_.run(kNewPartition);
  carry_out(plan, *session, true);
  application.work_for(100);
  expect_untroubled(application);
  const std::string partition =
      "CREATE TABLE readings_20 PARTITION OF readings FOR VALUES FROM (100) TO (200);";
  const TestDatabase fresh;
  fresh.run(schema("bigserial", partition));
  test::expect_same_schema(database_, fresh);
}

TEST_F(PartitionDowntime, NothingFailsAndNothingIsLostOnTheWayBackFromTheCutOver) {
  const TestDatabase before = database_.copy();
  Writers application(database_);
  {
    const auto session = database_.connect();
    carry_out(test::online_plan(*session, file_), *session, true, 3'600'000);
  }
  application.work_for(100);
  test::take_back(database_);
  application.work_for(100);
  expect_untroubled(application);
  test::expect_same_schema(database_, before);
}

TEST_F(PartitionDowntime, ADefaultOfItsOwnOfANewPartitionStopsTheCutOver) {
  {
    const auto session = database_.connect();
    const Plan plan = test::online_plan(*session, file_);
    carry_out(plan, *session, false);
    database_.run(
        "CREATE TABLE readings_20 PARTITION OF readings (id DEFAULT 7) FOR VALUES FROM (100) TO"
        " (200)");
    const Outcome outcome = test::run_online(plan, *session, true);
    const auto* failed = std::get_if<Failed>(&outcome);
    ASSERT_TRUE(failed != nullptr);
    EXPECT_NE(failed->message.find("has a default of its own for id"), std::string::npos)
        << failed->message;
  }
  test::take_back(database_);
  EXPECT_EQ(database_.run("INSERT INTO readings_20 (day) VALUES (150) RETURNING id"), "7\n");
}

}  // namespace
}  // namespace aloft
