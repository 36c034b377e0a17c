// Back from after the cut-over: what either application wrote in between is kept; a value that the
// old type cannot hold stops it before anything is changed; and it goes on wherever it was cut off.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/rollback.h"
#include "tests/online_run.h"
#include "tests/support/faulty_session.h"

namespace aloft {
namespace {

using test::CaseFolder;
using test::TestDatabase;

constexpr std::int64_t kHour = 3'600'000;

CaseFolder folder(const char* name) {
  return {std::filesystem::path(ALOFT_CASES_DIR) / name};
}

/// The case carried out up to its last steps, which wait for the soak.
void cut_over(const TestDatabase& database, const CaseFolder& c) {
  const auto session = database.connect();
  const Outcome outcome =
      test::run_online(test::online_plan(*session, c.to()), *session, true, {}, kHour);
  const auto* applied = std::get_if<Applied>(&outcome);
  ASSERT_TRUE(applied != nullptr && applied->contract_waits);
}

/// The way back of the run that is open, on a session of the test's; one that was begun goes on.
Outcome take_back(const TestDatabase& database, Session& session) {
  const auto open = read_open_run(*database.connect());
  if (!open) return Applied{};
  const Plan plan = plan_from_json(open->plan);
  if (!open->undoes.empty()) return test::run_online(plan, session, true, open->undoes);
  const auto back = rollback_plan(plan, open->done);
  if (const auto* refused = std::get_if<CannotTakeBack>(&back))
    return Failed{"", "", refused->steps.front()};
  return test::run_online(std::get<Plan>(back), session, true, open->id);
}

void expect_taken_back(const Outcome& outcome) {
  if (const auto* failed = std::get_if<Failed>(&outcome))
    FAIL() << "step " << failed->step << ": " << failed->message;
  ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
}

TEST(WayBack, KeepsWhatWasWrittenAfterTheCutOver) {
  const CaseFolder c = folder("constraint/key-type");
  const TestDatabase database, before;
  test::load(database, c.from());
  test::load(before, c.from());
  database.run(
      "INSERT INTO customers (name) SELECT 'c' || i FROM generate_series(1, 40) i;"
      "INSERT INTO orders (customer_id, parent) SELECT 1 + i % 40, nullif(i - 1, 0) FROM"
      " generate_series(1, 60) i;"
      "INSERT INTO lines SELECT 1 + i % 60, i FROM generate_series(1, 90) i");
  cut_over(database, c);
  if (HasFailure()) return;
  database.run(
      "INSERT INTO customers (name) VALUES ('new');"
      "INSERT INTO orders (customer_id) SELECT max(id) FROM customers;"
      "INSERT INTO lines (order_id, n) SELECT max(id), 1000 FROM orders;"
      "UPDATE lines SET order_id = 7 WHERE order_id = 8;"
      "DELETE FROM lines WHERE order_id IN (SELECT id FROM orders WHERE customer_id = 3);"
      "DELETE FROM customers WHERE id = 3");
  const std::string all =
      "SELECT md5(concat((SELECT string_agg(id || name, ';' ORDER BY id) FROM customers), (SELECT"
      " string_agg(concat_ws(',', id, customer_id, parent, agent), ';' ORDER BY id) FROM orders),"
      " (SELECT string_agg(concat_ws(',', order_id, n), ';' ORDER BY order_id, n) FROM lines)))";
  const std::string written = database.run(all);
  expect_taken_back(take_back(database, *database.connect()));
  test::expect_same_schema(database, before);
  EXPECT_EQ(database.run(all), written);
  // The numbers go on where the new columns left them.
  EXPECT_EQ(database.run("INSERT INTO customers (name) VALUES ('last') RETURNING id"), "42\n");
  EXPECT_EQ(database.run("INSERT INTO orders DEFAULT VALUES RETURNING id"), "62\n");
}

/// A session during which something happens after each of its transactions.
class Interrupted : public Session {
 public:
  Interrupted(std::unique_ptr<Session> real, std::function<void()> happens)
      : real_(std::move(real)), happens_(std::move(happens)) {}
  Rows query(const std::string& sql) override { return real_->query(sql); }
  void execute(const std::string& sql) override {
    real_->execute(sql);
    if (sql == "COMMIT") happens_();
  }
  std::vector<Rows> pipeline(const std::vector<std::string>& statements) override {
    return real_->pipeline(statements);
  }
  int server_version() const override { return real_->server_version(); }
  void cancel() override { real_->cancel(); }

