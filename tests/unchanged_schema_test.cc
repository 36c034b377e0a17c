// Objects that do not change cost the planner nothing: they never become nodes of its graph.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/diff/diff.h"
#include "parser/canonical.h"
#include "parser/parse.h"
#include "planner/assemble.h"

namespace aloft {
namespace {

/// 1,000 tables, each with an index, a check and a foreign key to the one before; `extra` at the
/// end.
std::string thousand_tables(const std::string& extra) {
  std::string sql;
  for (int i = 0; i < 1000; ++i)
    sql += fmt::format(
        "CREATE TABLE t{0} (id bigint PRIMARY KEY, n integer CHECK (n > {0}), up bigint{1});\n"
        "CREATE INDEX ON t{0} (n);\n",
        i, i == 0 ? "" : fmt::format(" REFERENCES t{} (id)", i - 1));
  return sql + extra;
}

/// The number of nodes of the plan's graph.
int nodes_between(const std::string& from, const std::string& to) {
  Diagnostics diagnostics;
  Sources live_files, sources;
  live_files.add({.name = "from.sql", .text = from});
  sources.add({.name = "to.sql", .text = to});
  Snapshot live = parse(live_files, diagnostics), desired = parse(sources, diagnostics);
  canonicalise(live, Side::Desired, {}, {}, diagnostics);
  canonicalise(desired, Side::Desired, {}, {}, diagnostics);
  const ChangeSet changes = diff(live, desired);
  const Edges live_edges = references(live), desired_edges = references(desired);
  const auto made = assemble({.live = live,
                              .desired = desired,
                              .changes = changes,
                              .live_edges = live_edges,
                              .desired_edges = desired_edges,
                              .facts = {},
                              .options = {},
                              .sources = sources},
                             diagnostics);
  EXPECT_FALSE(diagnostics.has_errors());
  return made ? made->nodes.size() : -1;
}

TEST(UnchangedSchema, BuildsNoNode) {
  EXPECT_EQ(nodes_between(thousand_tables(""), thousand_tables("")), 0);
}

TEST(UnchangedSchema, OneNewColumnBuildsItsOwnNodesAlone) {
  const int nodes =
      nodes_between(thousand_tables(""), thousand_tables("ALTER TABLE t500 ADD COLUMN note text;"));
  EXPECT_GT(nodes, 0);
  EXPECT_LE(nodes, 4);
}

}  // namespace
}  // namespace aloft
