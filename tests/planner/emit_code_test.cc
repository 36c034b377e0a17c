// The statements for schemas, roles, types, functions, views, triggers and policies.

#include <gtest/gtest.h>

#include "tests/planner/emit_code_cases.h"

namespace aloft {
namespace {

Snapshot sketched(const std::function<void(Sketch&)>& draw) {
  Sketch sketch;
  draw(sketch);
  return sketch.snapshot;
}
std::vector<Step> steps_of(const EmitCase& c) {
  return steps_between(sketched(c.live), sketched(c.desired));
}
std::vector<Step> steps_of(const std::vector<EmitCase>& cases, const std::string& name) {
  for (const EmitCase& c : cases)
    if (c.name == name) return steps_of(c);
  ADD_FAILURE() << "no case " << name;
  return {};
}

void expect_all(const std::vector<EmitCase>& cases) {
  for (const EmitCase& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(sql_of(steps_of(c)), c.sql);
  }
}
std::vector<std::string> hazards(const std::vector<Step>& steps) {
  std::vector<std::string> names;
  for (const Step& step : steps)
    for (const HazardNote& note : step.hazards) names.emplace_back(hazard_name(note.hazard));
  return names;
}
using Names = std::vector<std::string>;

TEST(EmitCodeTest, Namespaces) {
  expect_all(namespace_cases());
}
TEST(EmitCodeTest, Types) {
  expect_all(type_cases());
}
TEST(EmitCodeTest, Routines) {
  expect_all(routine_cases());
}
TEST(EmitCodeTest, Views) {
  expect_all(view_cases());
}

TEST(EmitCodeTest, EveryStepIsWhole) {
  for (const auto& cases : {namespace_cases(), type_cases(), routine_cases(), view_cases()})
    for (const EmitCase& c : cases) {
      SCOPED_TRACE(c.name);
      for (const Step& step : steps_of(c)) {
        EXPECT_FALSE(step.why.empty());
        EXPECT_FALSE(step.sql.empty());
        EXPECT_TRUE(step.transactional);
        EXPECT_NE(step.object.name, "");
      }
    }
}

TEST(EmitCodeTest, Hazards) {
  EXPECT_EQ(hazards(steps_of(namespace_cases(), "schema, drop")), Names{"data_loss"});
  EXPECT_EQ(hazards(steps_of(namespace_cases(), "extension, move what cannot be moved")),
            Names{"data_loss"});
  EXPECT_EQ(hazards(steps_of(type_cases(), "enum, add labels")), Names{});
  EXPECT_EQ(hazards(steps_of(type_cases(), "composite, retype, used")),
            (Names{"data_loss", "data_loss"}));
  EXPECT_EQ(hazards(steps_of(routine_cases(), "function, default taken away")), Names{});
  EXPECT_EQ(hazards(steps_of(routine_cases(), "policy, create")), Names{"privilege"});
  EXPECT_EQ(hazards(steps_of(view_cases(), "view, an expression changes")), Names{});
}

TEST(EmitCodeTest, LocksAreThoseThatWereMeasured) {
  const auto locks = [](const std::vector<Step>& steps) { return steps.front().locks; };
  const auto one = [](LockLevel level) { return std::vector<RelationLock>{{"public.t", level}}; };
  EXPECT_EQ(locks(steps_of(routine_cases(), "trigger, replace")),
            one(LockLevel::ShareRowExclusive));
  EXPECT_EQ(locks(steps_of(routine_cases(), "trigger, drop")), one(LockLevel::AccessExclusive));
  EXPECT_EQ(locks(steps_of(routine_cases(), "policy, alter")), one(LockLevel::AccessExclusive));
  EXPECT_TRUE(locks(steps_of(type_cases(), "enum, add labels")).empty());
}

TEST(EmitCodeTest, ADomainsCheckStopsWritesForAsLongAsTheScanTakes) {
  for (const EmitCase& c : type_cases()) {
    if (c.name != "domain, not null, used") continue;
    Facts facts;
    facts.sizes[table_id("public", "t")] = {.rows = 10'000'000, .bytes = 1'000'000'000};
    const auto steps = steps_between(sketched(c.live), sketched(c.desired), facts);
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_EQ(hazards(steps), Names{"blocking"});
    EXPECT_TRUE(steps[0].scans);
    EXPECT_GT(steps[0].hold_ms, 1000);
    EXPECT_EQ(steps[0].locks, (std::vector<RelationLock>{{"public.t", LockLevel::Share}}));
  }
}

TEST(EmitCodeTest, AUsedTypeIsReplacedWithAllItsColumns) {
  for (const EmitCase& c : replacement_cases()) {
    SCOPED_TRACE(c.name);
    const Snapshot live = sketched(c.live), desired = sketched(c.desired);
    const Facts facts;
    const PlanOptions options;
    const Sources sources;
    const PlanContext context{live, desired, facts, options, sources};
    const ChangeSet changes = diff(live, desired);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_TRUE(needs_rebuild(changes.front(), context));
    SidesFinder sides{ObjectFinder(context.live), ObjectFinder(context.desired)};
    const auto steps = steps_for(
        {.op = Change::Op::Alter, .id = changes.front().id, .fields = changes.front().fields},
        context, sides);
    EXPECT_EQ(sql_of(steps), c.sql);
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_TRUE(steps[0].rewrites);
    EXPECT_EQ(steps[0].locks,
              (std::vector<RelationLock>{{"public.t", LockLevel::AccessExclusive}}));
    EXPECT_EQ(hazards(steps).front(), "rewrite");
  }
}

}  // namespace
}  // namespace aloft
