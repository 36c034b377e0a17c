// What the strategies decide: type changes, volatile defaults, hazards, locks, versions.

#include "planner/strategies/strategies.h"

#include <gtest/gtest.h>

#include "planner/emit/access.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "tests/planner/sketch.h"

namespace aloft {
namespace {

struct TypeCase {
  std::string from{}, to{};
  TypeChange change = TypeChange::Free;
};

TEST(TypeChangeTest, AgreesWithWhatServersDo) {
  using enum TypeChange;
  const std::vector<TypeCase> cases = {
      {"character varying(50)", "character varying(100)", Free},
      {"character varying(50)", "character varying", Free},
      {"character varying(50)", "text", Free},
      {"text", "character varying", Free},
      {"numeric(10,2)", "numeric(12,2)", Free},
      {"numeric(10,2)", "numeric", Free},
      {"numeric(5)", "numeric(10)", Free},
      {"timestamp(3) without time zone", "timestamp without time zone", Free},
      {"timestamp without time zone", "timestamp(6) without time zone", Free},
      {"interval(3)", "interval", Free},
      {"interval", "interval day to second", Free},
      {"bit varying(8)", "bit varying(16)", Free},
      {"cidr", "inet", Free},
      {"regclass", "oid", Free},
      {"xml", "text", Free},
      {"timestamp(3) without time zone[]", "timestamp without time zone[]", Free},
      {"public.citext", "text", Reindex},
      {"text", "public.citext", Reindex},
      {"integer", "oid", Reindex},
      {"bit(8)", "bit varying", Reindex},
      {"timestamp without time zone", "timestamp with time zone", Reindex},
      {"timestamp(6) without time zone", "timestamp(3) with time zone", Rewrite},
      {"character varying(50)", "character varying(20)", Rewrite},
      {"text", "character varying(50)", Rewrite},
      {"character(10)", "character(20)", Rewrite},
      {"public.citext", "character varying(50)", Rewrite},
      {"integer", "bigint", Rewrite},
      {"numeric(10,2)", "numeric(10,4)", Rewrite},
      {"numeric(12,2)", "numeric(10,2)", Rewrite},
      {"numeric", "numeric(10,2)", Rewrite},
      {"timestamp without time zone", "timestamp(3) without time zone", Rewrite},
      {"character varying(50)[]", "character varying(100)[]", Rewrite},
      {"character varying[]", "text[]", Rewrite},
      {"json", "jsonb", Rewrite},
      {"integer", "integer[]", Rewrite},
      {"text", "public.positive", Rewrite},
      {"text", "public.any_text", Free},
      {"public.any_text", "text", Free},
  };
  Sketch sketch;
  sketch.snapshot.domains[{.kind = Kind::Domain, .schema = "public", .name = "any_text"}].type =
      "text";
  Domain& positive =
      sketch.snapshot.domains[{.kind = Kind::Domain, .schema = "public", .name = "positive"}];
  positive.type = "text", positive.not_null = true;
  const Facts facts;
  const PlanOptions options;
  const Sources sources;
  const PlanContext context{sketch.snapshot, sketch.snapshot, facts, options, sources};
  for (const TypeCase& c : cases) {
    Column from, to;
    from.type = c.from, to.type = c.to;
    EXPECT_EQ(classify_type_change(from, to, context), c.change) << c.from << " -> " << c.to;
  }
}

TEST(DefaultTest, KnowsWhatIsComputedRowByRow) {
  Sketch sketch;
  const auto function = [&](const std::string& name) -> Function& {
    return sketch.snapshot.functions[{.kind = Kind::Function, .schema = "public", .name = name}];
  };
  function("steady").properties = {{"volatility", "STABLE"}};
  function("shaky");
  for (const char* text : {"now()", "'random()'::text", "1", "'{}'::jsonb", "CURRENT_DATE",
                           "(now() + '1 day'::interval)", "public.steady()", "lower('A'::text)"})
    EXPECT_FALSE(is_volatile(text, sketch.snapshot)) << text;
  for (const char* text : {"gen_random_uuid()", "random()", "nextval('public.q'::regclass)",
                           "public.shaky()", "other.unknown()", "(1 + (random())::integer)"})
    EXPECT_TRUE(is_volatile(text, sketch.snapshot)) << text;
}

TEST(DefaultTest, IsPutInParenthesesWhereNeeded) {
  EXPECT_EQ(default_sql("now()"), "now()");
  EXPECT_EQ(default_sql("'a b'::character varying"), "'a b'::character varying");
  EXPECT_EQ(default_sql("'-1'::integer"), "'-1'::integer");
  EXPECT_EQ(default_sql("1 + 2"), "(1 + 2)");
  EXPECT_EQ(default_sql("(1 + 2)"), "(1 + 2)");
}

TEST(BoundTest, IsPutAsACondition) {
  EXPECT_EQ(bound_condition("RANGE (k)", "FOR VALUES FROM (1) TO (10)"),
            "(k IS NOT NULL) AND (k >= 1) AND (k < 10)");
  EXPECT_EQ(bound_condition("RANGE (k)", "FOR VALUES FROM (MINVALUE) TO ('2020-01-01')"),
            "(k IS NOT NULL) AND (k < '2020-01-01')");
  EXPECT_EQ(bound_condition("LIST (k)", "FOR VALUES IN ('a', 'b,c')"),
            "(k IS NOT NULL) AND (k IN ('a', 'b,c'))");
  EXPECT_EQ(bound_condition("LIST (k)", "FOR VALUES IN ('a', NULL)"), "(k IS NULL) OR (k = 'a')");
  EXPECT_EQ(bound_condition("RANGE (a, b)", "FOR VALUES FROM (1, 2) TO (3, 4)"), "");
  EXPECT_EQ(bound_condition("HASH (a)", "FOR VALUES WITH (modulus 2, remainder 0)"), "");
}

TEST(NameTest, IsCutAtACharacter) {
  EXPECT_EQ(suffixed("t", "_nn"), "t_nn");
  EXPECT_EQ(suffixed(std::string(70, 'x'), "_nn"), std::string(60, 'x') + "_nn");
  EXPECT_EQ(suffixed(std::string(59, 'x') + "é", "_nn"), std::string(59, 'x') + "_nn");
}

TEST(GrantTest, LeadsFromOneListToTheOther) {
  const Target target = target_of(table_id("s", "t"));
  const Grants from = {{"", "SELECT", false}, {"a", "INSERT", true}, {"a", "SELECT", false}};
  const Grants to = {{"a", "INSERT", false}, {"a", "SELECT", true}, {"b", "UPDATE", false}};
  std::string text;
  for (const Sql& statement : grants_sql(target, from, to)) text += statement.text + "\n";
  EXPECT_EQ(text,
            "REVOKE SELECT ON TABLE s.t FROM PUBLIC\n"
            "REVOKE GRANT OPTION FOR INSERT ON TABLE s.t FROM a\n"
            "GRANT UPDATE ON TABLE s.t TO b\n"
            "GRANT SELECT ON TABLE s.t TO a WITH GRANT OPTION\n");
  EXPECT_TRUE(grants_sql(target, from, from).empty());
}

/// One table with a column `a`, changed; and how large it is.
std::vector<Step> with_size(const std::function<void(Column&)>& change, RelationSize size,
                            int version = 150000) {
  Sketch live, desired;
  live.plain_table("t"), desired.plain_table("t");
  change(desired.snapshot.columns.at(child_id(Kind::Column, Sketch::table_named("t"), "a")));
  Facts facts;
  facts.server_version = version;
  facts.sizes[Sketch::table_named("t")] = size;
  return steps_between(live.snapshot, desired.snapshot, facts);
}

std::vector<Hazard> hazards_of(const std::vector<Step>& steps) {
  std::vector<Hazard> hazards;
  for (const Step& step : steps)
    for (const HazardNote& note : step.hazards) hazards.push_back(note.hazard);
  return hazards;
}

TEST(HazardTest, ARewriteIsHeldAgainstItsTablesSize) {
  const auto to_bigint = [](Column& a) { a.type = "bigint"; };
  const std::vector<Hazard> both = {Hazard::Rewrite, Hazard::Blocking};
  EXPECT_EQ(hazards_of(with_size(to_bigint, {.rows = 1'000'000, .bytes = 100'000'000})), both);
  EXPECT_EQ(hazards_of(with_size(to_bigint, {.rows = -1, .bytes = 100'000'000})), both);
  EXPECT_EQ(hazards_of(with_size(to_bigint, {.rows = 10, .bytes = 8192})),
            std::vector{Hazard::Rewrite});
  EXPECT_TRUE(hazards_of(with_size(to_bigint, {.rows = 0, .bytes = 0})).empty());
  EXPECT_TRUE(hazards_of(with_size(to_bigint, {.rows = -1, .bytes = 0})).empty());
  const auto steps = with_size(to_bigint, {.rows = 1'000'000, .bytes = 100'000'000});
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_TRUE(steps[0].rewrites);
  EXPECT_GT(steps[0].hold_ms, 5000);
  EXPECT_EQ(steps[0].statement_timeout_ms, 0);
  EXPECT_EQ(steps[0].locks, (std::vector<RelationLock>{{"public.t", LockLevel::AccessExclusive}}));
}

TEST(HazardTest, AScanUnderALightLockIsNone) {
  const auto steps =
      with_size([](Column& a) { a.not_null = true; }, {.rows = 1'000'000, .bytes = 100'000'000});
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_TRUE(hazards_of(steps).empty());
  EXPECT_TRUE(steps[1].scans);
  EXPECT_EQ(steps[1].hold_ms, 0);
  EXPECT_EQ(steps[1].locks,
            (std::vector<RelationLock>{{"public.t", LockLevel::ShareUpdateExclusive}}));
}

TEST(SetNotNullTest, UsesNamedConstraintsFrom18On) {
  EXPECT_EQ(sql_of(with_size([](Column& a) { a.not_null = true; }, {}, 180000)),
            "ALTER TABLE public.t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID\n"
            "ALTER TABLE public.t VALIDATE CONSTRAINT t_a_not_null\n");
}

TEST(DropTest, IsAContractStepThatLosesData) {
  Sketch live, desired;
  live.plain_table("t"), desired.plain_table("t");
  live.column("t", "b");
  const auto steps = steps_between(live.snapshot, desired.snapshot);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].phase, Phase::Contract);
  EXPECT_EQ(hazards_of(steps), (std::vector{Hazard::DataLoss, Hazard::Irreversible}));
}

TEST(TypeChangeTest, ReachesOtherEnumsByText) {
  Sketch live, desired;
  for (Sketch* s : {&live, &desired})
    for (const char* name : {"mood", "color"})
      s->snapshot.enums[{.kind = Kind::Enum, .schema = "public", .name = name}].labels = {"x"};
  live.column("t", "a", "public.mood");
  desired.column("t", "a", "public.color");
  EXPECT_EQ(sql_of(steps_between(live.snapshot, desired.snapshot)),
            "ALTER TABLE public.t ALTER COLUMN a TYPE public.color USING a::text::public.color\n");
}

}  // namespace
}  // namespace aloft
