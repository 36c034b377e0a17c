#include <gtest/gtest.h>

#include "tests/execute/plans.h"
#include "tests/support/fake_session.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

Plan with_contract() {
  Step drop = in_transaction({"DROP TABLE b"}, Phase::Contract);
  drop.hazards = {{Hazard::DataLoss, "the rows of b"}};
  Step late = in_transaction({"DROP TABLE c"}, Phase::Contract);
  Step last = in_transaction({"DROP TABLE d"}, Phase::Contract);
  late.after_soak = last.after_soak = true;
  return plan_of({in_transaction({"CREATE TABLE b ()", "CREATE TABLE c ()", "CREATE TABLE d ()"}),
                  drop, late, last});
}

TEST(Contract, MarksARestorePointBeforeWhatCannotBeTakenBack) {
  const TestDatabase db;
  Runner runner;
  ASSERT_EQ(describe(runner.run(with_contract(), *db.connect())), "applied 1, contract waits");
  EXPECT_EQ(runner.observer.lines("note").size(), 0u);
  runner.options.contract = true;
  EXPECT_EQ(describe(runner.run(with_contract(), *db.connect())), "applied 3");
  EXPECT_EQ(
      db.run("SELECT restore_point ~ '^aloft-1-contract at [0-9A-F]+/[0-9A-F]+$' FROM aloft.run"),
      "t\n");
  EXPECT_EQ(runner.observer.lines("note restore point aloft-1-contract at ").size(), 1u);
}

TEST(Contract, SaysOnceThatItMayNotMarkOne) {
  const TestDatabase db;
  const std::string role = db.name() + "_deploy";
  db.run("CREATE ROLE " + role + "; GRANT CREATE ON DATABASE " + db.name() + " TO " + role +
         "; GRANT CREATE ON SCHEMA public TO " + role);
  const auto session = db.connect();
  session->execute("SET ROLE " + role);
  Runner runner;
  runner.options.contract = true;
  Plan plan = with_contract();
  plan.steps[2].hazards = plan.steps[1].hazards;
  EXPECT_EQ(describe(runner.run(plan, *session)), "applied 4");
  EXPECT_EQ(runner.observer.lines("note no restore point").size(), 1u);
  EXPECT_EQ(db.run("SELECT restore_point LIKE 'none: permission denied%' FROM aloft.run"), "t\n");
  db.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST(Contract, SoaksBeforeTheLastSteps) {
  const TestDatabase db;
  Runner runner;
  runner.options.contract = true;
  runner.options.soak_ms = 3'600'000;
  const Outcome outcome = runner.run(with_contract(), *db.connect());
  ASSERT_EQ(describe(outcome), "applied 2, contract waits");
  EXPECT_GT(std::get<Applied>(outcome).soaks_ms, 3'000'000);
  EXPECT_EQ(describe(runner.run(with_contract(), *db.connect())), "applied 0, contract waits");
  db.run("UPDATE aloft.step SET finished = finished - interval '1 hour'");
  EXPECT_EQ(describe(runner.run(with_contract(), *db.connect())), "applied 2");
  EXPECT_EQ(db.run("SELECT coalesce(to_regclass('c'), to_regclass('d')) IS NULL, (SELECT state "
                   "FROM aloft.run)"),
            "t|done\n");
}

}  // namespace
}  // namespace aloft::test
