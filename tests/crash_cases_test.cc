// The connection lost before and after every statement of a run, and the process killed there: running again must end
// at the desired schema with all rows. One case for each recipe.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "engine/execute/executor.h"
#include "engine/execute/system_clock.h"
#include "tests/case_folders.h"
#include "tests/case_run.h"
#include "tests/support/faulty_session.h"
#include "tests/support/recording_observer.h"

namespace aloft {
namespace {

using test::CaseFolder;
using test::Fault;
using test::TestDatabase;

/// The recipes and the case that stands for each.
const char* const kCases[] = {
    "column/add-constant-default", "column/set-not-null",        "column/type-varchar-widen-with-check",
    "column/type-under-view",      "column/type-timestamp-to-timestamptz", "column/drop-indexed",
    "constraint/check-add",        "constraint/check-change",    "constraint/unique-add",
    "constraint/foreign-key-add",  "constraint/primary-key-add", "constraint/primary-key-change",
    "index/add",                   "index/change-columns",       "partition/add-index",
    "partition/add-partition-beside-default", "partition/add-unique", "type/enum-add-labels",
    "view/change-under-view",      "trigger/change",             "policy/change-using",
    "rename/column",               "table/drop-referenced",
};

class CrashCase : public ::testing::TestWithParam<std::tuple<const char*, Fault>> {};

void prepare(const TestDatabase& database, const CaseFolder& c) {
  test::load(database, c.from());
  if (const auto seed = c.path / "seed.sql"; std::filesystem::exists(seed))
    database.run_file(seed.string());
}

/// A run that is cut off at its n-th statement; false if it came to its end before.
bool cut_off(const TestDatabase& database, const std::string& file, int n, Fault fault) {
  auto real = database.connect();
  const Plan plan = test::plan_for(*real, file);
  test::FaultySession session(std::move(real), n, fault);
  std::atomic<bool> stop{false};
  SystemClock clock(stop);
  test::RecordingObserver observer;
  try {
    run_plan(plan, {.contract = true, .planned_now = true}, session, [] { return nullptr; }, clock,
             observer, stop);
  } catch (const DbError&) {
  }
  return session.lost();
}

TEST_P(CrashCase, RunningAgainEndsRightWhereverTheConnectionWasLost) {
  const auto& [name, fault] = GetParam();
  const CaseFolder c{std::filesystem::path(ALOFT_CASES_DIR) / name};
  const TestDatabase fresh;
  test::load(fresh, c.to());
  for (int n = 0;; ++n) {
    SCOPED_TRACE("statement " + std::to_string(n));
    const TestDatabase database;
    prepare(database, c);
    const auto before = test::rows_of(database);
    if (!cut_off(database, c.to(), n, fault)) break;
    test::apply_file(database, c.to());
    test::expect_same_schema(database, fresh);
    test::expect_rows_kept(before, test::rows_of(database));
    if (HasFailure()) return;
  }
}

std::string crash_test_name(const ::testing::TestParamInfo<CrashCase::ParamType>& param) {
  std::string name = CaseFolder{std::get<0>(param.param)}.test_name();
  return name + (std::get<1>(param.param) == Fault::BeforeItTookEffect ? "_before" : "_after");
}

INSTANTIATE_TEST_SUITE_P(Recipes, CrashCase,
                         ::testing::Combine(::testing::ValuesIn(kCases),
                                            ::testing::Values(Fault::BeforeItTookEffect,
                                                              Fault::AfterItTookEffect)),
                         crash_test_name);

class KillCase : public ::testing::TestWithParam<const char*> {};

/// Runs the plan in a child process that is killed at its n-th statement; false if it was not.
bool killed_at(const TestDatabase& database, const std::string& file, int n, Fault fault) {
  const pid_t child = fork();
  if (child == 0) {
    const bool lost = cut_off(database, file, n, fault);
    if (lost) kill(getpid(), SIGKILL);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

TEST_P(KillCase, RunningAgainEndsRightWhereverTheProcessWasKilled) {
  const CaseFolder c{std::filesystem::path(ALOFT_CASES_DIR) / GetParam()};
  const TestDatabase fresh;
  test::load(fresh, c.to());
  for (int n = 0;; ++n) {
    SCOPED_TRACE("statement " + std::to_string(n));
    const TestDatabase database;
    prepare(database, c);
    const auto before = test::rows_of(database);
    if (!killed_at(database, c.to(), n, n % 2 == 0 ? Fault::BeforeItTookEffect : Fault::AfterItTookEffect)) break;
    test::apply_file(database, c.to());
    test::expect_same_schema(database, fresh);
    test::expect_rows_kept(before, test::rows_of(database));
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Recipes, KillCase, ::testing::ValuesIn(kCases), [](const auto& param) {
  return CaseFolder{param.param}.test_name();
});

}  // namespace
}  // namespace aloft
