#include <gtest/gtest.h>

#include <algorithm>

#include "engine/introspect/introspect.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

constexpr const char* kSchema = R"(
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('a', 'b');
CREATE FUNCTION app.f(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE app.t (id serial PRIMARY KEY, m app.mood, ms app.mood[], x integer DEFAULT app.f(3),
  g integer GENERATED ALWAYS AS (app.f(id)) STORED, CONSTRAINT c CHECK (app.f(id) > 0));
CREATE TABLE app.child (t_id integer REFERENCES app.t (id));
CREATE VIEW app.v AS SELECT id, m FROM app.t;
CREATE VIEW app.w AS SELECT m FROM app.v;
CREATE MATERIALIZED VIEW app.mv AS SELECT m FROM app.w;
CREATE INDEX mvi ON app.mv (m);
CREATE FUNCTION app.row_f(app.t) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE POLICY p ON app.t USING (m = 'a');
CREATE INDEX ti ON app.t (app.f(id));
CREATE EXTENSION citext SCHEMA app;
CREATE TABLE app.cased (name app.citext);
)";

class DependenciesTest : public testing::Test {
 protected:
  static const TestDatabase& database() {
    static const TestDatabase* only = [] {
      static TestDatabase made;
      made.run(kSchema);
      return &made;
    }();
    return *only;
  }
  DependenciesTest() { session_->execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }

  /// "view app.v -> table app.t" for each edge.
  std::vector<std::string> edges_of(const std::vector<ObjectId>& among) {
    std::vector<std::string> lines;
    for (const Edge& edge : read_dependencies(*session_, among))
      lines.push_back(to_string(edge.dependent) + " -> " + to_string(edge.on));
    return lines;
  }
  static bool has(const std::vector<std::string>& lines, const std::string& line) {
    return std::ranges::count(lines, line) == 1;
  }
  std::unique_ptr<Session> session_ = database().connect();
};

const ObjectId kMood{.kind = Kind::Enum, .schema = "app", .name = "mood"};
const ObjectId kFunction{.kind = Kind::Function, .schema = "app", .name = "f", .args = "integer"};

TEST_F(DependenciesTest, FollowsAViewThroughViewsToItsIndex) {
  const auto lines = edges_of({child_id(Kind::Column, table_id("app", "t"), "m")});
  EXPECT_TRUE(has(lines, "view app.v -> column app.t.m"));
  EXPECT_TRUE(has(lines, "view app.v -> table app.t"));
  EXPECT_TRUE(has(lines, "view app.w -> view app.v"));
  EXPECT_TRUE(has(lines, "view app.w -> column app.v.m"));
  EXPECT_TRUE(has(lines, "view app.mv -> view app.w"));
  EXPECT_TRUE(has(lines, "index app.mv.mvi -> view app.mv"));
  EXPECT_TRUE(has(lines, "policy app.t.p -> column app.t.m"));
  EXPECT_FALSE(has(lines, "constraint app.child.child_t_id_fkey -> constraint app.t.t_pkey"));
}

TEST_F(DependenciesTest, FollowsATypeThroughItsArray) {
  const auto lines = edges_of({kMood});
  EXPECT_TRUE(has(lines, "column app.t.m -> enum type app.mood"));
  EXPECT_TRUE(has(lines, "column app.t.ms -> enum type app.mood"));
  EXPECT_TRUE(has(lines, "policy app.t.p -> enum type app.mood"));
  EXPECT_TRUE(has(lines, "view app.w -> view app.v"));
}

TEST_F(DependenciesTest, ReadsADefaultAsItsColumn) {
  const auto lines = edges_of({kFunction});
  EXPECT_TRUE(has(lines, "column app.t.x -> function app.f(integer)"));
  EXPECT_TRUE(has(lines, "column app.t.g -> function app.f(integer)"));
  EXPECT_TRUE(has(lines, "constraint app.t.c -> function app.f(integer)"));
  EXPECT_TRUE(has(lines, "index app.t.ti -> function app.f(integer)"));
}

TEST_F(DependenciesTest, ReadsAKeysIndexAsTheConstraint) {
  const auto lines = edges_of({table_id("app", "t")});
  EXPECT_TRUE(has(lines, "constraint app.child.child_t_id_fkey -> constraint app.t.t_pkey"));
  EXPECT_TRUE(has(lines, "constraint app.child.child_t_id_fkey -> column app.t.id"));
  EXPECT_TRUE(has(lines, "function app.row_f(app.t) -> table app.t"));
}

TEST_F(DependenciesTest, LeavesOutTheOwnershipOfASequence) {
  const auto lines = edges_of({child_id(Kind::Column, table_id("app", "t"), "id")});
  EXPECT_TRUE(has(lines, "column app.t.id -> sequence app.t_id_seq"));
  EXPECT_FALSE(has(lines, "sequence app.t_id_seq -> column app.t.id"));
  EXPECT_FALSE(has(lines, "sequence app.t_id_seq -> table app.t"));
}

TEST_F(DependenciesTest, NamesTheExtensionForItsMembers) {
  const auto lines = edges_of({{.kind = Kind::Extension, .name = "citext"}});
  EXPECT_TRUE(has(lines, "column app.cased.name -> extension citext"));
  EXPECT_FALSE(has(lines, "function app.citext(boolean) -> extension citext"));
}

TEST_F(DependenciesTest, KnowsNothingOfNothing) {
  EXPECT_TRUE(edges_of({}).empty());
  EXPECT_TRUE(edges_of({{.kind = Kind::Role, .name = "postgres"}}).empty());
  EXPECT_TRUE(edges_of({table_id("app", "gone")}).empty());
}

}  // namespace
}  // namespace aloft::test
