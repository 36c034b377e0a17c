// A type change that PostgreSQL has no cast for: the column is made again without its values, which
// needs somebody's word, unless the files say how to keep them.

#include <gtest/gtest.h>

#include "engine/base/file_reader.h"
#include "tests/case_run.h"

namespace aloft {
namespace {

class NoCast : public ::testing::Test {
 protected:
  void SetUp() override {
    database_.run(
        "CREATE TABLE orders (id bigint PRIMARY KEY, at bigint); CREATE INDEX ON orders (at);"
        "INSERT INTO orders VALUES (1, 1700000000)");
  }
  void TearDown() override { std::remove(file_.c_str()); }

  /// Goes to the schema and says whether the plan loses something.
  bool loses_on_the_way_to(const std::string& column) {
    write_file(file_, "CREATE TABLE orders (id bigint PRIMARY KEY,\n  at " + column +
                          "\n);\nCREATE INDEX ON orders (at);");
    const Plan plan = test::plan_for(*database_.connect(), file_);
    bool loses = false;
    for (const Step& step : plan.steps)
      for (const HazardNote& note : step.hazards) loses |= note.hazard == Hazard::DataLoss;
    test::apply_file(database_, file_);
    test::expect_no_changes(database_, file_);
    return loses;
  }

  test::TestDatabase database_;
  std::string file_ = ::testing::TempDir() + "/aloft_no_cast_" + database_.name() + ".sql";
};

TEST_F(NoCast, MakesTheColumnAgain) {
  EXPECT_TRUE(loses_on_the_way_to("timestamp"));
  EXPECT_EQ(database_.run("SELECT id, at IS NULL FROM orders"), "1|t\n");
}

TEST_F(NoCast, IsNoLossWhereTheFilesSayHow) {
  EXPECT_FALSE(
      loses_on_the_way_to("timestamp -- aloft: using to_timestamp(at) AT TIME ZONE 'UTC'"));
  EXPECT_EQ(database_.run("SELECT id, at FROM orders"), "1|2023-11-14 22:13:20\n");
}

TEST_F(NoCast, AnExplicitCastIsEnough) {
  database_.run("ALTER TABLE orders ALTER at TYPE integer USING 1");
  EXPECT_FALSE(loses_on_the_way_to("boolean"));
  EXPECT_EQ(database_.run("SELECT id, at FROM orders"), "1|t\n");
}

}  // namespace
}  // namespace aloft
