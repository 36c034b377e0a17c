// A run that is cut off at its last step, or that waits for contract, is taken back: what the
// database was is what it is again. One case for each recipe, those that copy data apart
// (online_cases_test.cc); with ALOFT_TAKE_ALL_BACK=1 every case whose plan has a way back.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "engine/execute/left_off.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/rollback.h"
#include "tests/online_run.h"
#include "tests/recipes.h"
#include "tests/support/faulty_session.h"

namespace aloft {
namespace {

using test::CaseFolder;
using test::TestDatabase;

bool takes_all_cases() {
  return std::getenv("ALOFT_TAKE_ALL_BACK") != nullptr;
}

/// PostgreSQL takes no label of an enum away; and what a small table's values were before it was
/// written anew is not kept.
bool has_no_way_back(const CaseFolder& c) {
  return c.test_name() == "type_enum_add_labels" || c.test_name() == "column_type_under_view";
}

bool refuses(const Plan& plan, const std::vector<std::string>& done) {
  return std::holds_alternative<CannotTakeBack>(rollback_plan(plan, done));
}

/// How many statements of the run go to the server.
int statements_of(const Plan& plan, const TestDatabase& database) {
  constexpr int kMany = 1'000'000;
  test::FaultySession session(database.connect(), kMany, test::Fault::BeforeItTookEffect);
  test::run_online(plan, session, true);
  return kMany - session.left();
}

/// A copy on which the plan is carried out until as little as can be is left to do.
std::unique_ptr<TestDatabase> left_open(const Plan& plan, const TestDatabase& start) {
  const auto copy = [&] { return std::unique_ptr<TestDatabase>(new TestDatabase(start.copy())); };
  const auto contracts = [](const Step& step) { return step.phase == Phase::Contract; };
  if (std::ranges::any_of(plan.steps, contracts)) {
    auto database = copy();
    test::run_online(plan, *database->connect(), false);
    return database;
  }
  for (int at = statements_of(plan, *copy()) - 1; at >= 0; --at) {
    auto database = copy();
    test::FaultySession session(database->connect(), at, test::Fault::BeforeItTookEffect);
    EXPECT_THROW(test::run_online(plan, session, true), RunCutOff);
    if (read_open_run(*database->connect())) return database;
  }
  ADD_FAILURE() << "no run was open";
  return copy();
}

class TakenBack : public ::testing::TestWithParam<CaseFolder> {};

TEST_P(TakenBack, IsWhatItWas) {
  const CaseFolder& c = GetParam();
  if (!c.refusal().empty()) GTEST_SKIP() << "no plan: " << c.refusal();
  const TestDatabase start;
  test::load_with_rows(start, c);
  const Plan plan = test::plan_for(*start.connect(), c.to());
  if (plan.steps.empty()) GTEST_SKIP() << "nothing to do";
  const auto database = left_open(plan, start);
  if (HasFailure()) return;
  const auto open = read_open_run(*database->connect());
  ASSERT_TRUE(open);
  if (refuses(plan_from_json(open->plan), open->done)) {
    EXPECT_TRUE(takes_all_cases() || has_no_way_back(c));
    return;
  }
  test::take_back(*database);
  test::expect_same_schema(*database, start);
  // A fill is not undone by dropping NOT NULL.
  if (c.test_name() == "column_fill_not_null") return;
  EXPECT_EQ(test::values_of(*database), test::values_of(start));
}

std::vector<CaseFolder> cases() {
  if (takes_all_cases()) return test::forward_cases();
  std::vector<CaseFolder> found;
  for (const char* recipe : test::kPlainRecipes) found.push_back(test::recipe_case(recipe));
  return found;
}

INSTANTIATE_TEST_SUITE_P(Recipes, TakenBack, ::testing::ValuesIn(cases()),
                         [](const auto& param) { return param.param.test_name(); });

/// Two partitions, and a plan that makes the first narrower.
class Bound : public ::testing::Test {
 protected:
  Bound() {
    test::load(database_, case_.to());
    database_.run(
        "CREATE TABLE notes (day integer REFERENCES days); INSERT INTO days VALUES (7, 'a')");
    std::ofstream(file_) << read_file(case_.from())
                         << "CREATE TABLE notes (day integer REFERENCES days);";
  }
  ~Bound() override { std::filesystem::remove(file_); }

  /// Carries the plan out, which fails; then the rows are seen as before, and it is taken back.
  void expect_failed_and_taken_back(const std::string& why) const {
    const TestDatabase before = database_.copy();
    const std::string rows = database_.run("SELECT count(*) FROM days");
    const Plan plan = test::plan_for(*database_.connect(), file_);
    const Outcome outcome = test::run_online(plan, *database_.connect(), true);
    const auto* failed = std::get_if<Failed>(&outcome);
    ASSERT_NE(failed, nullptr);
    EXPECT_NE(failed->message.find(why), std::string::npos) << failed->message;
    EXPECT_EQ(database_.run("SELECT count(*) FROM days"), rows);
    test::take_back(database_);
    test::expect_same_schema(database_, before);
  }

  const CaseFolder case_ = test::recipe_case("partition/bound-wider");
  const TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + "/narrower.sql";
};

TEST_F(Bound, IsNotTakenWhereARowDoesNotFit) {
  database_.run("INSERT INTO days VALUES (1500000, 'b')");
  expect_failed_and_taken_back("days_1_bound");
}

TEST_F(Bound, IsNotTakenWhereRowsAreReferredTo) {
  database_.run("INSERT INTO notes VALUES (7)");
  expect_failed_and_taken_back("violates foreign key constraint");
}

}  // namespace
}  // namespace aloft
