// Every case folder on a real server, there and back again with rows in the tables: load from.sql
// and seed.sql, apply to.sql to the end, and the database must hold exactly what a fresh load of
// to.sql holds, with the rows that were there, and plan no changes; then the same back to from.sql.

#include <gtest/gtest.h>

#include "tests/case_folders.h"
#include "tests/case_run.h"

namespace aloft {
namespace {

using test::CaseFolder;
using test::TestDatabase;

class ApplyCase : public ::testing::TestWithParam<CaseFolder> {};

/// Applies the direction's file and checks everything that must hold afterwards.
void reach(const TestDatabase& database, const CaseFolder& c) {
  const std::string file = c.to();
  if (const std::string code = c.refusal(); !code.empty())
    return test::expect_refused(database, file, code);
  const auto before = test::rows_of(database);
  test::apply_file(database, file);
  if (::testing::Test::HasFailure()) return;
  const TestDatabase fresh;
  test::load(fresh, file);
  test::expect_no_changes(fresh, file);
  test::expect_same_schema(database, fresh);
  test::expect_no_changes(database, file);
  test::expect_rows_kept(before, test::rows_with_partitions_of(database));
}

TEST_P(ApplyCase, ReachesBothStatesWithItsRows) {
  CaseFolder c = GetParam();
  const TestDatabase database;
  if (const int version = database.connect()->server_version() / 10000; version < c.min_version())
    GTEST_SKIP() << "PostgreSQL " << version << " does not have this";
  test::load_with_rows(database, c);
  {
    SCOPED_TRACE("there");
    reach(database, c);
  }
  if (HasFailure() || !c.refusal().empty()) return;
  SCOPED_TRACE("and back");
  c.forward = false;
  reach(database, c);
}

TEST(Identity, IsDrawnBehindTheRowsThatAreThere) {
  const TestDatabase database;
  const std::string folder = std::string(ALOFT_CASES_DIR) + "/column/identity-add-to-key/";
  for (const char* file : {"from.sql", "seed.sql"}) database.run_file(folder + file);
  test::apply_file(database, folder + "to.sql");
  EXPECT_EQ(database.run("INSERT INTO orders (note) VALUES ('the next') RETURNING id"), "101\n");
}

INSTANTIATE_TEST_SUITE_P(Cases, ApplyCase, ::testing::ValuesIn(test::forward_cases()),
                         [](const auto& param) { return param.param.test_name(); });

}  // namespace
}  // namespace aloft
