// The server ends at once, as in a crash, in the middle of a run of each recipe; running again ends
// where a run that nothing hits does, with the same values and nothing left over. Each recipe is
// hit at another part of its run, and one that has all parts in each of them; with
// ALOFT_CRASH_ALL=1 all of them at every statement.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "tests/online_run.h"
#include "tests/recipes.h"
#include "tests/run_parts.h"
#include "tests/slow_fill.h"
#include "tests/support/faulty_session.h"

namespace aloft {
namespace {

using test::CaseFolder;
using test::Fault;
using test::mortal_server;
using test::RunPart;
using test::TestDatabase;

/// It has all parts.
constexpr std::string_view kWhole = "column/type-under-index";

std::vector<std::string> all_recipes() {
  std::vector<std::string> recipes(std::begin(test::kOnlineRecipes),
                                   std::end(test::kOnlineRecipes));
  for (const char* recipe : test::kPlainRecipes)
    if (std::ranges::find(recipes, recipe) == recipes.end()) recipes.emplace_back(recipe);
  // A crash empties the unlogged table itself: see SwapTable for what a run does then.
  std::erase(recipes, "table/to-logged");
  return recipes;
}

std::string recipe_at(int number) {
  return all_recipes()[static_cast<std::size_t>(number)];
}

bool hits_every_statement() {
  return std::getenv("ALOFT_CRASH_ALL") != nullptr;
}

void expect_end(const Outcome& outcome) {
  if (const auto* failed = std::get_if<Failed>(&outcome))
    FAIL() << "step " << failed->step << ": " << failed->message;
  ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
}

class ServerCrash : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    test::load_with_rows(start_, case_);
    rows_ = test::rows_of(start_);
    plan_ = test::online_plan(*start_.connect(), case_.to());
    ASSERT_FALSE(plan_.steps.empty());
    // The server does not wait for its disk at COMMIT: what is the run's to lose is not this.
    start_.run("CHECKPOINT");
  }

  /// Carries the plan out, hit by nothing. What each statement of the run belongs to.
  std::vector<RunPart> carry_out(const TestDatabase& database) {
    test::PartRecorder run(database.connect());
    expect_end(test::run_online(plan_, run, run));
    EXPECT_EQ(database.run(test::kLeftovers), "");
    right_ = test::values_of(database);
    return run.parts();
  }

  /// A session of the run. The server does not wait for its disk at COMMIT unless it is told to: of
  /// every other recipe the newest transactions are lost too, as with asynchronous replication.
  std::unique_ptr<Session> connect(const TestDatabase& database) const {
    const bool loses_commits = !hits_every_statement() && GetParam() % 2 == 1;
    auto session = database.connect();
    if (!loses_commits) session->execute("SET synchronous_commit = on");
    return session;
  }

  /// Hits the run at its n-th statement and runs aloft again.
  void expect_recovery(const TestDatabase& database, const TestDatabase& unhurt, int at) const {
    SCOPED_TRACE("statement " + std::to_string(at));
    // What the server has before a statement it has after the one above.
    test::FaultySession session(connect(database), at, Fault::AfterItTookEffect, [] {
      mortal_server().stop_immediately();
      mortal_server().start();
    });
    EXPECT_THROW(test::run_online(plan_, session, true), RunCutOff);
    {
      const auto again = database.connect();
      const auto live = test::online_plan(*again, case_.to());
      if (!live.steps.empty() || !live.changes.empty() || read_open_run(*again))
        expect_end(test::run_online(plan_, *again, true));
    }
    test::expect_same_schema(database, unhurt);
    test::expect_no_changes(database, case_.to());
    EXPECT_EQ(database.run(test::kLeftovers), "");
    test::expect_rows_kept(rows_, test::rows_with_partitions_of(database));
    test::expect_values(right_, database, case_);
  }

  const CaseFolder case_ = test::recipe_case(recipe_at(GetParam()).c_str());
  const TestDatabase start_{mortal_server().conninfo()};
  std::map<std::string, std::int64_t> rows_;
  std::map<std::string, std::string> right_;  ///< the values where nothing hit the run
  Plan plan_;
};

/// Of the parts that the run has one, and of that one statement, by the number of the recipe; of
/// the recipe that has all of them one statement of each.
std::vector<int> sample(const std::vector<RunPart>& parts, int number) {
  std::vector<std::vector<int>> found;
  for (const RunPart part : test::kRunParts)
    if (auto statements = test::statements_of(parts, part); !statements.empty())
      found.push_back(std::move(statements));
  const auto one_of = [number](const std::vector<int>& statements) {
    return statements[static_cast<std::size_t>(number) * 5 % statements.size()];
  };
  std::vector<int> hits;
  if (recipe_at(number) != kWhole)
    return {one_of(found[static_cast<std::size_t>(number) % found.size()])};
  EXPECT_EQ(found.size(), std::size(test::kRunParts));
  for (const auto& statements : found) hits.push_back(one_of(statements));
  return hits;
}

TEST_P(ServerCrash, RunningAgainEndsRight) {
  const TestDatabase unhurt = start_.copy();
  const auto parts = carry_out(unhurt);
  if (HasFailure()) return;
  if (!hits_every_statement()) {
    for (const int at : sample(parts, GetParam())) expect_recovery(start_.copy(), unhurt, at);
    return;
  }
  for (int at = 0; at < static_cast<int>(parts.size()) && !HasFailure(); ++at)
    expect_recovery(start_.copy(), unhurt, at);
}

INSTANTIATE_TEST_SUITE_P(Recipes, ServerCrash,
                         ::testing::Range(0, static_cast<int>(all_recipes().size())),
                         [](const auto& param) {
                           return test::recipe_case(recipe_at(param.param).c_str()).test_name();
                         });

}  // namespace
}  // namespace aloft
