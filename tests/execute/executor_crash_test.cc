#include <gtest/gtest.h>

#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "tests/execute/plans.h"
#include "tests/support/faulty_session.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

constexpr const char* kBefore =
    "CREATE TABLE t (id int, v int); INSERT INTO t SELECT i, i FROM generate_series(1, 50) i;"
    "CREATE INDEX old_i ON t (v); CREATE TYPE mood AS ENUM ('sad');"
    "CREATE TABLE p (id int) PARTITION BY LIST (id);"
    "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
    "CREATE TABLE counted (n int);";

/// A step of each sort; each transaction counts itself, so that one that runs twice is seen.
Plan every_sort() {
  return plan_of(
      {in_transaction({"ALTER TABLE t ADD COLUMN note text", "INSERT INTO counted VALUES (1)"}),
       alone("CREATE INDEX CONCURRENTLY new_i ON t (note)", StepCheck::What::IndexValid, "new_i"),
       alone("ALTER TYPE mood ADD VALUE 'ok'", StepCheck::What::EnumLabel, "mood", "ok"),
       alone("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY", StepCheck::What::PartitionDetached,
             "p1"),
       alone("DROP INDEX CONCURRENTLY old_i", StepCheck::What::IndexGone, "old_i"),
       in_transaction({"CREATE TABLE last ()", "INSERT INTO counted VALUES (2)"})});
}

constexpr const char* kEnd =
    "SELECT (SELECT string_agg(n::text, ',' ORDER BY n) FROM counted),"
    " (SELECT indisvalid FROM pg_index WHERE indexrelid = 'new_i'::regclass),"
    " (SELECT string_agg(enumlabel, ',') FROM pg_enum),"
    " (SELECT count(*) FROM pg_inherits WHERE inhrelid = 'p1'::regclass),"
    " to_regclass('old_i') IS NULL, to_regclass('last') IS NOT NULL,"
    " (SELECT state FROM aloft.run ORDER BY id DESC LIMIT 1),"
    " (SELECT count(*) FROM aloft.step WHERE state = 'done')";

/// Runs with the connection lost at statement `at`, then again on a whole one. False when the run
/// had no such statement.
bool crash_and_resume(int at, Fault fault) {
  const TestDatabase db;
  db.run(kBefore);
  const Plan plan = every_sort();
  Runner runner;
  FaultySession flaky(db.connect(), at, fault);
  try {
    runner.run(plan, flaky);
  } catch (const DbError& error) {
    EXPECT_TRUE(error.is_connection_lost());
  }
  const bool lost = flaky.lost();
  if (!lost) return false;
  const auto session = db.connect();
  // The server may need a moment to see that the first client is gone.
  std::string holder;
  while (!take_run_lock(*session, holder)) db.run("SELECT pg_sleep(0.01)");
  if (!is_carried_out(*session, plan.id)) {
    const Outcome outcome = runner.run(plan, *session);
    EXPECT_TRUE(std::holds_alternative<Applied>(outcome)) << describe(outcome);
  }
  EXPECT_EQ(db.run(kEnd), "1,2|t|sad,ok|0|t|t|done|6\n");
  return true;
}

TEST(ExecutorCrash, EndsInTheSamePlaceWhereverTheConnectionWasLost) {
  for (const Fault fault : {Fault::BeforeItTookEffect, Fault::AfterItTookEffect}) {
    int at = 0;
    for (;; ++at) {
      SCOPED_TRACE(testing::Message()
                   << "lost at statement " << at
                   << (fault == Fault::BeforeItTookEffect ? ", before it took effect"
                                                          : ", after it took effect"));
      if (!crash_and_resume(at, fault) || testing::Test::HasFailure()) break;
    }
    EXPECT_GT(at, 40);
  }
}

}  // namespace
}  // namespace aloft::test
