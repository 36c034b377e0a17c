// A type change that PostgreSQL has no cast for is told before anything is begun.

#include <gtest/gtest.h>

#include "engine/base/file_reader.h"
#include "tests/case_run.h"

namespace aloft {
namespace {

class NoCast : public ::testing::Test {
 protected:
  void SetUp() override { database_.run("CREATE TABLE orders (id bigint PRIMARY KEY, at bigint)"); }
  void TearDown() override { std::remove(file_.c_str()); }

  test::TestDatabase database_;
  std::string file_ = ::testing::TempDir() + "/aloft_no_cast_" + database_.name() + ".sql";
};

TEST_F(NoCast, BetweenBuiltInTypesIsRefused) {
  write_file(file_, "CREATE TABLE orders (id bigint PRIMARY KEY, at timestamp);");
  test::expect_refused(database_, file_, "impossible-change");
}

TEST_F(NoCast, AnExplicitCastIsEnough) {
  write_file(file_, "CREATE TABLE orders (id bigint PRIMARY KEY, at boolean);");
  database_.run("ALTER TABLE orders ALTER at TYPE integer");
  test::apply_file(database_, file_);
  test::expect_no_changes(database_, file_);
}

}  // namespace
}  // namespace aloft
