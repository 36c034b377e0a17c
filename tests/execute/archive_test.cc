// What phase contract loses is copied out first, and can be put back.

#include <gtest/gtest.h>

#include <filesystem>

#include "engine/base/file_reader.h"
#include "tests/execute/plans.h"
#include "tests/support/pg_server.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

class ArchiveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    db_.run(
        "CREATE TABLE \"Odd orders\" (id bigint PRIMARY KEY, note text,"
        " upper_note text GENERATED ALWAYS AS (upper(note)) STORED, n integer);"
        "INSERT INTO \"Odd orders\" (id, note, n)"
        " SELECT g, nullif(E'a\\tb\\nc\\\\' || g, E'a\\tb\\nc\\\\7'), g FROM generate_series(1, "
        "1000) g");
    runner_.options.contract = true;
    runner_.options.archive = folder_;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Outcome lose(const std::string& statement, ObjectId object) {
    Step step = in_transaction({statement}, Phase::Contract);
    step.object = std::move(object);
    step.hazards = {{Hazard::DataLoss, "it is lost"}};
    return runner_.run(plan_of({step}), *db_.connect());
  }
  /// Runs the one script of the folder with psql.
  void put_back() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      if (entry.path().extension() == ".sql") db_.run_file(entry.path().string());
  }
  std::string content() const {
    return db_.run(
        "SELECT count(*), md5(string_agg(t::text, '' ORDER BY id)) FROM (SELECT id, note,"
        " upper_note, n FROM \"Odd orders\") t");
  }

  const ObjectId table_ = table_id("public", "Odd orders");
  TestDatabase db_;
  std::string folder_ = ::testing::TempDir() + "/" + db_.name() + "_archive/deep";
  Runner runner_;
};

TEST_F(ArchiveTest, AColumnWithItsKeyIsPutBack) {
  const std::string before = content();
  ASSERT_EQ(describe(lose("ALTER TABLE \"Odd orders\" DROP COLUMN n",
                          child_id(Kind::Column, table_, "n"))),
            "applied 1");
  EXPECT_EQ(runner_.observer.lines("note archived 1000 rows of column").size(), 1u);
  db_.run("ALTER TABLE \"Odd orders\" ADD COLUMN n integer");
  put_back();
  EXPECT_EQ(content(), before);
}

TEST_F(ArchiveTest, ATableIsPutBack) {
  const std::string before = content();
  db_.run("CREATE TABLE made_again (LIKE \"Odd orders\" INCLUDING ALL)");
  ASSERT_EQ(describe(lose("DROP TABLE \"Odd orders\"", table_)), "applied 1");
  db_.run("ALTER TABLE made_again RENAME TO \"Odd orders\"");
  put_back();
  EXPECT_EQ(content(), before);
}

TEST_F(ArchiveTest, AGeneratedColumnHasNothingToKeep) {
  ASSERT_EQ(describe(lose("ALTER TABLE \"Odd orders\" DROP COLUMN upper_note",
                          child_id(Kind::Column, table_, "upper_note"))),
            "applied 1");
  EXPECT_EQ(runner_.observer.lines("note the values of column").size(), 1u);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(ArchiveTest, NothingIsLostWhereItCannotBeWritten) {
  write_file(std::filesystem::path(folder_).parent_path().string(), "a file in the way");
  EXPECT_TRUE(describe(lose("DROP TABLE \"Odd orders\"", table_)).starts_with("failed"));
  EXPECT_EQ(db_.run("SELECT count(*) FROM \"Odd orders\""), "1000\n");
  std::filesystem::remove(std::filesystem::path(folder_).parent_path());
}

}  // namespace
}  // namespace aloft::test