 private:
  std::unique_ptr<Session> real_;
  std::function<void()> happens_;
};

// On the way a foreign key stands on the old column while the application reads the new one.
TEST(WayBack, KeepsTheActionsOfForeignKeysAllTheWay) {
  const CaseFolder c = folder("constraint/key-type");
  const TestDatabase database;
  test::load(database, c.from());
  database.run(
      "INSERT INTO orders (parent) SELECT NULL FROM generate_series(1, 100);"
      "INSERT INTO orders (parent) SELECT i FROM generate_series(1, 100) i");
  cut_over(database, c);
  if (HasFailure()) return;
  int deleted = 0;
  Interrupted session(database.connect(), [&] {
    database.run("DELETE FROM orders WHERE id = " + std::to_string(++deleted));
  });
  expect_taken_back(take_back(database, session));
  EXPECT_GT(deleted, 20);
  EXPECT_EQ(database.run("SELECT count(parent), min(parent) FROM orders"),
            std::to_string(100 - deleted) + "|" + std::to_string(deleted + 1) + "\n");
}

// What does not survive the way there and back is lost only where it is overwritten.
TEST(WayBack, KeepsAValueThatNobodyChanged) {
  const TestDatabase database;
  database.run(
      "CREATE TABLE public.t (id int PRIMARY KEY, price numeric, note text);"
      "INSERT INTO t SELECT i, i + 0.25 FROM generate_series(1, 50) i");
  const std::string file = ::testing::TempDir() + "/" + database.name() + ".sql";
  write_file(file,
             "CREATE TABLE public.t (id int PRIMARY KEY,\n"
             "-- aloft: using round(price)\n-- aloft: reverse price\nprice bigint, note text);");
  {
    const auto session = database.connect();
    const Outcome outcome =
        test::run_online(test::online_plan(*session, file), *session, true, {}, kHour);
    ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
  }
  database.run("UPDATE t SET note = 'sold'; UPDATE t SET price = 90 WHERE id = 9");
  expect_taken_back(take_back(database, *database.connect()));
  EXPECT_EQ(database.run("SELECT count(*) FROM t WHERE price = id + 0.25 AND note = 'sold'"),
            "49\n");
  EXPECT_EQ(database.run("SELECT price FROM t WHERE id = 9"), "90\n");
  std::remove(file.c_str());
}

TEST(WayBack, IsRefusedWhereAValueWouldBeLost) {
  const CaseFolder c = folder("column/type-integer-to-bigint");
  const TestDatabase database;
  test::load_with_rows(database, c);
  cut_over(database, c);
  if (HasFailure()) return;
  database.run("UPDATE orders SET n = 3000000000 WHERE id = (SELECT min(id) FROM orders)");
  const TestDatabase waiting = database.copy();
  const auto waits = read_open_run(*database.connect());
  const Outcome refused = take_back(database, *database.connect());
  ASSERT_TRUE(std::holds_alternative<Failed>(refused));
  EXPECT_NE(std::get<Failed>(refused).message.find("old type of n cannot hold"), std::string::npos);
  test::expect_same_schema(database, waiting);
  // The run waits as it did: both ways are open.
  const auto open = read_open_run(*database.connect());
  ASSERT_TRUE(open && waits);
  EXPECT_EQ(open->id, waits->id);
  database.run("UPDATE orders SET n = 3 WHERE n = 3000000000");
  expect_taken_back(take_back(database, *database.connect()));
  EXPECT_EQ(database.run("SELECT pg_typeof(n) FROM orders LIMIT 1"), "integer\n");
}

class WayBackCrash : public ::testing::TestWithParam<std::tuple<const char*, test::Fault>> {};

TEST_P(WayBackCrash, GoesOnWhereverTheConnectionWasLost) {
  const auto& [name, fault] = GetParam();
  const CaseFolder c = folder(name);
  const TestDatabase start;
  test::load_with_rows(start, c);
  const TestDatabase before = start.copy();
  cut_over(start, c);
  if (HasFailure()) return;
  // Each fault at other statements: all of them would take minutes.
  const int stride = std::getenv("ALOFT_CRASH_ALL") != nullptr ? 1 : 5;
  int n = fault == test::Fault::BeforeItTookEffect || stride == 1 ? 0 : 2;
  for (;; n += stride) {
    SCOPED_TRACE("statement " + std::to_string(n));
    const TestDatabase database = start.copy();
    test::FaultySession lossy(database.connect(), n, fault, test::Victim::Connection);
    try {
      take_back(database, lossy);
    } catch (const DbError& error) {
      EXPECT_TRUE(error.is_connection_lost()) << error.what();
    }
    if (!lossy.lost()) break;
    expect_taken_back(take_back(database, *database.connect()));
    test::expect_same_schema(database, before);
    EXPECT_EQ(test::values_of(database), test::values_of(before));
    if (HasFailure()) return;
  }
  EXPECT_GT(n, 10);
}

INSTANTIATE_TEST_SUITE_P(Faults, WayBackCrash,
                         ::testing::Combine(::testing::Values("column/type-under-index"),
                                            ::testing::Values(test::Fault::BeforeItTookEffect,
                                                              test::Fault::AfterItTookEffect)));

}  // namespace
}  // namespace aloft
