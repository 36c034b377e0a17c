// New columns made of others: which of them go together, in what order, and what cannot be done.

#include <algorithm>

#include "tests/planner/plan_fixture.h"

namespace aloft {
namespace {

class CounterpartsTest : public PlanTest {
 protected:
  void SetUp() override {
    live.table("t", {"id", "a", "b"});
    desired.table("t", {"id", "a", "b"});
  }
  /// A new column of the files, made of those that the expression reads.
  ColumnDirectives& fresh(const std::string& name, const std::string& expression,
                          const std::set<std::string>& reads) {
    desired.snapshot.columns[Side::column("t", name)] = {.type = "integer"};
    desired.snapshot.tables[table_id("public", "t")].column_order.push_back(name);
    ColumnDirectives& said = desired.snapshot.columns[Side::column("t", name)].said.edit();
    said.new_value.sql = expression;
    said.reads = reads;
    return said;
  }
  void drop(const std::string& name) {
    desired.snapshot.columns.erase(Side::column("t", name));
    std::erase(desired.snapshot.tables[table_id("public", "t")].column_order, name);
  }
  /// Why there is no plan.
  std::string refusal() {
    EXPECT_FALSE(plan(diff(live.snapshot, desired.snapshot)).has_value());
    return messages();
  }
  static int triggers(const Plan& made) {
    return static_cast<int>(std::ranges::count_if(made.steps, [](const Step& step) {
      return std::ranges::any_of(
          step.sql, [](const std::string& sql) { return sql.starts_with("CREATE TRIGGER"); });
    }));
  }
};

TEST_F(CounterpartsTest, OfOneColumnGoTogetherAndItGoesLast) {
  drop("a");
  fresh("x", "a / 10", {"a"});
  fresh("y", "a % 10", {"a"}).formers = {{"a", {.sql = "x * 10 + y"}}};
  const Plan made = plan();
  EXPECT_EQ(triggers(made), 1);
  EXPECT_EQ(step_with(made, "ADD COLUMN x"), step_with(made, "ADD COLUMN y"));
  expect_order(made, {"ADD COLUMN x", "UPDATE ONLY", "DROP FUNCTION", "DROP COLUMN a"});
  const Step& last = made.steps.back();
  EXPECT_TRUE(last.after_soak);  // until then the old application reads and writes it
}

TEST_F(CounterpartsTest, OfDifferentColumnsDoNot) {
  fresh("x", "a / 10", {"a"});
  fresh("y", "b / 10", {"b"});
  EXPECT_EQ(triggers(plan()), 2);
}

TEST_F(CounterpartsTest, ThatAThirdOneTiesTogetherGoTogether) {
  fresh("x", "a / 10", {"a"});
  fresh("y", "b / 10", {"b"});
  fresh("z", "a + b", {"a", "b"});
  EXPECT_EQ(triggers(plan()), 1);
}

TEST_F(CounterpartsTest, AreNoneOfWhatABackfillReadsAndStays) {
  ColumnDirectives& said = fresh("x", "", {"a"});
  said.fill.sql = "a / 10";
  const Plan made = plan();
  EXPECT_EQ(step_with(made, "two_way"), -1);
  EXPECT_GE(step_with(made, "aloft.fill_"), 0);
}

TEST_F(CounterpartsTest, AreNoneOfAConstantWhichFillsTheRows) {
  fresh("x", "7", {});
  const Plan made = plan();
  EXPECT_GE(step_with(made, "SET x = (7)"), 0);
}

TEST_F(CounterpartsTest, OfAColumnThatTheTableDoesNotHaveAreNone) {
  // As where a database is many versions behind: the directives are of a later change.
  fresh("x", "gone || x", {"x", "gone"}).formers = {{"gone", {.sql = "x::text"}}};
  const Plan made = plan();
  ASSERT_EQ(made.steps.size(), 1u);
  EXPECT_EQ(made.steps[0].sql.size(), 1u);
}

TEST_F(CounterpartsTest, MayNeedATypeThatIsMadeFirst) {
  const ObjectId kind{.kind = Kind::Enum, .schema = "public", .name = "kind"};
  desired.snapshot.enums[kind].labels = {"x"};
  fresh("x", "a / 10", {"a"});
  fresh("y", "a::text::kind", {"a"});
  desired.snapshot.columns[Side::column("t", "y")].type = "public.kind";
  desired.needs(Side::column("t", "y"), kind);
  expect_order(plan(), {"CREATE TYPE public.kind", "ADD COLUMN x"});
}

TEST_F(CounterpartsTest, CannotBeMadeOfAGeneratedColumn) {
  for (Side* side : {&live, &desired}) {
    Column& column = side->snapshot.columns[Side::column("t", "a")];
    column.generated = 's';
    column.default_value = {"b * 2", "b * 2"};
  }
  fresh("x", "a / 10", {"a"});
  EXPECT_NE(refusal().find("public.t.a is a generated column"), std::string::npos) << messages();
}

TEST_F(CounterpartsTest, CannotGiveBackWhatIsNotThere) {
  fresh("x", "a / 10", {"a"}).formers = {{"nowhere", {.sql = "x * 10"}}};
  EXPECT_NE(refusal().find("public.t.nowhere, which is not there"), std::string::npos)
      << messages();
}

TEST_F(CounterpartsTest, HaveToSayWhatTheyGiveBack) {
  fresh("x", "a / 10", {"a"}).old_value.sql = "x * 10";
  EXPECT_NE(refusal().find("reverse COLUMN = EXPRESSION"), std::string::npos) << messages();
}

TEST_F(CounterpartsTest, CannotGoBothWaysFromAValueThatIsAnotherEachTime) {
  fresh("x", "a + random()", {"a"}).formers = {{"a", {.sql = "x"}}};
  EXPECT_NE(refusal().find("may be another each time"), std::string::npos) << messages();
}

TEST_F(CounterpartsTest, CannotBeOfATableThatOthersInherit) {
  for (Side* side : {&live, &desired}) {
    const ObjectId child = side->table("child", {"id"});
    side->snapshot.tables[child].inherits = {{"public", "t"}};
    side->snapshot.columns[Side::column("child", "id")].local = false;
  }
  fresh("x", "a / 10", {"a"});
  EXPECT_NE(refusal().find("other tables inherit from public.t"), std::string::npos) << messages();
}

TEST_F(CounterpartsTest, CannotBeInPlace) {
  fresh("x", "a / 10", {"a"}).in_place = true;
  EXPECT_NE(refusal().find("in place"), std::string::npos) << messages();
}

TEST_F(CounterpartsTest, CannotBeMadeOfWhatIsNowhere) {
  // With a slip in the name the old column would go, and nothing would have its values.
  drop("a");
  fresh("x", "aa / 10", {"aa"});
  EXPECT_NE(refusal().find("`using` reads no column that public.t has"), std::string::npos)
      << messages();
}

TEST_F(CounterpartsTest, CannotHaveTwoWaysBack) {
  fresh("x", "a / 10", {"a"}).formers = {{"a", {.sql = "x * 10"}}};
  fresh("y", "a % 10", {"a"}).formers = {{"a", {.sql = "y"}}};
  EXPECT_NE(refusal().find("two directives `reverse` give a value to public.t.a"),
            std::string::npos)
      << messages();
}

TEST_F(CounterpartsTest, CannotHaveTwoWaysThere) {
  fresh("x", "a / 10", {"a"}).fill.sql = "0";
  EXPECT_NE(refusal().find("both `using` and `backfill`"), std::string::npos) << messages();
}

TEST_F(CounterpartsTest, CannotBeNumberedToo) {
  ColumnDirectives& said = fresh("x", "", {});
  said.fill.sql = "7";
  desired.snapshot.columns[Side::column("t", "x")].identity = 'd';
  EXPECT_NE(refusal().find("the server itself gives it its values"), std::string::npos)
      << messages();
}

TEST_F(CounterpartsTest, AreNotAnotherType) {
  Column& column = desired.snapshot.columns[Side::column("t", "a")];
  column.type = "bigint";
  column.said.edit().formers = {{"b", {.sql = "a"}}};
  EXPECT_NE(refusal().find("`reverse` is of b, another column"), std::string::npos) << messages();
}

}  // namespace
}  // namespace aloft
