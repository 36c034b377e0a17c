// What the deparser prints reads back as the tree that it was given, whatever stands in whatever.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

#include "parser/canonical.h"
#include "parser/pg_tree.h"
#include "parser/source_text.h"

namespace aloft {
namespace {

constexpr auto kInner = std::to_array<std::string_view>({"a",
                                                         "-1",
                                                         "1",
                                                         "'x'",
                                                         "NULL",
                                                         "a + b",
                                                         "-a",
                                                         "a = b",
                                                         "a AND b",
                                                         "a OR b",
                                                         "NOT a",
                                                         "a IS NULL",
                                                         "a IS TRUE",
                                                         "a::int",
                                                         "a COLLATE \"C\"",
                                                         "a LIKE b",
                                                         "a LIKE b ESCAPE c",
                                                         "a SIMILAR TO b",
                                                         "a IN (1)",
                                                         "a NOT IN (1)",
                                                         "a BETWEEN 1 AND 2",
                                                         "a IS DISTINCT FROM b",
                                                         "a AT TIME ZONE b",
                                                         "(a, b) OVERLAPS (c, d)",
                                                         "a IS NORMALIZED",
                                                         "a IS NOT NORMALIZED",
                                                         "a IS DOCUMENT",
                                                         "ARRAY[1]",
                                                         "ARRAY(SELECT 1)",
                                                         "ROW(1, 2)",
                                                         "(SELECT 1)",
                                                         "EXISTS (SELECT 1)",
                                                         "a = ANY (b)",
                                                         "a = ANY (SELECT 1)",
                                                         "a IN (SELECT 1)",
                                                         "CASE WHEN a THEN 1 END",
                                                         "f(x)",
                                                         "count(*) OVER ()",
                                                         "(f(x)).y",
                                                         "a[1]",
                                                         "extract(day FROM a)",
                                                         "current_date",
                                                         "COALESCE(a, b)",
                                                         "x OPERATOR(pg_catalog.+) y",
                                                         "@ a",
                                                         "a || b",
                                                         "NULLIF(a, b)",
                                                         "position(a IN b)",
                                                         "xmlelement(NAME x)"});

/// "#" is where the inner expression stands.
constexpr auto kOuter = std::to_array<std::string_view>(
    {"SELECT (#)::text",
     "SELECT -(#)",
     "SELECT (#) + 1",
     "SELECT 2 - (#)",
     "SELECT (#) = 1",
     "SELECT 1 = (#)",
     "SELECT (#) IS NULL",
     "SELECT (#) IS NOT NULL",
     "SELECT (#) IS TRUE",
     "SELECT (#) IS NOT FALSE",
     "SELECT NOT (#)",
     "SELECT (#) AND x",
     "SELECT x OR (#)",
     "SELECT (#) LIKE 'x'",
     "SELECT x NOT ILIKE (#)",
     "SELECT x LIKE (#) ESCAPE (#)",
     "SELECT x SIMILAR TO (#)",
     "SELECT (#) SIMILAR TO x",
     "SELECT (#) IN (1)",
     "SELECT x IN ((#), 3)",
     "SELECT (#) BETWEEN 1 AND 2",
     "SELECT x BETWEEN (#) AND (#)",
     "SELECT x NOT BETWEEN SYMMETRIC 1 AND (#)",
     "SELECT (#) COLLATE \"C\"",
     "SELECT (#)[1]",
     "SELECT (#)[1:2]",
     "SELECT (#).f",
     "SELECT (#) AT TIME ZONE 'x'",
     "SELECT x AT TIME ZONE (#)",
     "SELECT x = ANY (#)",
     "SELECT (#) = ANY (x)",
     "SELECT (#) = ANY (SELECT 1)",
     "SELECT (#) IN (SELECT 1)",
     "SELECT (#) IS DISTINCT FROM x",
     "SELECT x IS NOT DISTINCT FROM (#)",
     "SELECT (#) IS DOCUMENT",
     "SELECT (#) IS NORMALIZED",
     "SELECT CASE (#) WHEN (#) THEN (#) ELSE (#) END",
     "SELECT f((#), VARIADIC (#))",
     "SELECT ARRAY[(#)], ROW((#)), a[(#)]",
     "SELECT 1 OPERATOR(pg_catalog.+) (#)",
     "SELECT x -> (#)",
     "SELECT NULLIF((#), 1), position((#) IN (#)), trim((#) FROM x)",
     "SELECT sum(x ORDER BY (#)) FILTER (WHERE (#)) OVER (PARTITION BY (#) ORDER BY (#))",
     "SELECT 1 FROM t JOIN u ON (#) WHERE (#) GROUP BY (#) HAVING (#) ORDER BY (#) LIMIT (#)",
     "SELECT DISTINCT ON ((#)) 1 FROM f((#)) g OFFSET (#)",
     "SELECT xmlexists((#) PASSING (#)), xmlforest((#) AS x), xmlserialize(CONTENT (#) AS text)",
     "SELECT * FROM xmltable(xmlnamespaces((#) AS n), (#) PASSING (#) COLUMNS a int PATH (#) "
     "DEFAULT (#))",
     "SELECT percentile_cont((#)) WITHIN GROUP (ORDER BY (#))",
     "SELECT ((#), x) = (y, (#)), ((#), x) IS NULL",
     "VALUES ((#))"});

std::string put_in(std::string_view outer, std::string_view inner) {
  std::string text;
  for (const char c : outer) text += c == '#' ? std::string(inner) : std::string(1, c);
  return text;
}

TEST(Parentheses, AreWhereTheMeaningNeedsThem) {
  for (const std::string_view outer : kOuter) {
    for (const std::string_view inner : kInner) {
      const std::string text = put_in(outer, inner);
      std::optional<pg::Tree> tree;
      pg::Node* statement = pg::only_statement(tree, text);
      ASSERT_NE(statement, nullptr) << text;
      const std::string printed = pg::deparse(statement);
      EXPECT_TRUE(pg::reads_back(printed, statement)) << text << "\nprinted as\n" << printed;
    }
  }
}

TEST(Parentheses, AreNotLeftInTheTree) {
  std::optional<pg::Tree> tree, same;
  const std::string text = "SELECT (a OR b) IS TRUE, (t AT TIME ZONE 'UTC')::date";
  pg::Node* statement = pg::only_statement(tree, text);
  pg::deparse(statement);
  EXPECT_TRUE(pg::same_tree(&statement->base, &pg::only_statement(same, text)->base));
}

TEST(Parentheses, LockingClausesKeepTheirWordsApart) {
  for (const std::string text :
       {"SELECT a FROM t FOR NO KEY UPDATE OF t SKIP LOCKED",
        "SELECT a FROM t x, u y FOR UPDATE OF x, y NOWAIT FOR SHARE SKIP LOCKED",
        "SELECT ' xNOWAIT', 'it''sSKIP LOCKED' AS \"xNOWAIT\" FROM t FOR UPDATE OF \"t\" NOWAIT"}) {
    std::optional<pg::Tree> tree;
    pg::Node* statement = pg::only_statement(tree, text);
    ASSERT_NE(statement, nullptr) << text;
    EXPECT_TRUE(pg::reads_back(pg::deparse(statement), statement)) << pg::deparse(statement);
  }
}

TEST(Parentheses, WhatWouldBeLostIsKeptAsTheServerPrintsIt) {
  const ObjectId id{.kind = Kind::View, .schema = "public", .name = "v"};
  const std::string query =
      " SELECT XMLPARSE(DOCUMENT t.note PRESERVE WHITESPACE) AS x FROM public.t";
  Snapshot live;
  live.views[id].query.sql = query;
  Diagnostics none;
  canonicalise(live, Side::Live, {}, {}, none);
  EXPECT_EQ(live.views[id].query.sql, query);
  EXPECT_EQ(live.views[id].query.canon, query);
}

}  // namespace
}  // namespace aloft
