// Every case folder without a server: parse both sides, plan, compare with the golden plan. Tables
// are taken to hold a million rows, so that the plan shows the online form of each change.
// UPDATE_GOLDEN=1 rewrites the golden plans; read the difference before you commit it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "cli/compare.h"
#include "cli/render_text.h"
#include "engine/base/file_reader.h"
#include "engine/plan/plan_json.h"
#include "tests/case_folders.h"

namespace aloft {
namespace {

using test::all_cases;
using test::CaseFolder;

class PlanCase : public ::testing::TestWithParam<CaseFolder> {};

std::string errors_of(const Diagnostics& diagnostics, const Sources& sources) {
  std::string text;
  for (const Diagnostic& d : diagnostics.sorted()) text += to_string(d, sources);
  return text;
}

/// Stands in the case folder while it lives: paths in plans, and so where their lines break, are
/// the same wherever the checkout is.
class InFolder {
 public:
  explicit InFolder(const std::filesystem::path& folder)
      : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder);
  }
  ~InFolder() { std::filesystem::current_path(before_); }
  InFolder(const InFolder&) = delete;
  InFolder& operator=(const InFolder&) = delete;

 private:
  std::filesystem::path before_;
};

/// What goes by expand, backfill and contract tells what applications must be able to do: the one
/// that runs, or all from contract on.
void expect_notes(const Plan& plan) {
  if (plan.scaffold.empty()) return;
  std::set<Stage> told;
  for (const Step& step : plan.steps)
    for (const ApplicationNote& note : step.applications) told.insert(note.stage);
  const bool contracts = std::ranges::count(plan.steps, Phase::Contract, &Step::phase) > 0;
  EXPECT_FALSE(told.empty());
  EXPECT_TRUE(!contracts || told.contains(Stage::Contract));
}

TEST_P(PlanCase, PlanIsTheGoldenOne) {
  const CaseFolder& c = GetParam();
  const InFolder here(c.path);
  Sources sources;
  Diagnostics diagnostics;
  auto comparison = compare_files({c.forward ? "from.sql" : "to.sql"},
                                  {c.forward ? "to.sql" : "from.sql"}, sources, diagnostics);
  std::string text;
  if (comparison) {
    for (const auto& [id, table] : comparison->live.snapshot.tables)
      comparison->live.facts.sizes[id] = {
          .rows = 1'000'000, .bytes = 100 << 20, .index_bytes = 20 << 20};
    const auto plan = plan_of(*comparison, nullptr, {}, diagnostics);
    if (plan) {
      text = render_text(*plan, false);
      expect_notes(*plan);
      EXPECT_EQ(plan_from_json(plan_to_json(*plan)), *plan) << "the JSON codec loses something";
    }
  }
  EXPECT_EQ(text.empty(), !c.refusal().empty()) << errors_of(diagnostics, sources);
  text += errors_of(diagnostics, sources);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    write_file(c.golden().filename().string(), text);
    return;
  }
  EXPECT_EQ(text, read_file(c.golden().filename().string())) << "UPDATE_GOLDEN=1 rewrites it";
}

TEST_P(PlanCase, PlanningTwiceGivesTheSameBytes) {
  const CaseFolder& c = GetParam();
  std::string first;
  for (int run = 0; run < 2; ++run) {
    Sources sources;
    Diagnostics diagnostics;
    const auto comparison = compare_files({c.from()}, {c.to()}, sources, diagnostics);
    if (!comparison) return;
    const auto plan = plan_of(*comparison, nullptr, {}, diagnostics);
    const std::string json = plan ? plan_to_json(*plan) : "";
    if (run == 0) first = json;
    EXPECT_EQ(json, first);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, PlanCase, ::testing::ValuesIn(all_cases()),
                         [](const auto& param) { return param.param.test_name(); });

}  // namespace
}  // namespace aloft
