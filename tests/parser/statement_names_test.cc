// What statements of applications name, and what statements of DDL take away.

#include "parser/statement_names.h"

#include <gtest/gtest.h>

#include "parser/lost_names.h"

namespace aloft {
namespace {

/// The names of the ids, one after the other: "gone s.t.a".
std::string listed(const std::set<ObjectId>& ids) {
  std::string text;
  for (const ObjectId& id : ids) text += (text.empty() ? "" : " ") + name_of(id);
  return text;
}

const ObjectId kTable = table_id("s", "t");
const std::set<ObjectId> kWanted = {child_id(Kind::Column, kTable, "a"),
                                    child_id(Kind::Column, kTable, "Odd Name"),
                                    table_id("s", "gone")};

struct Use {
  const char* statement;
  const char* names;
};

class Names : public ::testing::TestWithParam<Use> {};

TEST_P(Names, AreThoseOfItsOwnQueries) {
  const auto found = named_in(GetParam().statement, kWanted);
  ASSERT_TRUE(found) << GetParam().statement;
  EXPECT_EQ(listed(*found), GetParam().names) << GetParam().statement;
}

INSTANTIATE_TEST_SUITE_P(
    Columns, Names,
    ::testing::Values(
        Use{"SELECT a FROM t", "s.t.a"}, Use{"SELECT a FROM s.t WHERE b = $1", "s.t.a"},
        Use{"SELECT a FROM other.t", ""}, Use{"SELECT A FROM S.T", "s.t.a"},
        Use{"SELECT \"A\" FROM t", ""}, Use{"SELECT \"Odd Name\" FROM t", "s.t.\"Odd Name\""},
        Use{"SELECT b FROM t WHERE a > $1", "s.t.a"}, Use{"SELECT a FROM u", ""},
        Use{"SELECT u.a FROM u JOIN t ON t.id = u.id", ""},
        Use{"SELECT x.a FROM u JOIN t AS x ON x.id = u.id", "s.t.a"},
        Use{"SELECT t.a FROM t AS x, u AS t", ""}, Use{"SELECT s.t.a FROM s.t", "s.t.a"},
        Use{"SELECT b FROM u JOIN t USING (a)", "s.t.a"}, Use{"SELECT (x).a FROM t AS x", "s.t.a"},
        Use{"SELECT count(*) FROM t GROUP BY a", "s.t.a"},
        Use{"SELECT b AS a FROM t ORDER BY a", ""}, Use{"SELECT b FROM t ORDER BY a", "s.t.a"},
        Use{"SELECT sum(b) OVER (PARTITION BY a) FROM t", "s.t.a"},
        Use{"SELECT b FROM t LIMIT $1 OFFSET $2", ""},
        Use{"SELECT b FROM t WHERE d > now() - interval $1 AND a = $2", "s.t.a"},
        Use{"SELECT b FROM t FOR UPDATE OF t", ""}, Use{"SELECT * FROM t", ""},
        Use{"SELECT t FROM t", ""}, Use{"ALTER TABLE t ADD CHECK (a > 0)", ""},
        Use{"VACUUM t (a)", ""}));

INSTANTIATE_TEST_SUITE_P(
    Subqueries, Names,
    ::testing::Values(
        Use{"SELECT 1 FROM u WHERE EXISTS (SELECT FROM t WHERE t.a = u.id)", "s.t.a"},
        Use{"SELECT 1 FROM t WHERE EXISTS (SELECT FROM u WHERE u.id = a)", "s.t.a"},
        Use{"SELECT a FROM (SELECT b AS a FROM t) x", ""},
        Use{"SELECT x.a FROM (SELECT * FROM t) x", "s.t.a"},
        Use{"SELECT x.a FROM (SELECT u.* FROM t, u) x", ""},
        Use{"SELECT 1 FROM t, LATERAL (SELECT a) x", "s.t.a"},
        Use{"SELECT 1 FROM t, (SELECT a FROM u) x", ""},
        Use{"SELECT 1 FROM t, unnest(a) x", "s.t.a"},
        Use{"WITH t AS (SELECT 1 AS a) SELECT a FROM t", ""},
        Use{"WITH w AS (SELECT * FROM t) SELECT a FROM w", "s.t.a"},
        Use{"WITH w AS (SELECT a FROM t) SELECT 1", "s.t.a"},
        Use{"WITH RECURSIVE gone AS (SELECT 1 UNION SELECT 2 FROM gone) SELECT * FROM "
            "gone",
            ""},
        Use{"SELECT b FROM t UNION SELECT a FROM t ORDER BY 1", "s.t.a"},
        Use{"SELECT j.a FROM (u JOIN t ON true) AS j", "s.t.a"}));

INSTANTIATE_TEST_SUITE_P(
    Writes, Names,
    ::testing::Values(
        Use{"INSERT INTO t (a, b) VALUES ($1, $2)", "s.t.a"},
        Use{"INSERT INTO t (b) SELECT a FROM u", ""}, Use{"INSERT INTO t VALUES ($1, $2)", ""},
        Use{"INSERT INTO t (b) VALUES ($1) RETURNING a", "s.t.a"},
        Use{"INSERT INTO t (b) VALUES ($1) ON CONFLICT (a) DO NOTHING", "s.t.a"},
        Use{"INSERT INTO t (b) VALUES (1) ON CONFLICT (b) DO UPDATE SET b = excluded.a", "s.t.a"},
        Use{"INSERT INTO u (a) VALUES ($1)", ""}, Use{"UPDATE t SET a = $1", "s.t.a"},
        Use{"UPDATE u SET a = t.b FROM t", ""},
        Use{"UPDATE t AS x SET (b, a) = (SELECT 1, 2)", "s.t.a"},
        Use{"UPDATE t SET b = x.a FROM u x", ""},
        Use{"DELETE FROM t USING u WHERE t.a = u.id", "s.t.a"},
        Use{"DELETE FROM u WHERE a = $1", ""},
        Use{"MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = 1", "s.t.a"},
        Use{"MERGE INTO u USING t ON u.id = t.id WHEN NOT MATCHED THEN INSERT (a) "
            "VALUES (t.a)",
            "s.t.a"},
        Use{"WITH d AS (DELETE FROM t RETURNING *) SELECT a FROM d", "s.t.a"},
        Use{"COPY t (a, b) TO STDOUT", "s.t.a"}, Use{"COPY t FROM STDIN", ""},
        Use{"COPY (SELECT a FROM t) TO STDOUT", "s.t.a"},
        Use{"PREPARE p AS SELECT a FROM t", "s.t.a"},
        Use{"DECLARE c CURSOR FOR SELECT a FROM t", "s.t.a"},
        Use{"CREATE TABLE gone AS SELECT a FROM t", "s.t.a"}));

INSTANTIATE_TEST_SUITE_P(
    Relations, Names,
    ::testing::Values(Use{"SELECT * FROM gone", "s.gone"}, Use{"SELECT * FROM other.gone", ""},
                      Use{"SELECT 1 FROM u LEFT JOIN s.gone g ON true", "s.gone"},
                      Use{"INSERT INTO gone VALUES ($1)", "s.gone"},
                      Use{"DELETE FROM ONLY gone", "s.gone"}, Use{"TRUNCATE u, gone", "s.gone"},
                      Use{"LOCK TABLE gone", "s.gone"}, Use{"COPY gone TO STDOUT", "s.gone"},
                      Use{"SELECT 1 FROM gone TABLESAMPLE SYSTEM ($1)", "s.gone"},
                      Use{"DROP TABLE gone", ""}));

TEST(Statements, ThatDoNotParseAreSaid) {
  EXPECT_FALSE(named_in("SELECT FROM WHERE", kWanted));
}

TEST(Statements, HaveTheSameShapeWhateverTheirConstants) {
  EXPECT_EQ(shape_of("UPDATE t SET a = 1 WHERE b = 'x'"),
            shape_of("UPDATE t SET a = $1 WHERE b = $2"));
  EXPECT_NE(shape_of("UPDATE t SET a = 1"), shape_of("UPDATE t SET b = 1"));
  EXPECT_TRUE(names_schema("INSERT INTO aloft.step SELECT 1", "aloft"));
  EXPECT_TRUE(names_schema("SELECT 1 WHERE EXISTS (SELECT FROM aloft.run)", "aloft"));
  EXPECT_FALSE(names_schema("SELECT * FROM aloft", "aloft"));
}

TEST(Losses, AreWhatDoesNotComeBack) {
  EXPECT_EQ(listed(lost_names({"DROP TABLE s.t", "DROP VIEW s.v"})), "s.t s.v");
  EXPECT_EQ(listed(lost_names({"ALTER TABLE s.t DROP COLUMN a, ADD COLUMN b integer"})), "s.t.a");
  EXPECT_EQ(listed(lost_names({"ALTER TABLE s.t DROP COLUMN a", "DROP TABLE s.t"})), "s.t");
  EXPECT_EQ(listed(lost_names({"DROP INDEX s.i", "DROP FUNCTION s.f()"})), "");
  EXPECT_EQ(listed(lost_names({"DROP VIEW s.v", "CREATE VIEW s.v AS SELECT 1"})), "");
  EXPECT_EQ(listed(lost_names({"ALTER TABLE s.t SET SCHEMA n"})), "s.t");
}

TEST(Losses, OfAViewInATablesPlaceAreTheOldNames) {
  EXPECT_EQ(listed(lost_names({"DROP VIEW s.t", "ALTER TABLE s.t__behind RENAME TO t",
                               "ALTER TABLE s.t RENAME COLUMN a TO b"})),
            "s.t__behind s.t.a");
}

TEST(Losses, OfACutOverAreNotTheColumnsName) {
  EXPECT_EQ(listed(lost_names({"ALTER TABLE s.t RENAME COLUMN a TO a__old",
                               "ALTER TABLE s.t RENAME COLUMN a__new TO a",
                               "ALTER TABLE s.t DROP COLUMN a__old"})),
            "s.t.a__new");
}

}  // namespace
}  // namespace aloft
