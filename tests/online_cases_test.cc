// Changes that copy data or wait for the applications, on a real server and as if the tables were
// large: carried out to the end
// they lead to exactly what the files say, with all values; waiting for contract they can be taken
// back, to exactly what was there; and a plan made meanwhile finds nothing to do.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "tests/online_run.h"
#include "tests/recipes.h"
#include "tests/slow_fill.h"
#include "tests/support/faulty_session.h"
#include "tests/support/killed_child.h"
#include "tests/support/recording_observer.h"

namespace aloft {
namespace {

using test::CaseFolder;
using test::recipe_case;
using test::TestDatabase;

void expect_end(const Outcome& outcome) {
  if (const auto* failed = std::get_if<Failed>(&outcome))
    FAIL() << "step " << failed->step << ": " << failed->message;
  ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
}

class OnlineCase : public ::testing::TestWithParam<const char*> {};

/// Does the plan itself say that a table's rows go?
bool loses_tables(const TestDatabase& database, const CaseFolder& c) {
  const Plan plan = test::online_plan(*database.connect(), c.to());
  return std::ranges::any_of(plan.steps, [](const Step& step) {
    return step.object.kind == Kind::Table &&
           std::ranges::count(step.hazards, Hazard::DataLoss, &HazardNote::hazard) > 0;
  });
}

void reach(const TestDatabase& database, const CaseFolder& c) {
  const auto rows = test::rows_of(database);
  {
    const auto session = database.connect();
    const Plan plan = test::online_plan(*session, c.to());
    ASSERT_FALSE(plan.steps.empty());
    expect_end(test::run_online(plan, *session, true));
  }
  if (::testing::Test::HasFailure()) return;
  const TestDatabase fresh;
  test::load(fresh, c.to());
  test::expect_same_schema(database, fresh);
  test::expect_no_changes(database, c.to());
  test::expect_rows_kept(rows, test::rows_with_partitions_of(database));
}

TEST_P(OnlineCase, ReachesBothStatesWithItsValues) {
  CaseFolder c = recipe_case(GetParam());
  const TestDatabase database;
  test::load_with_rows(database, c);
  const auto values = test::values_of(database);
  {
    SCOPED_TRACE("there");
    reach(database, c);
  }
  if (HasFailure()) return;
  SCOPED_TRACE("and back");
  c.forward = false;
  if (loses_tables(database, c)) {
    // No way online from a partitioned table to a plain one: it is dropped and made again.
    EXPECT_STREQ(GetParam(), "partition/of-plain-table");
    return;
  }
  reach(database, c);
  auto after = test::values_of(database);
  // A fill is not undone by dropping NOT NULL, and what is dropped comes back empty; everything
  // else is what it was.
  if (std::string(GetParam()) == "column/type-beside-drops")
    for (const char* dropped :
         {"public.kinds.id", "public.kinds.name", "public.orders.kind", "public.orders.note"})
      after.at(dropped) = values.at(dropped);
  if (std::string(GetParam()) != "column/fill-not-null") {
    EXPECT_EQ(after, values);
  }
}

void expect_waits(const Outcome& outcome) {
  expect_end(outcome);
  const auto* applied = std::get_if<Applied>(&outcome);
  EXPECT_TRUE(applied != nullptr && applied->contract_waits);
}

void expect_taken_back(const TestDatabase& database, const TestDatabase& before,
                       const CaseFolder& c) {
  test::expect_no_changes(database, c.to());
  test::take_back(database);
  if (::testing::Test::HasFailure()) return;
  test::expect_same_schema(database, before);
  // A fill is not undone by dropping NOT NULL.
  if (c.test_name() != "column_fill_not_null") {
    EXPECT_EQ(test::values_of(database), test::values_of(before));
  }
}

TEST_P(OnlineCase, WaitsForContractAndIsTakenBack) {
  const CaseFolder c = recipe_case(GetParam());
  const TestDatabase database;
  test::load_with_rows(database, c);
  const TestDatabase before = database.copy();
  {
    const auto session = database.connect();
    const Plan plan = test::online_plan(*session, c.to());
    const auto contracts = [](const Step& step) { return step.phase == Phase::Contract; };
    if (std::ranges::none_of(plan.steps, contracts))
      GTEST_SKIP() << "nothing waits: it has no phase contract";
    expect_waits(test::run_online(plan, *session, false));
  }
  if (!HasFailure()) expect_taken_back(database, before, c);
}

TEST_P(OnlineCase, IsTakenBackAfterItsCutOver) {
  const CaseFolder c = recipe_case(GetParam());
  const TestDatabase database;
  test::load_with_rows(database, c);
  const TestDatabase before = database.copy();
  {
    const auto session = database.connect();
    const Plan plan = test::online_plan(*session, c.to());
    const auto soaks = [](const Step& step) { return step.after_soak; };
    if (std::ranges::none_of(plan.steps, soaks))
      GTEST_SKIP() << "nothing is kept up after its contract has begun";
    expect_waits(test::run_online(plan, *session, true, {}, 3'600'000));
  }
  if (!HasFailure()) expect_taken_back(database, before, c);
}

INSTANTIATE_TEST_SUITE_P(Strategies, OnlineCase, ::testing::ValuesIn(test::kOnlineRecipes),
                         [](const auto& param) { return CaseFolder{param.param}.test_name(); });

/// Plans again after each step.
struct PlansBetweenSteps : test::RecordingObserver {
  PlansBetweenSteps(const TestDatabase& on, const CaseFolder& c) : database(on), of(c) {}
  void step_finished(const Step& step, std::int64_t) override {
    SCOPED_TRACE("after step " + step.id);
    test::expect_no_changes(database, of.to());
  }
  const TestDatabase& database;
  const CaseFolder& of;
};

class PlanMeanwhile : public ::testing::TestWithParam<const char*> {};

TEST_P(PlanMeanwhile, FindsNothingToDo) {
  const CaseFolder c = recipe_case(GetParam());
  const TestDatabase database;
  test::load_with_rows(database, c);
  PlansBetweenSteps observer(database, c);
  const auto session = database.connect();
  expect_end(test::run_online(test::online_plan(*session, c.to()), *session, observer));
}

INSTANTIATE_TEST_SUITE_P(Strategies, PlanMeanwhile,
                         ::testing::Values("column/add-identity", "column/add-serial",
                                           "column/split", "column/type-under-index",
                                           "constraint/exclude-add-ranges", "constraint/key-type",
                                           "partition/add-volatile-default", "rename/column",
                                           "rename/column-by-two-columns",
                                           "type/enum-of-several-columns", "type/enum-under-view"),
                         [](const auto& param) { return CaseFolder{param.param}.test_name(); });

/// The connection lost or the process killed, before or after every statement of a run; it goes on
/// from the journal. ALOFT_CRASH_ALL=1: of every recipe, else of some, and the connection alone.
class OnlineCrash
    : public ::testing::TestWithParam<std::tuple<const char*, test::Victim, test::Fault>> {};

bool hits_all() {
  return std::getenv("ALOFT_CRASH_ALL") != nullptr;
}

/// Carries the plan out, hit at its n-th statement; false if it came to its end before.
bool cut_off(const TestDatabase& database, const Plan& plan, int n, test::Fault fault,
             test::Victim victim) {
  test::FaultySession session(database.connect(), n, fault, victim);
  try {
    test::run_online(plan, session, true);
  } catch (const DbError& error) {
    EXPECT_TRUE(error.is_connection_lost()) << error.what();
  }
  return session.lost();
}

bool hit(const TestDatabase& database, const Plan& plan, int n, test::Fault fault,
         test::Victim victim) {
  if (victim == test::Victim::Connection) return cut_off(database, plan, n, fault, victim);
  return test::killed_at_work([&] { cut_off(database, plan, n, fault, victim); });
}

TEST_P(OnlineCrash, GoesOnWhereverItWasCutOff) {
  const auto& [name, victim, fault] = GetParam();
  const CaseFolder c = recipe_case(name);
  const TestDatabase fresh, start;
  test::load(fresh, c.to());
  test::load_with_rows(start, c);
  const Plan plan = test::online_plan(*start.connect(), c.to());
  ASSERT_FALSE(plan.steps.empty());
  const TestDatabase untroubled = start.copy();
  expect_end(test::run_online(plan, *untroubled.connect(), true));
  const auto values = test::values_of(untroubled);
  // The statements of a table's swap are many: each fault at others, unless all are asked for.
  const auto tables = std::ranges::count(plan.scaffold, Kind::Table, &ObjectId::kind);
  const int stride = hits_all() || tables == 0 ? 1 : tables > 2 ? 80 : 40;
  int n = stride == 1 || fault == test::Fault::BeforeItTookEffect ? 0 : stride / 2;
  for (;; n += stride) {
    SCOPED_TRACE("statement " + std::to_string(n));
    const TestDatabase database = start.copy();
    if (!hit(database, plan, n, fault, victim)) break;
    const auto session = database.connect();
    const auto live = test::online_plan(*session, c.to());
    if (!live.steps.empty() || !live.changes.empty() || read_open_run(*session))
      expect_end(test::run_online(plan, *session, true));
    test::expect_same_schema(database, fresh);
    EXPECT_EQ(database.run(test::kLeftovers), "");
    test::expect_values(values, database, c);
    if (HasFailure()) return;
  }
  EXPECT_GT(n, 10);
}

std::vector<const char*> crash_recipes() {
  if (hits_all()) return {std::begin(test::kOnlineRecipes), std::end(test::kOnlineRecipes)};
  return {"column/type-under-index", "partition/of-plain-table", "rename/column", "rename/table",
          "table/to-logged"};
}

std::vector<test::Victim> victims() {
  if (hits_all()) return {test::Victim::Connection, test::Victim::Process};
  return {test::Victim::Connection};
}

std::string crash_name(const ::testing::TestParamInfo<OnlineCrash::ParamType>& param) {
  const auto& [recipe, victim, fault] = param.param;
  return CaseFolder{recipe}.test_name() +
         (victim == test::Victim::Process ? "_killed" : "_cut_off") +
         (fault == test::Fault::BeforeItTookEffect ? "_before" : "_after");
}

INSTANTIATE_TEST_SUITE_P(Faults, OnlineCrash,
                         ::testing::Combine(::testing::ValuesIn(crash_recipes()),
                                            ::testing::ValuesIn(victims()),
                                            ::testing::Values(test::Fault::BeforeItTookEffect,
                                                              test::Fault::AfterItTookEffect)),
                         crash_name);

}  // namespace
}  // namespace aloft
