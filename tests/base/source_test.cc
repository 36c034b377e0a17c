#include "engine/base/source.h"

#include <gtest/gtest.h>

namespace aloft {
namespace {

TEST(Sources, APlaceIsLineAndColumnFromOne) {
  Sources sources;
  sources.add({.name = "a.sql", .text = "x\n"});
  const auto file = sources.add({.name = "b.sql", .text = "SELECT 1;\n\tSELECT 2;\n"});
  EXPECT_EQ(sources.describe(sources.position(file, 0)), "b.sql:1:1");
  EXPECT_EQ(sources.describe(sources.position(file, 11)), "b.sql:2:2");
  EXPECT_EQ(sources.describe(sources.position(file, 9999)), "b.sql:3:1");
  EXPECT_EQ(sources.describe({}), "");
}

TEST(Sources, TheCaretStandsUnderTheColumn) {
  Sources sources;
  const auto file = sources.add({.name = "a.sql", .text = "one\r\n\ttwo three\n"});
  EXPECT_EQ(sources.excerpt(sources.position(file, 10)), "  \ttwo three\n  \t    ^");
  EXPECT_EQ(sources.excerpt(sources.position(file, 0)), "  one\n  ^");
  EXPECT_EQ(sources.excerpt({}), "");
}

}  // namespace
}  // namespace aloft
