// The plan as text for people and as a script for psql.

#include <gtest/gtest.h>

#include <sstream>

#include "cli/plan_words.h"
#include "cli/render_sql.h"
#include "cli/render_text.h"
#include "cli/text_layout.h"

namespace aloft {
namespace {

Plan small_plan() {
  Plan plan{
      .tool_version = "0.1.0", .server_version = "15.8", .id = "abc", .search_path = "public"};
  plan.changes = {{.action = "create", .object = "table public.a"},
                  {.action = "alter",
                   .object = "column public.t.c",
                   .details = {"type: integer -> bigint", "default"}},
                  {.action = "drop", .object = "column public.t.d"}};
  plan.steps.push_back({.id = "1",
                        .sql = {"CREATE TABLE public.a (\n    id integer\n)"},
                        .undo = {"DROP TABLE public.a"},
                        .source = "a.sql:1:1",
                        .why = "A new table."});
  plan.steps.push_back({.id = "2",
                        .sql = {"ALTER TABLE public.t ALTER COLUMN c TYPE bigint"},
                        .locks = {{"public.t", LockLevel::AccessExclusive}},
                        .rewrites = true,
                        .rows = 12'345'678,
                        .bytes = 1'500'000'000,
                        .hold_ms = 176'000,
                        .duration_ms = 176'000,
                        .statement_timeout_ms = 0,
                        .hazards = {{Hazard::Rewrite, "writes public.t anew"}},
                        .why = "The type becomes bigint."});
  plan.steps.push_back({.id = "3",
                        .phase = Phase::Contract,
                        .sql = {"ALTER TABLE public.t DROP COLUMN d"},
                        .locks = {{"public.t", LockLevel::AccessExclusive}},
                        .hazards = {{Hazard::DataLoss, "its values are lost"},
                                    {Hazard::Irreversible, "only a backup brings it back"}},
                        .why = "The files no longer name it."});
  return plan;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(RenderTextTest, OpensWithTheFourAnswers) {
  const std::string text = render_text(small_plan(), false);
  const std::string expected =
      "What changes?    3 changes: 1 to create, 1 to alter and 1 to drop; in 3 steps\n"
      "Is it safe?      Not without your word. It loses data or objects (step 3) and writes a "
      "table "
      "anew\n"
      "                 (step 2).\n"
      "How long?        About 3 min in all. Longest stop: public.t for about 3 min (step 2).\n"
      "What to decide?  Whether to allow 3 hazards, or to change the files: --allow\n"
      "                 data_loss,rewrite,irreversible\n";
  EXPECT_EQ(text.substr(0, expected.size()), expected);
  EXPECT_TRUE(has(text, "  alter   column public.t.c (type: integer -> bigint; default)\n"));
  EXPECT_TRUE(has(text, "stops reads and writes of public.t for about 3 min (ACCESS EXCLUSIVE)"));
  EXPECT_TRUE(has(text, "writes 12.3 million rows (1.4 GB) anew, takes about 3 min, no way back"));
  EXPECT_LT(text.find("\nExpand"), text.find("\nContract"));
}

TEST(RenderTextTest, SaysThatASafePlanIsSafe) {
  Plan plan = small_plan();
  plan.steps.resize(1);
  plan.changes.resize(1);
  const std::string text = render_text(plan, false);
  EXPECT_TRUE(has(text, "Is it safe?      Yes."));
  EXPECT_TRUE(has(text, "What to decide?  Nothing."));
  EXPECT_FALSE(has(text, "Hazards"));
}

TEST(RenderTextTest, AnEmptyPlanStillNamesWhatIsNotManaged) {
  Plan plan;
  EXPECT_EQ(render_text(plan, false), "No changes. The database is what the files say.\n");
  plan.unmanaged = {"rule r on public.t", "publication p", "publication a",
                    "text search configuration public.c"};
  EXPECT_EQ(render_text(plan, false),
            "No changes. The database is what the files say.\n"
            "\n"
            "Not managed by aloft (left as it is)\n"
            "  publication    a, p\n"
            "  rule           r on public.t\n"
            "  text search configuration public.c\n");
}

TEST(RenderTextTest, ColoursOnlyWhenAsked) {
  EXPECT_FALSE(has(render_text(small_plan(), false), "\033"));
  EXPECT_TRUE(has(render_text(small_plan(), true), "\033[1m"));
}

TEST(RenderTextTest, NoLineIsWiderThanTheTextUnlessAWordIs) {
  Plan plan = small_plan();
  plan.steps[0].sql = {"SELECT '" + std::string(150, 'x') + " y'",
                       "CREATE INDEX i ON public.t USING btree (" + std::string(40, 'a') + ", " +
                           std::string(40, 'b') + ", " + std::string(40, 'c') + ")"};
  std::istringstream lines(render_text(plan, false));
  for (std::string line; std::getline(lines, line);)
    if (!has(line, "xxx")) {
      EXPECT_LE(text_width(line), kTextWidth) << line;
    }
  EXPECT_TRUE(has(render_text(plan, false), std::string(150, 'x') + " y';"));
}

TEST(RenderTextTest, Numbers) {
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1234), "1,234");
  EXPECT_EQ(count_text(12'345), "12,000");
  EXPECT_EQ(count_text(1'250'000), "1.2 million");
  EXPECT_EQ(bytes_text(2048), "2 kB");
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
}

TEST(RenderSqlTest, EachStepHasItsSettingsAndItsTransaction) {
  Plan plan = small_plan();
  plan.steps.resize(1);
  Step index{.id = "2", .sql = {"DROP INDEX CONCURRENTLY i"}, .transactional = false};
  index.lock_timeout_ms = index.statement_timeout_ms = 0;
  index.hazards = {{Hazard::DataLoss, "a line\n; another"}};
  plan.steps.push_back(index);
  const std::string script = render_sql(plan);
  EXPECT_TRUE(has(script, "\\set ON_ERROR_STOP on\n"));
  EXPECT_TRUE(has(script,
                  "BEGIN;\nSET LOCAL lock_timeout = '2000ms';\n"
                  "SET LOCAL statement_timeout = '30000ms';\nSET LOCAL search_path = public;\n"
                  "SET LOCAL check_function_bodies = off;\n"
                  "CREATE TABLE public.a (\n    id integer\n);\nCOMMIT;\n"));
  EXPECT_TRUE(has(script, "SET lock_timeout = 0;\n"));
  EXPECT_TRUE(has(script, "\nDROP INDEX CONCURRENTLY i;\n"));
  EXPECT_TRUE(has(script, "--   HAZARD data_loss: a line ; another\n"));
}

}  // namespace
}  // namespace aloft
