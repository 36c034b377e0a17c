// What an older server does not have is refused while planning, not by the server in mid-run.

#include <gtest/gtest.h>

#include <cstdio>

#include "cli/compare.h"
#include "engine/base/file_reader.h"

namespace aloft {
namespace {

/// "line:column object" of each refusal of version `major` for the file.
std::vector<std::string> refusals(const std::string& sql, int major) {
  const std::string name = ::testing::TempDir() + "/aloft_server_version";
  const std::string empty = name + "_empty.sql", file = name + ".sql";
  write_file(empty, "");
  write_file(file, sql);
  Sources sources;
  Diagnostics diagnostics;
  auto comparison = compare_files({empty}, {file}, sources, diagnostics);
  std::vector<std::string> lines;
  if (comparison) {
    comparison->live.facts.server_version = major * 10000;
    comparison->live.facts.server_version_text = std::to_string(major) + ".1";
    plan_of(*comparison, nullptr, {}, diagnostics);
  }
  for (const Diagnostic& d : diagnostics.sorted())
    lines.push_back(std::string(d.code) + " " + d.message);
  std::remove(empty.c_str());
  std::remove(file.c_str());
  return lines;
}

constexpr const char* kNew15 = R"(
CREATE TABLE a (id integer PRIMARY KEY, n integer, CONSTRAINT once UNIQUE NULLS NOT DISTINCT (n));
CREATE UNIQUE INDEX i ON a (n) NULLS NOT DISTINCT;
CREATE TABLE b (x integer, y integer);
ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES a ON DELETE SET NULL (x);
CREATE VIEW v WITH (security_invoker) AS SELECT id FROM a;
CREATE UNLOGGED SEQUENCE s;
)";

TEST(ServerVersion, NamesAllThatIsMissing) {
  const std::string needs = " needs PostgreSQL 15, and the server is 14.1";
  EXPECT_EQ(
      refusals(kNew15, 14),
      (std::vector<std::string>{
          "server-version constraint public.a.once: NULLS NOT DISTINCT" + needs,
          "server-version index public.a.i: NULLS NOT DISTINCT" + needs,
          "server-version constraint public.b.f: ON DELETE SET of some of the columns" + needs,
          "server-version view public.v: security_invoker" + needs,
          "server-version sequence public.s: UNLOGGED of a sequence" + needs}));
}

TEST(ServerVersion, RefusesNothingThatIsThere) {
  EXPECT_EQ(refusals(kNew15, 15), std::vector<std::string>{});
  EXPECT_EQ(refusals("CREATE TABLE a (id integer, note text DEFAULT 'NULLS NOT DISTINCT', CHECK "
                     "(note <> 'NULLS NOT DISTINCT')); CREATE TABLE b (id integer PRIMARY KEY, a "
                     "integer REFERENCES b ON DELETE SET NULL);",
                     14),
            std::vector<std::string>{});
}

TEST(ServerVersion, MaintainIsFrom17On) {
  const std::string sql = "CREATE TABLE a (id integer); GRANT MAINTAIN ON a TO reader;";
  EXPECT_EQ(refusals(sql, 16).size(), 1U);
  EXPECT_EQ(refusals(sql, 17).size(), 0U);
}

}  // namespace
}  // namespace aloft
