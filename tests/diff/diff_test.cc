#include "engine/diff/diff.h"

#include <gtest/gtest.h>

namespace aloft {
namespace {

Snapshot with_table(const std::string& name, bool unlogged = false,
                    const std::string& comment = "") {
  Snapshot snapshot;
  Table table;
  table.unlogged = unlogged;
  table.comment = comment;
  snapshot.tables[table_id("public", name)] = table;
  return snapshot;
}

TEST(Diff, OfEqualSnapshotsIsEmpty) {
  EXPECT_TRUE(diff(with_table("t"), with_table("t")).empty());
  EXPECT_TRUE(diff({}, {}).empty());
}

TEST(Diff, ListsTheFieldsThatDiffer) {
  const ChangeSet changes = diff(with_table("t"), with_table("t", true, "new"));
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].op, Change::Op::Alter);
  EXPECT_EQ(changes[0].fields, (std::vector<std::string_view>{"unlogged", "comment"}));
}

TEST(Diff, FindsWhatComesAndWhatGoes) {
  std::map<std::string, Change::Op> found;
  for (const Change& change : diff(with_table("old"), with_table("new")))
    found[change.id.name] = change.op;
  EXPECT_EQ(found, (std::map<std::string, Change::Op>{{"new", Change::Op::Create},
                                                      {"old", Change::Op::Drop}}));
}

TEST(Diff, TakesNoNoticeOfPlacesAndColumnOrder) {
  Snapshot live = with_table("t"), desired = with_table("t");
  live.tables.begin()->second.column_order = {"a", "b"};
  desired.tables.begin()->second.column_order = {"b", "a"};
  desired.tables.begin()->second.at = {.file = 1, .line = 2, .column = 3};
  EXPECT_TRUE(diff(live, desired).empty());
}

}  // namespace
}  // namespace aloft
