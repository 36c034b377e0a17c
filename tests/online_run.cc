#include "tests/online_run.h"

#include <gtest/gtest.h>

#include "engine/execute/journal.h"
#include "engine/execute/sample.h"
#include "engine/execute/system_clock.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/rollback.h"
#include "tests/support/recording_observer.h"

namespace aloft::test {
namespace {

Outcome run_in_small_batches(const Plan& plan, RunOptions options, Session& session,
                             Observer& observer) {
  options.backfill = {.parallel_blocks = 1, .first_blocks = 1};
  std::atomic<bool> stop{false};
  SystemClock clock(stop);
  return run_plan(
      plan, options, session, [] { return nullptr; }, clock, observer, stop);
}

}  // namespace

Plan online_plan(Session& session, const std::string& file) {
  Sources sources;
  Diagnostics diagnostics;
  const auto comparison = compare_with_server({.desired = {file}}, session, sources, diagnostics);
  std::optional<Plan> plan;
  PlanOptions nothing_is_a_moment;
  nothing_is_a_moment.moment_ms = -1;
  if (comparison) plan = plan_of(*comparison, &session, nothing_is_a_moment, diagnostics);
  if (comparison) session.execute("ROLLBACK");
  for (const Diagnostic& d : diagnostics.sorted()) ADD_FAILURE() << to_string(d, sources);
  return plan ? *plan : Plan{};
}

Outcome run_online(const Plan& plan, Session& session, bool contract, const std::string& undoes,
                   std::int64_t soak_ms) {
  RecordingObserver observer;
  return run_in_small_batches(plan, {.contract = contract, .undoes = undoes, .soak_ms = soak_ms},
                              session, observer);
}

Outcome run_online(const Plan& plan, Session& session, Observer& observer,
                   const std::string& undoes) {
  return run_in_small_batches(plan, {.contract = true, .undoes = undoes}, session, observer);
}

void expect_agreement(const TestDatabase& database, const Plan& plan, std::size_t count) {
  const auto session = database.connect();
  const auto samples = sample_agreements(*session, plan);
  EXPECT_EQ(samples.size(), count);
  for (const Sample& sample : samples)
    EXPECT_TRUE(sample.is_good() && sample.rows > 100)
        << sample.what << ": " << sample.differ << " of " << sample.rows << " " << sample.failed;
}

void take_back(const TestDatabase& database) {
  const auto session = database.connect();
  const auto open = read_open_run(*session);
  ASSERT_TRUE(open);
  const auto back = rollback_plan(plan_from_json(open->plan), open->done);
  ASSERT_TRUE(std::holds_alternative<Plan>(back)) << std::get<CannotTakeBack>(back).steps.front();
  const Outcome outcome = run_online(std::get<Plan>(back), *session, true, open->id);
  if (const auto* failed = std::get_if<Failed>(&outcome))
    FAIL() << "step " << failed->step << ": " << failed->message;
  ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
}

std::map<std::string, std::string> values_of(const TestDatabase& database) {
  const auto session = database.connect();
  std::map<std::string, std::string> values;
  for (const Row& column : session->query(
           "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), quote_ident(attname)"
           " FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid ="
           " c.relnamespace WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND nspname !~"
           " '^pg_|^information_schema$|^aloft$'"))
    values[*column[0] + "." + *column[1]] =
        session
            ->query("SELECT md5(coalesce(string_agg(" + *column[1] + "::text, ',' ORDER BY " +
                    *column[1] + "::text), '')) FROM ONLY " + *column[0])[0][0]
            .value_or("");
  return values;
}

void expect_values(const std::map<std::string, std::string>& right, const TestDatabase& database,
                   const CaseFolder& of) {
  const std::string name = of.test_name();
  const bool numbered = name == "column_add_serial" || name.starts_with("column_add_identity");
  const std::string drawn = numbered                                  ? ".number"
                            : name.ends_with("_add_volatile_default") ? ".token"
                                                                      : "-";
  const auto values = values_of(database);
  for (const auto& [column, value] : right) {
    if (column.ends_with(drawn)) continue;
    const auto now = values.find(column);
    EXPECT_TRUE(now != values.end() && now->second == value) << column;
  }
}

}  // namespace aloft::test
