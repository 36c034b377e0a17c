#include "engine/execute/block_ranges.h"

#include <gtest/gtest.h>

#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

TEST(BlockRanges, CoverEachBlockOnce) {
  for (const std::int64_t blocks : {0, 1, 3, 8, 1001}) {
    const auto parts = split_blocks(blocks, 4);
    ASSERT_EQ(parts.size(), 4u);
    std::int64_t next = 0;
    for (const Part& part : parts) {
      EXPECT_EQ(part.first, next);
      EXPECT_EQ(part.next, part.first);
      next = part.end;
    }
    EXPECT_EQ(next, blocks);
  }
}

TEST(BlockRanges, OfAPartitionedTableReachToTheEndOfItsLargestPartition) {
  const TestDatabase db;
  db.run(
      "CREATE TABLE p (id int, v text) PARTITION BY LIST (id);"
      "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);"
      "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (id);"
      "CREATE TABLE p21 PARTITION OF p2 FOR VALUES IN (2);"
      "INSERT INTO p SELECT 1 + i / 91, repeat('x', 4000) FROM generate_series(1, 100) i");
  const FilledTable table = read_table(*db.connect(), "public.p");
  EXPECT_EQ(std::to_string(table.blocks) + "\n",
            db.run("SELECT pg_relation_size('p1') / current_setting('block_size')::int"));
  EXPECT_TRUE(table.no_blocks.empty());
  EXPECT_TRUE(table.may_vacuum);
}

TEST(BlockRanges, HoldUntilTheTableIsStoredAnew) {
  const TestDatabase db;
  db.run("CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
  const auto session = db.connect();
  const std::string before = read_table(*session, "public.t").storage;
  db.run("UPDATE t SET id = 2; VACUUM t; ALTER TABLE t ADD COLUMN note text");
  EXPECT_EQ(read_table(*session, "public.t").storage, before);
  db.run("VACUUM FULL t");
  EXPECT_NE(read_table(*session, "public.t").storage, before);
}

TEST(BlockRanges, HoldUntilAPartitionComes) {
  const TestDatabase db;
  db.run(
      "CREATE TABLE p (id int) PARTITION BY LIST (id);"
      "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)");
  const auto session = db.connect();
  const std::string before = read_table(*session, "public.p").storage;
  db.run("CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)");
  EXPECT_NE(read_table(*session, "public.p").storage, before);
}

TEST(BlockRanges, AreNotOfAForeignTable) {
  const TestDatabase db;
  db.run(
      "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
      "CREATE TABLE p (id int) PARTITION BY LIST (id);"
      "CREATE FOREIGN TABLE p1 PARTITION OF p FOR VALUES IN (1) SERVER s");
  const auto session = db.connect();
  EXPECT_NE(read_table(*session, "public.p").no_blocks.find("p1"), std::string::npos);
}

}  // namespace
}  // namespace aloft::test
