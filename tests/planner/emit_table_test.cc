// The statements of each way from one table to another: planner/emit and planner/strategies.

#include <gtest/gtest.h>

#include "tests/planner/emit_cases.h"

namespace aloft {
namespace {

Snapshot sketched(const std::function<void(Sketch&)>& draw) {
  Sketch sketch;
  draw(sketch);
  return sketch.snapshot;
}

void expect_all(const std::vector<EmitCase>& cases) {
  for (const EmitCase& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(sql_of(steps_between(sketched(c.live), sketched(c.desired))), c.sql);
  }
}

TEST(EmitTest, Tables) {
  expect_all(table_cases());
}
TEST(EmitTest, Columns) {
  expect_all(column_cases());
}
TEST(EmitTest, Constraints) {
  expect_all(constraint_cases());
}
TEST(EmitTest, Indexes) {
  expect_all(index_cases());
}
TEST(EmitTest, Partitions) {
  expect_all(partition_cases());
}

/// What holds for each step of each case, whatever it does.
TEST(EmitTest, EveryStepIsWhole) {
  for (const auto& cases :
       {table_cases(), column_cases(), constraint_cases(), index_cases(), partition_cases()})
    for (const EmitCase& c : cases) {
      SCOPED_TRACE(c.name);
      for (const Step& step : steps_between(sketched(c.live), sketched(c.desired))) {
        EXPECT_FALSE(step.why.empty());
        EXPECT_FALSE(step.sql.empty());
        if (!step.transactional) {
          EXPECT_EQ(step.sql.size(), 1U);
          EXPECT_NE(step.check.what, StepCheck::What::None);
          EXPECT_EQ(step.lock_timeout_ms, 0);
        }
      }
    }
}

}  // namespace
}  // namespace aloft
