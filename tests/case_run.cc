#include "tests/case_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "engine/base/file_reader.h"
#include "engine/execute/executor.h"
#include "engine/execute/system_clock.h"
#include "tests/support/recording_observer.h"

namespace aloft::test {

std::string describe(const Comparison& c) {
  std::string text;
  for (const Change& change : c.changes) {
    text += to_string(change.id);
    for (const auto field : change.fields) text += " " + std::string(field);
    text += change.op == Change::Op::Create ? " is missing\n"
            : change.op == Change::Op::Drop ? " is left over\n"
                                            : " differs\n";
  }
  return text;
}

namespace {

std::string errors_of(const Diagnostics& diagnostics, const Sources& sources) {
  std::string text;
  for (const Diagnostic& d : diagnostics.sorted()) text += to_string(d, sources);
  return text;
}

}  // namespace

namespace {

/// `of_partitioned`: "ONLY " or nothing, what is said before the name of a table with partitions.
std::map<std::string, std::int64_t> count_rows(const TestDatabase& database,
                                               const std::string& of_partitioned) {
  const auto session = database.connect();
  std::map<std::string, std::int64_t> rows;
  for (const Row& table : session->query(
           "SELECT c.oid::regclass::text, CASE relkind WHEN 'p' THEN '" + of_partitioned +
           "' ELSE 'ONLY ' END FROM pg_class c JOIN pg_namespace n ON n.oid = "
           "c.relnamespace WHERE relkind IN ('r', 'p') AND nspname !~ "
           "'^pg_|^information_schema$|^aloft$'"))
    rows[*table[0]] =
        std::stoll(*session->query("SELECT count(*) FROM " + *table[1] + *table[0])[0][0]);
  return rows;
}

}  // namespace

std::map<std::string, std::int64_t> rows_of(const TestDatabase& database) {
  return count_rows(database, "ONLY ");
}

std::map<std::string, std::int64_t> rows_with_partitions_of(const TestDatabase& database) {
  return count_rows(database, "");
}

Plan plan_for(Session& session, const std::string& file) {
  Sources sources;
  Diagnostics diagnostics;
  const auto comparison = compare_with_server({.desired = {file}}, session, sources, diagnostics);
  std::optional<Plan> plan;
  if (comparison) plan = plan_of(*comparison, &session, {}, diagnostics);
  EXPECT_TRUE(plan) << errors_of(diagnostics, sources);
  if (comparison) session.execute("ROLLBACK");
  return plan.value_or(Plan{});
}

void apply_file(const TestDatabase& database, const std::string& file) {
  const auto session = database.connect();
  const Plan plan = plan_for(*session, file);
  if (::testing::Test::HasFailure()) return;
  std::atomic<bool> stop{false};
  SystemClock clock(stop);
  RecordingObserver observer;
  const Outcome outcome = run_plan(
      plan, {.contract = true, .planned_now = true}, *session, [] { return nullptr; }, clock,
      observer, stop);
  if (const auto* failed = std::get_if<Failed>(&outcome))
    FAIL() << "step " << failed->step << ": " << failed->message;
  ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
}

void expect_refused(const TestDatabase& database, const std::string& file,
                    const std::string& code) {
  const auto session = database.connect();
  Sources sources;
  Diagnostics diagnostics;
  const auto comparison = compare_with_server({.desired = {file}}, *session, sources, diagnostics);
  EXPECT_FALSE(comparison && plan_of(*comparison, session.get(), {}, diagnostics));
  EXPECT_TRUE(std::ranges::any_of(
      diagnostics.sorted(),
      [&](const Diagnostic& d) { return d.severity == Severity::Error && d.code == code; }))
      << "without " << code << ":\n"
      << errors_of(diagnostics, sources);
}

void expect_no_changes(const TestDatabase& database, const std::string& file) {
  const auto session = database.connect();
  Sources sources;
  Diagnostics diagnostics;
  const auto comparison = compare_with_server({.desired = {file}}, *session, sources, diagnostics);
  ASSERT_TRUE(comparison) << errors_of(diagnostics, sources);
  EXPECT_EQ(describe(*comparison), "") << "the plan is not empty afterwards";
}

void expect_same_schema(const TestDatabase& database, const TestDatabase& fresh) {
  const auto session = database.connect(), other = fresh.connect();
  Diagnostics diagnostics;
  const auto comparison = compare_servers(*session, *other, diagnostics);
  ASSERT_TRUE(comparison);
  EXPECT_EQ(describe(*comparison), "") << "against a fresh load";
}

void expect_rows_kept(const std::map<std::string, std::int64_t>& before,
                      const std::map<std::string, std::int64_t>& after) {
  for (const auto& [table, rows] : before) {
    const auto it = after.find(table);
    if (it == after.end()) continue;
    EXPECT_GE(it->second, rows) << table;
  }
}

void load(const TestDatabase& database, const std::string& file) {
  std::istringstream lines(read_file(file));
  std::string text = "SET client_min_messages = warning;\n";
  for (const std::string role : {"aloft_reader", "aloft_group"})
    text += "SELECT 'CREATE ROLE " + role + "' WHERE to_regrole('" + role + "') IS NULL \\gexec\n";
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("CREATE ROLE") && !line.starts_with("GRANT aloft_group"))
      text += line + "\n";
  database.run(text);
}

void load_with_rows(const TestDatabase& database, const CaseFolder& c) {
  load(database, (c.path / "from.sql").string());
  if (const auto seed = c.path / "seed.sql"; std::filesystem::exists(seed))
    database.run_file(seed.string());
}

}  // namespace aloft::test
