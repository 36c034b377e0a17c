// Applications that say the old names and applications that say the new ones, at the same time,
// throughout the rename of a column and of a table by way of views, and of a column by way of two
// columns: no statement fails, and every write that they committed is there in the end, by their
// own second record.

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "tests/online_run.h"

namespace aloft {
namespace {

using test::TestDatabase;

constexpr const char* kOld = R"(
CREATE TABLE orders (
  id bigserial PRIMARY KEY,
  cust integer NOT NULL DEFAULT 7 CHECK (cust > 0)
);
CREATE INDEX ON orders (cust);
CREATE TABLE lines (id bigserial PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE);
CREATE TABLE ledger (id bigint PRIMARY KEY, cust integer);
)";

constexpr const char* kNew = R"(
CREATE TABLE orders (
  id bigserial PRIMARY KEY,
  -- aloft: renamed from cust
  customer integer NOT NULL DEFAULT 7 CHECK (customer > 0)
);
CREATE INDEX ON orders (customer);
-- aloft: renamed from lines
CREATE TABLE order_lines (
  id bigserial PRIMARY KEY,
  order_id bigint REFERENCES orders ON DELETE CASCADE
);
CREATE TABLE ledger (id bigint PRIMARY KEY, cust integer);
)";

constexpr const char* kTwoColumns = R"(
CREATE TABLE orders (
  id bigserial PRIMARY KEY,
  -- aloft: using cust
  -- aloft: reverse cust = customer
  customer integer NOT NULL DEFAULT 7 CHECK (customer > 0)
);
CREATE INDEX ON orders (customer);
CREATE TABLE lines (id bigserial PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE);
CREATE TABLE ledger (id bigint PRIMARY KEY, cust integer);
)";

struct Way {
  const char* name;
  const char* desired;
  const char* lines;  ///< the table's name for the new application
};

/// Four sessions of an application that says these names.
class Application {
 public:
  Application(const TestDatabase& database, std::string column, std::string lines)
      : column_(std::move(column)), lines_(std::move(lines)) {
    for (unsigned i = 0; i < 4; ++i)
      clients_.emplace_back([this, &database, i] { work(database, i); });
  }
  ~Application() { stop(); }

  /// Until it has carried out so many transactions more.
  void work_for(int transactions) const {
    const int enough = transactions_ + transactions;
    while (transactions_ < enough) std::this_thread::yield();
  }

  std::vector<std::string> stop() {
    over_ = true;
    for (std::thread& client : clients_)
      if (client.joinable()) client.join();
    return errors_;
  }

 private:
  void work(const TestDatabase& database, unsigned seed) {
    const auto session = database.connect();
    std::mt19937 random(seed);
    session->execute("SET search_path = public");
    session->execute("PREPARE put AS INSERT INTO orders (" + column_ +
                     ") VALUES ($1) RETURNING id");
    while (!over_) {
      try {
        once(*session, random);
        ++transactions_;
      } catch (const DbError& error) {
        const std::lock_guard lock(mutex_);
        errors_.push_back(error.what());
        session->execute("ROLLBACK");
      }
    }
  }

  void once(Session& session, std::mt19937& random) const {
    const std::string id = std::to_string(1 + random() % 1000),
                      value = std::to_string(1 + random() % 9);
    session.execute("BEGIN");
    switch (random() % 6) {
      case 0: {
        const std::string made =
            session.query("EXECUTE put (" + value + ")").at(0).at(0).value_or("");
        session.execute("INSERT INTO " + lines_ + " (order_id) VALUES (" + made + ")");
        session.execute("INSERT INTO ledger VALUES (" + made + ", " + value + ")");
      } break;
      case 1: {
        const Rows made =
            session.query("INSERT INTO orders DEFAULT VALUES RETURNING id, " + column_);
        session.execute("INSERT INTO ledger VALUES (" + made[0][0].value_or("") + ", " +
                        made[0][1].value_or("") + ")");
      } break;
      case 2:
        if (!session
                 .query("UPDATE orders SET " + column_ + " = " + value + " WHERE id = " + id +
                        " RETURNING 1")
                 .empty())
          session.execute("UPDATE ledger SET cust = " + value + " WHERE id = " + id);
        break;
      case 3:
        session.execute("INSERT INTO orders (id, " + column_ + ") VALUES (" + id + ", " + value +
                        ") ON CONFLICT (id) DO UPDATE SET " + column_ + " = EXCLUDED." + column_);
        session.execute("INSERT INTO ledger VALUES (" + id + ", " + value +
                        ") ON CONFLICT (id) DO UPDATE SET cust = EXCLUDED.cust");
        break;
      case 4:
        if (!session.query("DELETE FROM orders WHERE id = " + id + " RETURNING 1").empty())
          session.execute("DELETE FROM ledger WHERE id = " + id);
        break;
      default:
        session.query("SELECT o." + column_ + ", count(l.id) FROM orders o LEFT JOIN " + lines_ +
                      " l ON l.order_id = o.id WHERE o.id = " + id + " GROUP BY 1");
    }
    session.execute("COMMIT");
  }

  const std::string column_, lines_;
  std::atomic<bool> over_{false};
  std::atomic<int> transactions_{0};
  std::mutex mutex_;
  std::vector<std::string> errors_;
  std::vector<std::thread> clients_;
};

class RenameDowntime : public ::testing::TestWithParam<Way> {};

TEST_P(RenameDowntime, BothApplicationsWriteUntilContract) {
  const TestDatabase database;
  const std::string file = ::testing::TempDir() + "/" + database.name() + ".sql";
  write_file(file, GetParam().desired);
  database.run(std::string(kOld) +
               "INSERT INTO orders (cust) SELECT g % 5 + 1 FROM generate_series(1, 1000) g;"
               "INSERT INTO ledger SELECT id, cust FROM orders; ANALYZE");
  Application before(database, "cust", "lines");
  before.work_for(50);
  const auto session = database.connect();
  const Plan plan = test::online_plan(*session, file);
  ASSERT_FALSE(plan.scaffold.empty());
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan, *session, false)));
  Application after(database, "customer", GetParam().lines);
  before.work_for(150);
  after.work_for(150);
  const auto old_errors = before.stop();
  EXPECT_TRUE(old_errors.empty()) << old_errors.size() << ", as " << old_errors.front();
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan, *session, true)));
  after.work_for(100);
  const auto new_errors = after.stop();
  EXPECT_TRUE(new_errors.empty()) << new_errors.size() << ", as " << new_errors.front();
  EXPECT_EQ(database.run("SELECT count(*) FROM ((TABLE ledger EXCEPT TABLE orders) UNION ALL"
                         " (TABLE orders EXCEPT TABLE ledger)) d"),
            "0\n");
  test::expect_no_changes(database, file);
  std::remove(file.c_str());
}

INSTANTIATE_TEST_SUITE_P(Ways, RenameDowntime,
                         ::testing::Values(Way{"Views", kNew, "order_lines"},
                                           Way{"TwoColumns", kTwoColumns, "lines"}),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace aloft
