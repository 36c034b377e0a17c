// The connection lost before and after every statement of a run, and the process killed there:
// running again must end at the desired schema with all rows. One case for each recipe. The
// connection is lost after each statement and the process killed before each; ALOFT_CRASH_ALL=1
// does both in both places.

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "engine/execute/executor.h"
#include "engine/execute/system_clock.h"
#include "tests/case_folders.h"
#include "tests/case_run.h"
#include "tests/recipes.h"
#include "tests/support/faulty_session.h"
#include "tests/support/killed_child.h"
#include "tests/support/recording_observer.h"

namespace aloft {
namespace {

using test::CaseFolder;
using test::Fault;
using test::recipe_case;
using test::TestDatabase;
using test::Victim;

/// Carries out a plan, hit at its n-th statement; false if it came to its end before.
bool cut_off(const TestDatabase& database, const Plan& plan, int n, Fault fault, Victim victim) {
  test::FaultySession session(database.connect(), n, fault, victim);
  std::atomic<bool> stop{false};
  SystemClock clock(stop);
  test::RecordingObserver observer;
  try {
    run_plan(
        plan, {.contract = true, .planned_now = true}, session, [] { return nullptr; }, clock,
        observer, stop);
  } catch (const DbError& error) {
    EXPECT_TRUE(error.is_connection_lost()) << error.what();
  }
  return session.lost();
}

/// The same in a child process that is killed there.
bool killed_at(const TestDatabase& database, const Plan& plan, int n, Fault fault) {
  return test::killed_at_work([&] { cut_off(database, plan, n, fault, Victim::Process); });
}

/// Hits the case's plan at each of its statements in turn and runs aloft again.
void expect_recovery(const CaseFolder& c,
                     const std::function<bool(const TestDatabase&, const Plan&, int)>& hit_at) {
  const TestDatabase fresh, start;
  test::load(fresh, c.to());
  test::load_with_rows(start, c);
  const auto rows = test::rows_of(start);
  const Plan plan = test::plan_for(*start.connect(), c.to());
  ASSERT_FALSE(::testing::Test::HasFailure() || plan.steps.empty());
  // What the server has before a statement it has after the one above: every other one before, and
  // every other one after, is all there is to find.
  const int stride = std::getenv("ALOFT_CRASH_ALL") != nullptr ? 1 : 2;
  for (int n = 0;; n += stride) {
    SCOPED_TRACE("statement " + std::to_string(n));
    const TestDatabase database = start.copy();
    if (!hit_at(database, plan, n)) break;
    test::apply_file(database, c.to());
    test::expect_same_schema(database, fresh);
    test::expect_rows_kept(rows, test::rows_with_partitions_of(database));
    if (::testing::Test::HasFailure()) return;
  }
}

class CrashCase : public ::testing::TestWithParam<std::tuple<const char*, Fault>> {};

TEST_P(CrashCase, RunningAgainEndsRightWhereverTheConnectionWasLost) {
  const auto& [name, fault] = GetParam();
  expect_recovery(recipe_case(name),
                  [fault](const TestDatabase& database, const Plan& plan, int n) {
                    return cut_off(database, plan, n, fault, Victim::Connection);
                  });
}

std::string crash_test_name(const ::testing::TestParamInfo<CrashCase::ParamType>& param) {
  std::string name = CaseFolder{std::get<0>(param.param)}.test_name();
  return name + (std::get<1>(param.param) == Fault::BeforeItTookEffect ? "_before" : "_after");
}

/// `always`, and where all are asked for the other too.
std::vector<Fault> faults(Fault always, Fault other) {
  if (std::getenv("ALOFT_CRASH_ALL") == nullptr) return {always};
  return {always, other};
}

INSTANTIATE_TEST_SUITE_P(Recipes, CrashCase,
                         ::testing::Combine(::testing::ValuesIn(test::kPlainRecipes),
                                            ::testing::ValuesIn(faults(Fault::AfterItTookEffect,
                                                                       Fault::BeforeItTookEffect))),
                         crash_test_name);

class KillCase : public CrashCase {};

TEST_P(KillCase, RunningAgainEndsRightWhereverTheProcessWasKilled) {
  const auto& [name, fault] = GetParam();
  expect_recovery(recipe_case(name),
                  [fault](const TestDatabase& database, const Plan& plan, int n) {
                    return killed_at(database, plan, n, fault);
                  });
}

INSTANTIATE_TEST_SUITE_P(Recipes, KillCase,
                         ::testing::Combine(::testing::ValuesIn(test::kPlainRecipes),
                                            ::testing::ValuesIn(faults(Fault::BeforeItTookEffect,
                                                                       Fault::AfterItTookEffect))),
                         crash_test_name);

}  // namespace
}  // namespace aloft
