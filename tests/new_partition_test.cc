// A partition that comes in the same edit as a column of its table goes.

#include <gtest/gtest.h>

#include <cstdio>

#include "engine/base/file_reader.h"
#include "tests/case_run.h"

namespace aloft {
namespace {

constexpr const char* kTail =
    ") PARTITION BY RANGE (id);\n"
    "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (0) TO (1000);\n";

TEST(NewPartition, IsThereBeforeContractWhateverTheColumnWaitsFor) {
  const test::TestDatabase database;
  database.run(std::string("CREATE TABLE orders (id bigint NOT NULL, note text NOT NULL") + kTail +
               "CREATE INDEX orders_note_idx ON orders (id, note);\n"
               "INSERT INTO orders SELECT g, 'n' || g FROM generate_series(1, 100) g;");
  const std::string file = ::testing::TempDir() + database.name() + ".sql";
  write_file(file,
             std::string("CREATE TABLE orders (id bigint NOT NULL") + kTail +
                 "CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (1000) TO (2000);\n"
                 "CREATE TABLE orders_rest PARTITION OF orders DEFAULT;\n");
  const Plan plan = test::plan_for(*database.connect(), file);
  for (const Step& step : plan.steps)
    for (const std::string& statement : step.sql)
      EXPECT_EQ(
          step.phase == Phase::Contract,
          statement.starts_with("DROP INDEX") || statement.find("DROP COLUMN") != std::string::npos)
          << statement;
  test::apply_file(database, file);
  test::expect_no_changes(database, file);
  EXPECT_EQ(database.run("SELECT count(*) FROM orders"), "100\n");
  std::remove(file.c_str());
}

}  // namespace
}  // namespace aloft
