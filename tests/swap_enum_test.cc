// Labels that leave an enum of several columns: what stops it before anything is made, what both
// applications write while it goes on, and what keeps a type from going this way.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "engine/base/file_reader.h"
#include "tests/online_run.h"

namespace aloft {
namespace {

using test::TestDatabase;

constexpr std::int64_t kHour = 3'600'000;
constexpr const char* kOld = "CREATE TYPE public.state AS ENUM ('new', 'held', 'sent');";
constexpr const char* kNew = "CREATE TYPE public.state AS ENUM ('sent', 'new');";
constexpr const char* kTables =
    "CREATE TABLE public.orders (id int PRIMARY KEY, state public.state, was public.state);"
    "CREATE TABLE public.lines (id int PRIMARY KEY, state public.state);";

class SwapEnum : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(file_, std::string(kNew) + kTables);
    database_.run(std::string(kOld) + kTables +
                  "INSERT INTO orders SELECT i, 'new', 'sent' FROM generate_series(1, 50) i;"
                  "INSERT INTO lines SELECT i, 'sent' FROM generate_series(1, 50) i");
  }
  void TearDown() override { std::remove(file_.c_str()); }

  Outcome carry_out(bool contract) {
    const auto session = database_.connect();
    return test::run_online(test::online_plan(*session, file_), *session, contract, {}, kHour);
  }

  TestDatabase database_;
  std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
};

TEST_F(SwapEnum, StopsBeforeAnythingIsMadeWhereARowOfAnyColumnHoldsALabelThatGoes) {
  database_.run("UPDATE lines SET state = 'held' WHERE id = 7");
  const Outcome outcome = carry_out(false);
  const auto* failed = std::get_if<Failed>(&outcome);
  ASSERT_NE(failed, nullptr);
  EXPECT_NE(failed->message.find("no row of public.lines holds 'held'"), std::string::npos)
      << failed->message;
  EXPECT_EQ(database_.run("SELECT count(*) FROM pg_type WHERE typname LIKE 'state\\_\\_%'"), "0\n");
}

TEST_F(SwapEnum, TakesBackWhatWasWrittenToEachColumnAfterTheCutOver) {
  ASSERT_TRUE(std::holds_alternative<Applied>(carry_out(true)));
  database_.run(
      "UPDATE orders SET state = 'sent', was = 'new' WHERE id < 10;"
      "UPDATE lines SET state = NULL WHERE id < 20; INSERT INTO lines VALUES (51, 'new')");
  const auto written = test::values_of(database_);
  test::take_back(database_);
  if (HasFailure()) return;
  for (const auto& [column, values] : test::values_of(database_))
    EXPECT_EQ(values, written.at(column)) << column;
  EXPECT_EQ(database_.run("SELECT enum_range(NULL::state)"), "{new,held,sent}\n");
}

struct Obstacle {
  const char *sql, *says;
};

TEST_F(SwapEnum, SaysWhatKeepsATypeFromIt) {
  const Obstacle obstacles[] = {
      {"CREATE TABLE public.other (all_of public.state[]);", "holds it within another type"},
      {"CREATE FUNCTION public.f(public.state) RETURNS int LANGUAGE sql RETURN 1;",
       "function public.f(public.state) stands on"},
      {"CREATE MATERIALIZED VIEW public.m AS SELECT state FROM public.lines;",
       "would have to be filled anew"},
      {"CREATE INDEX pair ON public.orders (state, was);", "is on another column that changes too"},
      {"ALTER TABLE public.orders ADD CONSTRAINT moved CHECK (state <> was);",
       "constraint public.orders.moved is on two of the columns"},
      {"CREATE TABLE public.child () INHERITS (public.lines);", "is one of a tree of tables"},
  };
  for (const Obstacle& obstacle : obstacles) {
    SCOPED_TRACE(obstacle.sql);
    const TestDatabase database;
    database.run(std::string(kOld) + kTables + obstacle.sql);
    write_file(file_, std::string(kNew) + kTables + obstacle.sql);
    const auto session = database.connect();
    const Plan plan = test::online_plan(*session, file_);
    const auto plain = std::ranges::find_if(plan.steps, &Step::rewrites);
    ASSERT_NE(plain, plan.steps.end());
    EXPECT_NE(plain->why.find(obstacle.says), std::string::npos) << plain->why;
  }
}

}  // namespace
}  // namespace aloft
