#include "engine/model/object_finder.h"

#include <gtest/gtest.h>

namespace aloft {
namespace {

Snapshot three_tables() {
  Snapshot snapshot;
  std::uint32_t line = 0;
  for (const char* name : {"a", "b", "c"})
    snapshot.tables[table_id("s", name)].at = {.line = ++line};
  snapshot.indexes[child_id(Kind::Index, table_id("s", "b"), "i")].at = {.line = 9};
  return snapshot;
}

TEST(ObjectFinder, FindsInWhateverOrder) {
  const Snapshot snapshot = three_tables();
  const std::vector<std::string> orders[] = {{"a", "b", "c"},
                                             {"c", "b", "a"},
                                             {"b", "b", "x", "c"},
                                             {"x", "a", "x", "b"},
                                             {"c", "x", "a"}};
  for (const auto& order : orders) {
    ObjectFinder finder(snapshot);
    for (const std::string& name : order)
      EXPECT_EQ(finder.find<Table>(table_id("s", name)), snapshot.find<Table>(table_id("s", name)));
  }
}

TEST(ObjectFinder, KeepsTheKindsApart) {
  const Snapshot snapshot = three_tables();
  ObjectFinder finder(snapshot);
  const ObjectId index = child_id(Kind::Index, table_id("s", "b"), "i");
  EXPECT_EQ(finder.place_of(table_id("s", "a")).line, 1U);
  EXPECT_EQ(finder.place_of(index).line, 9U);
  EXPECT_EQ(finder.place_of(table_id("s", "b")).line, 2U);
  EXPECT_EQ(finder.place_of(index).line, 9U);
  EXPECT_EQ(finder.place_of(table_id("s", "x")).line, SourcePos{}.line);
}

}  // namespace
}  // namespace aloft
