#include <gtest/gtest.h>

#include "tests/execute/plans.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

Plan guarded_drop() {
  Step step = in_transaction({"LOCK TABLE t", "ALTER TABLE t DROP COLUMN old"});
  step.proofs = {{"SELECT true", "the sun rises"},
                 {"SELECT NOT EXISTS (SELECT FROM t WHERE old IS DISTINCT FROM new)",
                  "every row of public.t is copied"}};
  return plan_of({step});
}

TEST(Proofs, StopAStepThatStandsOnWhatIsNotSo) {
  const TestDatabase db;
  db.run("CREATE TABLE t (old int, new int); INSERT INTO t VALUES (1, 2)");
  Runner runner;
  const Outcome outcome = runner.run(guarded_drop(), *db.connect());
  ASSERT_EQ(describe(outcome), "failed 1 ");
  EXPECT_EQ(std::get<Failed>(outcome).message, "not so: every row of public.t is copied");
  EXPECT_EQ(db.run("SELECT old, new FROM t"), "1|2\n");
  EXPECT_EQ(db.run("SELECT state, error FROM aloft.step"),
            "failed|not so: every row of public.t is copied\n");
}

TEST(Proofs, LetAStepThroughWhenAllAreTrue) {
  const TestDatabase db;
  db.run("CREATE TABLE t (old int, new int); INSERT INTO t VALUES (1, 1)");
  Runner runner;
  EXPECT_EQ(describe(runner.run(guarded_drop(), *db.connect())), "applied 1");
}

TEST(Proofs, AreAskedUnderTheLockOfTheFirstStatement) {
  const TestDatabase db;
  db.run("CREATE TABLE t (old int, new int)");
  Step step = in_transaction({"LOCK TABLE t", "DROP TABLE t"});
  step.proofs = {
      {"SELECT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation ="
       " 't'::regclass AND mode = 'AccessExclusiveLock')",
       "the table is locked"}};
  Runner runner;
  EXPECT_EQ(describe(runner.run(plan_of({step}), *db.connect())), "applied 1");
}

}  // namespace
}  // namespace aloft::test
