// What PostgreSQL would refuse is found before it is asked, and nothing that it would take.
#include "parser/missing_columns.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace aloft {
namespace {

/// s.t (id, name), s.u (id, t_id); nobody knows what s.far has.
std::optional<bool> has(const Name& relation, const std::string& column) {
  static const std::map<Name, std::set<std::string>> kRelations = {{{"s", "t"}, {"id", "name"}},
                                                                   {{"s", "u"}, {"id", "t_id"}}};
  const auto it = kRelations.find(relation);
  if (it == kRelations.end()) return std::nullopt;
  return it->second.contains(column);
}

/// "s.t.column" or "column", one after the other.
std::string said(const std::vector<MissingColumn>& missing) {
  std::string all;
  for (const auto& [column, relation] : missing)
    all += (all.empty() ? "" : " ") +
           (relation.name.empty() ? "" : relation.schema + "." + relation.name + ".") + column;
  return all;
}

class Accepted : public ::testing::TestWithParam<const char*> {};
TEST_P(Accepted, NamesNothingThatIsNotThere) {
  EXPECT_EQ(said(missing_columns(GetParam(), has)), "") << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Queries, Accepted,
    ::testing::Values(
        "SELECT id, t.name, ctid, t, t.* FROM s.t", "SELECT a.id FROM s.t a, s.u WHERE t_id = a.id",
        "SELECT x FROM s.t AS t(x, y)", "SELECT t.x FROM s.t AS t(x)",
        "SELECT anything, far.other FROM s.far, s.t", "SELECT j.x FROM (s.t JOIN s.u USING (id)) j",
        "SELECT id AS key FROM s.t ORDER BY key", "SELECT lower(name) AS l FROM s.t GROUP BY l",
        "SELECT count(*) FROM s.t GROUP BY name HAVING min(id) > 1 ORDER BY count",
        "SELECT (SELECT t.name FROM s.u WHERE t_id = t.id) FROM s.t",
        "SELECT id FROM s.t WHERE EXISTS (SELECT 1 FROM s.u WHERE name <> '')",
        "WITH c AS (SELECT id AS k FROM s.t) SELECT k, c.k FROM c",
        "WITH c(a) AS (SELECT id FROM s.t) SELECT a FROM c JOIN s.u ON u.id = c.a",
        "WITH RECURSIVE c AS (SELECT id FROM s.t UNION SELECT u.id FROM s.u JOIN c ON c.id = t_id)"
        " SELECT id FROM c",
        "WITH RECURSIVE c AS (SELECT id FROM s.t UNION SELECT id FROM c) SEARCH DEPTH FIRST BY"
        " id SET o SELECT id FROM c ORDER BY o",
        "SELECT s.k FROM (SELECT id AS k FROM s.t) s", "SELECT b FROM (VALUES (1, 2)) v(a, b)",
        "SELECT column1 FROM (VALUES (1)) v", "SELECT q.any FROM (SELECT * FROM s.far) q",
        "SELECT n FROM generate_series(1, 3) n, s.t",
        "SELECT l.x FROM s.t, LATERAL (SELECT t.id x) l",
        "SELECT j.x FROM (s.t JOIN LATERAL (SELECT t.id AS x) l ON t.id = l.x) j",
        "SELECT id FROM s.t UNION SELECT t_id FROM s.u ORDER BY id",
        "SELECT sum(id) OVER w FROM s.t WINDOW w AS (PARTITION BY name)",
        "SELECT DISTINCT ON (k) id AS k FROM s.t", "SELECT relname FROM pg_class",
        "SELECT 1 WHERE current_user <> ''", "SELECT nobody.knows",
        "SELECT r.a FROM ROWS FROM (f(1)) AS r", "SELECT id FROM s.t TABLESAMPLE system (1)",
        "SELECT (t).name, (ROW(1)).f1 FROM s.t",
        "SELECT x.v FROM s.t, XMLTABLE('/a' PASSING name COLUMNS v text) x"));

struct Wrong {
  const char* query;
  const char* said;
};
class Refused : public ::testing::TestWithParam<Wrong> {};
TEST_P(Refused, NamesWhatIsNotThere) {
  EXPECT_EQ(said(missing_columns(GetParam().query, has)), GetParam().said) << GetParam().query;
}

INSTANTIATE_TEST_SUITE_P(
    Queries, Refused,
    ::testing::Values(
        Wrong{"SELECT idd, t.nme FROM s.t", "idd s.t.nme"},
        Wrong{"SELECT a.t_id FROM s.t a", "s.t.t_id"},
        Wrong{"SELECT 1 FROM s.t JOIN s.u ON t.id = u.tid", "s.u.tid"},
        Wrong{"SELECT id FROM s.t ORDER BY nme", "nme"},
        Wrong{"SELECT id FROM s.t GROUP BY nme", "nme"},
        Wrong{"SELECT (SELECT x FROM s.u WHERE y = t.z) FROM s.t", "x y s.t.z"},
        Wrong{"WITH c AS (SELECT id AS k FROM s.t) SELECT id FROM c", "id"},
        Wrong{"WITH c AS (SELECT x FROM s.t) SELECT 1 FROM c", "x"},
        Wrong{"SELECT q.id FROM (SELECT id AS k FROM s.t) q", "id"},
        Wrong{"SELECT 1 FROM (SELECT t.id FROM s.u) q, s.t WHERE t_id = 1", "t_id"},
        Wrong{"SELECT id FROM s.t UNION SELECT name FROM s.u", "name"},
        Wrong{"SELECT 1 FROM s.t WHERE id IN (SELECT t_id FROM s.u WHERE u.name = '')", "s.u.name"},
        Wrong{"SELECT sum(x) OVER (PARTITION BY y) FROM s.t", "x y"},
        Wrong{"SELECT CASE WHEN x THEN 1 END FROM s.t LIMIT 1", "x"}));

TEST(MissingColumns, OfAnExpressionOverARelation) {
  EXPECT_EQ(
      said(missing_columns("id > 0 AND t.name <> '' AND EXISTS (SELECT 1 FROM s.u WHERE t_id ="
                           " t.id)",
                           {"s", "t"}, has)),
      "");
  EXPECT_EQ(said(missing_columns("idd > 0 AND id IN (SELECT tid FROM s.u)", {"s", "t"}, has)),
            "idd tid");
}

}  // namespace
}  // namespace aloft
