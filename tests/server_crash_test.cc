// The server ends at once, as in a crash, in the middle of each online strategy; running again ends
// at the desired schema with all values and nothing left over. Each strategy is hit at another part
// of its run; with ALOFT_CRASH_ALL=1 at each of its statements.

#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "tests/online_run.h"
#include "tests/slow_fill.h"
#include "tests/support/faulty_session.h"

namespace aloft {
namespace {

using test::CaseFolder;
using test::Fault;
using test::mortal_server;
using test::TestDatabase;

/// A case for each strategy.
const char* const kCases[] = {
    "column/add-serial",
    "column/fill-not-null",
    "constraint/foreign-key-add",
    "constraint/key-type",
    "index/add",
    "rename/column",
    "rename/table",
};

void expect_end(const Outcome& outcome) {
  if (const auto* failed = std::get_if<Failed>(&outcome))
    FAIL() << "step " << failed->step << ": " << failed->message;
  ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
}

class ServerCrash : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    test::load(fresh_, case_.to());
    test::load_with_rows(start_, case_);
    rows_ = test::rows_of(start_);
    values_ = test::values_of(start_);
    plan_ = test::online_plan(*start_.connect(), case_.to());
    ASSERT_FALSE(plan_.steps.empty());
    // The server does not wait for its disk at COMMIT: what is the run's to lose is not this.
    start_.run("CHECKPOINT");
  }

  /// A statement of the run, this share of its way: no run has fewer than the journal's own, and of
  /// each step its statements and the ends of its transaction.
  int statement_at(double share) const {
    constexpr int kJournal = 15;
    double count = 0;
    for (const Step& step : plan_.steps) count += static_cast<double>(step.sql.size()) + 4;
    return kJournal + static_cast<int>(share * count);
  }

  /// Hits the run at its n-th statement and runs aloft again. False where it ended before.
  bool recovers(const TestDatabase& database, int at) const {
    SCOPED_TRACE("statement " + std::to_string(at));
    test::FaultySession session(database.connect(), at,
                                at % 2 == 0 ? Fault::BeforeItTookEffect : Fault::AfterItTookEffect,
                                [] {
                                  mortal_server().stop_immediately();
                                  mortal_server().start();
                                });
    try {
      expect_end(test::run_online(plan_, session, true));
      return false;
    } catch (const RunCutOff&) {
      const auto again = database.connect();
      const auto live = test::online_plan(*again, case_.to());
      if (!live.steps.empty() || !live.changes.empty() || read_open_run(*again))
        expect_end(test::run_online(plan_, *again, true));
    }
    expect_right(database);
    return true;
  }

  void expect_right(const TestDatabase& database) const {
    test::expect_same_schema(database, fresh_);
    test::expect_no_changes(database, case_.to());
    EXPECT_EQ(database.run(test::kLeftovers), "");
    test::expect_rows_kept(rows_, test::rows_of(database));
    // What keeps its name and is not filled keeps its values.
    const std::string name = case_.test_name();
    if (name.starts_with("rename") || name == "column_fill_not_null") return;
    const auto values = test::values_of(database);
    for (const auto& [column, value] : values_) {
      const auto now = values.find(column);
      EXPECT_TRUE(now != values.end() && now->second == value) << column;
    }
  }

  const CaseFolder case_{std::filesystem::path(ALOFT_CASES_DIR) /
                         kCases[static_cast<std::size_t>(GetParam())]};
  const TestDatabase fresh_{mortal_server().conninfo()}, start_{mortal_server().conninfo()};
  std::map<std::string, std::int64_t> rows_;
  std::map<std::string, std::string> values_;
  Plan plan_;
};

TEST_P(ServerCrash, RunningAgainEndsRight) {
  if (std::getenv("ALOFT_CRASH_ALL") == nullptr) {
    EXPECT_TRUE(recovers(start_, statement_at((GetParam() + 0.5) / std::size(kCases))));
    return;
  }
  for (int at = 0; recovers(start_.copy(), at) && !HasFailure(); ++at) continue;
}

INSTANTIATE_TEST_SUITE_P(
    Strategies, ServerCrash, ::testing::Range(0, static_cast<int>(std::size(kCases))),
    [](const auto& param) {
      return CaseFolder{kCases[static_cast<std::size_t>(param.param)]}.test_name();
    });

}  // namespace
}  // namespace aloft
