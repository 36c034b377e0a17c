#include "engine/model/object_id.h"

#include <gtest/gtest.h>

namespace aloft {
namespace {

TEST(ObjectId, ReadsAsPeopleAndSqlWriteIt) {
  const ObjectId table = table_id("public", "Order");
  EXPECT_EQ(to_string(table), "table public.\"Order\"");
  EXPECT_EQ(to_string(child_id(Kind::Column, table, "note")), "column public.\"Order\".note");
  EXPECT_EQ(to_string({.kind = Kind::Function, .schema = "app", .name = "f", .args = "integer"}),
            "function app.f(integer)");
  EXPECT_EQ(to_string({.kind = Kind::Role, .name = "shop app"}), "role \"shop app\"");
}

TEST(ObjectId, AChildKnowsItsRelation) {
  const ObjectId table = table_id("public", "t");
  EXPECT_EQ(relation_of(child_id(Kind::Index, table, "i")), table);
  EXPECT_EQ(relation_of(table), table);
}

}  // namespace
}  // namespace aloft
