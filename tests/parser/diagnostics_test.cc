// Bad input is said with its place, all of it in one go.

#include <gtest/gtest.h>

#include "engine/diff/diff.h"
#include "parser/canonical.h"
#include "parser/missing_names.h"
#include "parser/parse.h"

namespace aloft {
namespace {

/// "line:column code" of everything there is to say about the file, a line each.
std::string said_of(const std::string& sql) {
  Sources sources;
  sources.add({.name = "schema.sql", .text = sql});
  Diagnostics diagnostics;
  Snapshot snapshot = parse(sources, diagnostics);
  const KnownNames names{.online = true,
                         .types = {{"pg_catalog", {"int4", "text", "trigger"}}},
                         .functions = {{"pg_catalog", {"suppress_redundant_updates_trigger"}}},
                         .opclasses = {{"pg_catalog", {"text_ops"}}},
                         .collations = {{"pg_catalog", {"C"}}},
                         .relations = {{"pg_catalog", {"pg_class"}}},
                         .roles = {"somebody"},
                         .access_methods = {"btree"}};
  if (!diagnostics.has_errors()) canonicalise(snapshot, Side::Desired, names, {}, diagnostics);
  if (!diagnostics.has_errors())
    report_missing_names(snapshot, diff(Snapshot{}, snapshot), names, {}, diagnostics);
  std::string said;
  for (const Diagnostic& d : diagnostics.sorted())
    said += std::to_string(d.at.line) + ":" + std::to_string(d.at.column) + " " +
            std::string(d.code) + "\n";
  return said;
}

struct BadInput {
  const char* sql;
  const char* said;
};

class Diagnosed : public ::testing::TestWithParam<BadInput> {};

TEST_P(Diagnosed, WithItsPlace) {
  EXPECT_EQ(said_of(GetParam().sql), GetParam().said) << GetParam().sql;
}

INSTANTIATE_TEST_SUITE_P(
    Files, Diagnosed,
    ::testing::Values(
        BadInput{"CREATE TABLE t (id int);\nCREATE TABEL u (id int);", "2:8 syntax-error\n"},
        BadInput{"CREATE TABLE t (id int);\n\nCREATE TABLE t (id text);",
                 "1:14 duplicate-object\n3:14 duplicate-object\n"},
        BadInput{"INSERT INTO t VALUES (1);\nCREATE TABLE t (id int);\nCOPY t FROM stdin;",
                 "1:1 data-statement\n3:1 data-statement\n"},
        BadInput{"CREATE PUBLICATION p;\nCREATE RULE r AS ON INSERT TO t DO NOTHING;",
                 "1:1 unsupported-statement\n2:1 unsupported-statement\n"},
        BadInput{"CREATE VIEW v AS SELECT * FROM nowhere;", "1:1 unknown-table\n"},
        BadInput{"CREATE TABLE t (x xml);\n"
                 "CREATE VIEW v AS SELECT XmlParse(DOCUMENT x::text PRESERVE WHITESPACE) FROM t;\n"
                 "CREATE VIEW w AS SELECT xmlroot(x, VERSION x::text) FROM t;\n"
                 "CREATE VIEW u AS SELECT xmlroot(x, VERSION '1', STANDALONE YES) FROM t;",
                 "2:1 unsupported-clause\n3:1 unsupported-clause\n"},
        BadInput{"CREATE TABLE t (a int, b int);\n"
                 "CREATE VIEW v (x, y, z) AS SELECT * FROM t;\n"
                 "CREATE VIEW w (x, y, z) AS SELECT a, b FROM t;\n"
                 "CREATE VIEW u (x, y) AS SELECT * FROM t;",
                 "2:1 invalid-statement\n3:1 invalid-statement\n"},
        BadInput{"CREATE TABLE t (a int);\nALTER TABLE t ADD COLUMN b int;\n"
                 "CREATE TABLE u (LIKE t);",
                 "3:22 unsupported-clause\n"},
        BadInput{
            "CREATE TABLE t (id int);\nCREATE VIEW v AS SELECT id, nme FROM t;\nCREATE VIEW w AS"
            " SELECT v.id FROM v JOIN t ON t.id = v.idd;",
            "2:1 unknown-column\n3:1 unknown-column\n"},
        BadInput{"CREATE TABLE t (id int);\nCREATE POLICY p ON t USING (idd > 0);",
                 "2:1 unknown-column\n"},
        BadInput{"CREATE TABLE t (id int);\nCREATE FUNCTION twice(t) RETURNS int LANGUAGE sql AS"
                 " 'SELECT 2 * $1.id';\nCREATE VIEW v AS SELECT t.twice FROM t;",
                 ""},
        BadInput{"CREATE TABLE t (id missing_type);", "1:17 unknown-type\n"},
        BadInput{"CREATE TABLE t (id int REFERENCES nowhere (id));", "1:24 unknown-table\n"},
        BadInput{"CREATE TABLE t (id int);\nCREATE INDEX ON t (nothing);", "2:17 unknown-object\n"},
        BadInput{"CREATE TABLE t (id text COLLATE \"nowhere\");", "1:17 unknown-collation\n"},
        BadInput{"CREATE TABLE absent.t (id int);", "1:14 unknown-schema\n"},
        BadInput{"CREATE TABLE t (id int);\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW "
                 "EXECUTE FUNCTION f();",
                 "2:1 unknown-function\n"},
        BadInput{"CREATE TABLE t (id text);\nCREATE INDEX ON t (id nowhere_ops);",
                 "2:17 unknown-operator-class\n"},
        BadInput{"GRANT SELECT ON nowhere TO PUBLIC;", "1:17 unknown-object\n"},
        BadInput{"COMMENT ON TABLE nowhere IS 'x';", "1:1 unknown-object\n"},
        BadInput{"ALTER TABLE nowhere ADD COLUMN x int;", "1:13 unknown-object\n"},
        BadInput{"CREATE TABLE t (\n  id int, -- aloft: renaned from x\n  n int\n);",
                 "2:11 unknown-directive\n"},
        BadInput{"-- aloft: renamed from x\n\nSET search_path = public;", "1:1 unused-directive\n"},
        BadInput{"CREATE TABLE t (id int, n int -- aloft: renamed from x\n);",
                 "1:31 ambiguous-directive\n"},
        BadInput{"CREATE TABLE t (\n  id int -- aloft: backfill 1 +\n);", "2:10 syntax-error\n"},
        BadInput{"CREATE TEMP TABLE t (id int);", "1:19 unsupported-clause\n"},
        BadInput{"CREATE TABLE t (id int, id text);", "1:25 duplicate-object\n"},
        BadInput{"CREATE TABLE t (id int);\nGRANT SELECT ON t TO nobody;", "1:14 unknown-role\n"},
        BadInput{"CREATE TABLE t (id int);\nCREATE INDEX ON t USING heap (id);",
                 "2:17 unknown-access-method\n"},
        BadInput{"CREATE FUNCTION f(x nowhere) RETURNS int LANGUAGE sql AS '';",
                 "1:1 unknown-type\n"},
        BadInput{
            "CREATE TABLE t (id int);\nCREATE POLICY p ON t USING (id IN (SELECT x FROM gone));",
            "2:1 unknown-table\n"},
        BadInput{"CREATE VIEW v AS WITH q AS (SELECT 1 AS a) SELECT a FROM q, pg_class;", ""},
        BadInput{"CREATE TABLE t (id int, n text COLLATE \"C\");\nGRANT SELECT ON t TO somebody;",
                 ""}));

TEST(Directives, AtTheEndOfALineSpeakOfWhatStartsThere) {
  Sources sources;
  sources.add({.name = "schema.sql",
               .text = "CREATE TABLE a ( -- aloft: renamed from b\n"
                       "  x int, -- aloft: renamed from y\n"
                       "  z int);\n"
                       "CREATE TABLE c (x int); -- aloft: renamed from d\n"
                       "-- aloft: renamed from f\n"
                       "CREATE TABLE e (x int, y int);\n"
                       "CREATE TABLE g (x int -- aloft: renamed from h\n);\n"});
  Diagnostics diagnostics;
  const Snapshot snapshot = parse(sources, diagnostics);
  EXPECT_TRUE(diagnostics.empty());
  const auto table = [&](const char* name) {
    return snapshot.tables.at(table_id("public", name)).renamed_from;
  };
  const auto column = [&](const char* of, const char* name) {
    return snapshot.columns.at(child_id(Kind::Column, table_id("public", of), name)).renamed_from;
  };
  EXPECT_EQ(table("a"), "b");
  EXPECT_EQ(column("a", "x"), "y");
  EXPECT_EQ(column("a", "z"), "");
  EXPECT_EQ(table("c"), "d");
  EXPECT_EQ(column("c", "x"), "");
  EXPECT_EQ(table("e"), "f");
  EXPECT_EQ(column("e", "x"), "");
  EXPECT_EQ(table("g"), "");
  EXPECT_EQ(column("g", "x"), "h");
}

TEST(Directives, ReverseNamesTheColumnsThatItGivesBack) {
  Sources sources;
  sources.add({.name = "schema.sql",
               .text = "CREATE TABLE t (\n"
                       "  -- aloft: using a || lower(t.b)\n"
                       "  -- aloft: reverse a = split_part(c, '.', 1)\n"
                       "  -- aloft: reverse b = split_part(c, '.', 2)\n"
                       "  c text,\n"
                       "  d text -- aloft: reverse d::integer\n);\n"});
  Diagnostics diagnostics;
  const Snapshot snapshot = parse(sources, diagnostics);
  EXPECT_TRUE(diagnostics.empty());
  const auto& c = snapshot.columns.at(child_id(Kind::Column, table_id("public", "t"), "c")).said;
  EXPECT_EQ(c->reads, (std::set<std::string>{"a", "b"}));
  ASSERT_EQ(c->formers.size(), 2u);
  EXPECT_EQ(c->formers[0].column, "a");
  EXPECT_EQ(c->formers[1].value.sql, "split_part(c, '.', 2)");
  const auto& d = snapshot.columns.at(child_id(Kind::Column, table_id("public", "t"), "d")).said;
  EXPECT_TRUE(d->formers.empty());
  EXPECT_EQ(d->old_value.sql, "d::integer");
}

}  // namespace
}  // namespace aloft
