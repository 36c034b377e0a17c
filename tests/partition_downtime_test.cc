// An application that writes and reads a table with partitions while the key of it becomes a
// bigint, with the foreign keys from and to it: rows of every partition, moved between them too,
// deletes and moves that go on to others by foreign keys, and partitions that are made while the
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
constexpr int kAccounts = 200;

/// What the application knows by itself of each reading, and of each note.
const std::string kLedger =
    "CREATE TABLE ledger (id bigint PRIMARY KEY, n integer NOT NULL, account bigint);"
    "CREATE INDEX ON ledger (account);"
    "CREATE TABLE note_ledger (id bigint PRIMARY KEY, reading bigint NOT NULL);"
    "CREATE INDEX ON note_ledger (reading);";

/// Both `serial` and `integer` are what becomes a bigint.
std::string schema(const std::string& serial, const std::string& integer,
                   const std::string& more = "") {
  return "CREATE TABLE accounts (id " + serial +
         " PRIMARY KEY, owner integer NOT NULL);"
         "CREATE TABLE readings (id " +
         serial + ", day integer NOT NULL, n integer NOT NULL DEFAULT 1, account " + integer +
         " REFERENCES accounts ON DELETE CASCADE,"
         " PRIMARY KEY (id, day)) PARTITION BY RANGE (day);"
         "CREATE TABLE readings_0 PARTITION OF readings FOR VALUES FROM (0) TO (10);"
         "CREATE TABLE readings_10 PARTITION OF readings FOR VALUES FROM (10) TO (20)"
         " PARTITION BY LIST (day);"
         "CREATE TABLE readings_12 PARTITION OF readings_10 FOR VALUES IN (12, 13);"
         "CREATE TABLE readings_1x PARTITION OF readings_10 DEFAULT;"
         "CREATE TABLE readings_rest PARTITION OF readings DEFAULT;" +
         more +
         "CREATE INDEX readings_id_idx ON readings (id);"
         "CREATE INDEX readings_account_idx ON readings (account);"
         "CREATE TABLE notes (id bigserial PRIMARY KEY, reading " +
         integer +
         ", day integer,"
         " FOREIGN KEY (reading, day) REFERENCES readings ON UPDATE CASCADE ON DELETE CASCADE);"
         "CREATE INDEX notes_reading_idx ON notes (reading);" +
         kLedger;
}

const std::string kRowsOfBefore =
    "INSERT INTO accounts (owner) SELECT g % 4 FROM generate_series(1, " +
    std::to_string(kAccounts) +
    ") g; INSERT INTO readings (day, n, account) SELECT g % 26, g % 7, 1 + g % " +
    std::to_string(kAccounts) + " FROM generate_series(1, " + std::to_string(kRows) +
    ") g; INSERT INTO notes (reading, day) SELECT id, day FROM readings WHERE id % 3 = 0;"
    "INSERT INTO ledger SELECT id, n, account FROM readings;"
    "INSERT INTO note_ledger SELECT id, reading FROM notes; ANALYZE";

/// Each client has accounts of its own, and their rows: of two that move one row, PostgreSQL fails
/// one (40001).
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
    const auto any = [&](unsigned most) { return std::to_string(random() % most); };
    const Rows mine =
        session.query("SELECT id FROM accounts WHERE owner = " + std::to_string(client) +
                      " ORDER BY random() LIMIT 1");
    if (mine.empty() || random() % 10 == 0) {
      session.execute("INSERT INTO accounts (owner) VALUES (" + std::to_string(client) + ")");
      return;
    }
    const std::string account = mine[0][0].value_or("");
    const std::string reading = "(SELECT min(id) FROM readings WHERE account = " + account + ")";
    switch (random() % 7) {
      case 0: add_reading(session, any(26), account); break;
      case 1:
        session.execute("UPDATE readings SET n = n + 2 WHERE account = " + account);
        session.execute("UPDATE ledger SET n = n + 2 WHERE account = " + account);
        break;
      case 2:
        session.execute("UPDATE readings SET day = " + any(26) + " WHERE id = " + reading);
        break;
      case 3: delete_reading(session, reading); break;
      case 4: add_note(session, reading); break;
      case 5:
        if (random() % 8 == 0) delete_account(session, account);
        break;
      default: session.query("SELECT count(*) FROM readings WHERE id = " + reading); break;
    }
  }

  static void add_reading(Session& session, const std::string& day, const std::string& account) {
    const Rows made = session.query("INSERT INTO readings (day, n, account) VALUES (" + day +
                                    ", 3, " + account + ") RETURNING id");
    session.execute("INSERT INTO ledger VALUES (" + made[0][0].value_or("") + ", 3, " + account +
                    ")");
  }
  static void add_note(Session& session, const std::string& reading) {
    const Rows made = session.query(
        "INSERT INTO notes (reading, day) SELECT id, day FROM readings WHERE id = " + reading +
        " RETURNING id, reading");
    if (!made.empty())
      session.execute("INSERT INTO note_ledger VALUES (" + made[0][0].value_or("") + ", " +
                      made[0][1].value_or("") + ")");
  }
  static void delete_reading(Session& session, const std::string& reading) {
    const Rows gone = session.query("DELETE FROM readings WHERE id = " + reading + " RETURNING id");
    if (gone.empty()) return;
    const std::string id = gone[0][0].value_or("");
    session.execute("DELETE FROM ledger WHERE id = " + id);
    session.execute("DELETE FROM note_ledger WHERE reading = " + id);
  }
  static void delete_account(Session& session, const std::string& account) {
    session.execute("DELETE FROM accounts WHERE id = " + account);
    session.execute(
        "DELETE FROM note_ledger WHERE reading IN (SELECT id FROM ledger WHERE"
        " account = " +
        account + ")");
    session.execute("DELETE FROM ledger WHERE account = " + account);
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
    write_file(file_, schema("bigserial", "bigint"));
    database_.run(schema("serial", "integer") + kRowsOfBefore);
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
    EXPECT_EQ(database_.run("SELECT id, r.n, l.n FROM (SELECT id::bigint, n, account FROM readings)"
                            " r FULL JOIN ledger l USING (id) WHERE (r.n, r.account) IS DISTINCT"
                            " FROM (l.n, l.account)"),
              "");
    EXPECT_EQ(database_.run("SELECT id, n.reading, l.reading FROM notes n FULL JOIN note_ledger l"
                            " USING (id) WHERE n.reading IS DISTINCT FROM l.reading"),
              "");
    EXPECT_EQ(database_.run("SELECT n.id FROM notes n LEFT JOIN readings r ON r.id = n.reading AND"
                            " r.day = n.day WHERE r.id IS NULL"),
              "");
  }

  TestDatabase database_;
  std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
};

/// The new partition gets the foreign keys too: each transaction of the application begins with an
/// account, so that locked in this order nobody waits for the other.
constexpr const char* kNewPartition =
    "BEGIN; LOCK TABLE accounts, readings, notes; CREATE TABLE readings_20 PARTITION OF readings "
    "FOR VALUES FROM"
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
  fresh.run(schema("bigserial", "bigint", partition));
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
