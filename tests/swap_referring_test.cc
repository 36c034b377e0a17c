// Foreign keys to a table that changes by way of a second one: while they refer to both, an
// application's writes do what they did before, and no more.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "tests/online_run.h"

namespace aloft {
namespace {

using test::TestDatabase;

constexpr const char* kTables =
    " TABLE public.t (id int PRIMARY KEY, n int);"
    "CREATE UNLOGGED TABLE public.falls (id int PRIMARY KEY, t int REFERENCES public.t ON DELETE "
    "CASCADE ON UPDATE CASCADE);"
    "CREATE UNLOGGED TABLE public.stays (id int PRIMARY KEY, t int REFERENCES public.t ON UPDATE "
    "SET NULL ON DELETE SET NULL);"
    "CREATE UNLOGGED TABLE public.holds (id int PRIMARY KEY, t int REFERENCES public.t);"
    "CREATE UNLOGGED TABLE public.later (id int PRIMARY KEY, t int REFERENCES public.t DEFERRABLE "
    "INITIALLY DEFERRED);";

/// The run as it is right before its cut-over: the copies of the foreign keys are there.
class SwapReferring : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(file_, std::string("CREATE") + kTables);
    database_.run(std::string("CREATE UNLOGGED") + kTables +
                  "INSERT INTO t SELECT i, i FROM generate_series(1, 100) i;"
                  "INSERT INTO falls SELECT i, i FROM generate_series(1, 20) i;"
                  "INSERT INTO stays SELECT i, i FROM generate_series(1, 20) i;"
                  "INSERT INTO holds SELECT i, i FROM generate_series(41, 60) i;"
                  "INSERT INTO later SELECT i, i FROM generate_series(61, 80) i");
    const auto session = database_.connect();
    const Plan plan = test::online_plan(*session, file_);
    session->execute("CREATE SCHEMA IF NOT EXISTS aloft");
    for (const Step& step : plan.steps) {
      if (!step.proofs.empty()) break;
      if (step.transactional) session->execute("BEGIN");
      for (const std::string& statement : step.sql) session->execute(statement);
      if (step.transactional) session->execute("COMMIT");
    }
    for (const ObjectId& id : plan.scaffold)
      if (id.kind == Kind::Table && id.name.find("__new_") != std::string::npos)
        second_ = name_of(id);
    ASSERT_EQ(database_.run("SELECT count(*) FROM pg_constraint WHERE confrelid = '" + second_ +
                            "'::regclass AND convalidated"),
              "4\n");
  }
  void TearDown() override { std::remove(file_.c_str()); }

  void expect_same_rows() {
    EXPECT_EQ(database_.run("(TABLE t EXCEPT ALL TABLE " + second_ + ") UNION ALL (TABLE " +
                            second_ + " EXCEPT ALL TABLE t)"),
              "");
  }

  /// What the statement fails with.
  std::string state_of(const std::string& statement,
                       const std::string& isolation = "READ COMMITTED") {
    const auto session = database_.connect();
    session->execute("BEGIN ISOLATION LEVEL " + isolation);
    try {
      session->execute(statement);
      session->execute("COMMIT");
    } catch (const DbError& error) {
      return error.sqlstate;
    }
    return "";
  }

  const TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
  std::string second_{};
};

TEST_F(SwapReferring, ActsOnceOnWhatRefersToARowThatGoesOrMoves) {
  database_.run("DELETE FROM t WHERE id <= 5; UPDATE t SET id = id + 1000 WHERE id <= 10");
  EXPECT_EQ(database_.run("SELECT count(*), count(*) FILTER (WHERE t > 1000) FROM falls"),
            "15|5\n");
  EXPECT_EQ(database_.run("SELECT count(*), count(t) FROM stays"), "20|10\n");
  expect_same_rows();
}

TEST_F(SwapReferring, RefusesWhatWasRefused) {
  EXPECT_EQ(state_of("DELETE FROM public.t WHERE id = 50"), "23503");
  EXPECT_EQ(state_of("UPDATE public.t SET id = 1050 WHERE id = 50"), "23503");
  EXPECT_EQ(state_of("INSERT INTO public.holds VALUES (1, 500)"), "23503");
  EXPECT_EQ(state_of("DELETE FROM public.t WHERE id = 70"), "23503");
  expect_same_rows();
}

TEST_F(SwapReferring, LetsATransactionMakeRowsInAnyOrderThatItMight) {
  database_.run(
      "INSERT INTO t VALUES (201, 1); INSERT INTO holds VALUES (201, 201);"
      "WITH h AS (INSERT INTO holds VALUES (202, 202)) INSERT INTO t VALUES (202, 1);"
      "WITH h AS (DELETE FROM holds WHERE t = 50) DELETE FROM t WHERE id = 50;"
      "BEGIN; INSERT INTO later VALUES (203, 203); INSERT INTO t VALUES (203, 1); COMMIT;"
      "BEGIN; UPDATE t SET id = 270 WHERE id = 70; UPDATE later SET t = 270 WHERE t = 70; COMMIT");
  expect_same_rows();
  EXPECT_EQ(database_.run("SELECT count(*) FROM later JOIN t ON t.id = later.t"), "21\n");
}

TEST_F(SwapReferring, EmptiesBothWithWhatRefersToThem) {
  database_.run(
      "TRUNCATE t, falls, stays, holds, later; INSERT INTO t VALUES (1, 1); INSERT INTO falls "
      "VALUES "
      "(1, 1)");
  expect_same_rows();
  EXPECT_EQ(state_of("TRUNCATE public.t CASCADE", "REPEATABLE READ"), "40001");
}

/// Who writes a row of the table does not make those wait who refer to it.
TEST_F(SwapReferring, LetsARowBeReferredToWhileItIsWritten) {
  const auto writer = database_.connect(), other = database_.connect();
  writer->execute("BEGIN");
  writer->execute("UPDATE public.t SET n = n + 1 WHERE id = 7");
  other->execute("SET lock_timeout = '2s'");
  other->execute("INSERT INTO public.holds VALUES (7, 7)");
  writer->execute("COMMIT");
  expect_same_rows();
}

}  // namespace
}  // namespace aloft
