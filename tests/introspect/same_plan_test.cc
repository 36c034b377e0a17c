#include "engine/introspect/same_plan.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace aloft {
namespace {

/// Two scans under a join, as EXPLAIN prints them.
std::string join(const std::string& first, const std::string& second,
                 const std::vector<std::string>& output) {
  const auto scan = [](const std::string& alias) {
    return nlohmann::json{{"Node Type", "Seq Scan"}, {"Relation Name", "t"}, {"Alias", alias}};
  };
  const nlohmann::json plan{{"Node Type", "Nested Loop"},
                            {"Output", output},
                            {"Plans", nlohmann::json::array({scan(first), scan(second)})}};
  return nlohmann::json::array({{{"Plan", plan}}}).dump();
}

TEST(SamePlan, WhateverTheAliases) {
  EXPECT_TRUE(same_plan(join("t", "t_1", {"t.a", "t_1.b"}), join("x", "y", {"x.a", "y.b"})));
  EXPECT_TRUE(
      same_plan(join("t_1", "t", {"(t_1.a + t.b)"}), join("t", "T_1", {"(t.a + \"T_1\".b)"})));
  EXPECT_TRUE(same_plan(join("a", "b", {"a.*", "s.f(b.x)"}), join("b", "a", {"b.*", "s.f(a.x)"})));
}

TEST(SamePlan, NotWhereAnotherOneIsMeant) {
  EXPECT_FALSE(same_plan(join("t", "t_1", {"t.a"}), join("x", "y", {"y.a"})));
  EXPECT_FALSE(same_plan(join("t", "t_1", {"t.a"}), join("t", "t_1", {"t_1.a"})));
  EXPECT_FALSE(same_plan(join("t", "t_1", {"t.a"}), join("x", "y", {"x.b"})));
  EXPECT_FALSE(same_plan(join("t", "t_1", {"t.a"}), join("x", "x", {"x.a"})));
}

TEST(SamePlan, NotWhereALiteralDiffers) {
  EXPECT_FALSE(same_plan(join("t", "u", {"'t.a'::text"}), join("x", "u", {"'x.a'::text"})));
  EXPECT_FALSE(
      same_plan(join("t", "u", {"'it''s t.a'::text"}), join("x", "u", {"'it''s x.a'::text"})));
  EXPECT_TRUE(same_plan(join("t", "u", {"'it''s t.a'::text", "t.a"}),
                        join("x", "u", {"'it''s t.a'::text", "x.a"})));
}

TEST(SamePlan, LeavesFieldsOfCompositesAlone) {
  EXPECT_FALSE(
      same_plan(join("t", "u", {"(u.t).a", "u.t.b"}), join("x", "u", {"(u.x).a", "u.x.b"})));
}

TEST(SamePlan, WithoutTheQueryIdentifier) {
  const std::string plan = R"([{"Plan": {"Node Type": "Result"}, "Query Identifier": )";
  EXPECT_TRUE(same_plan(plan + "1}]", plan + "2}]"));
}

}  // namespace
}  // namespace aloft
