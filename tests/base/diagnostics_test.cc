#include "engine/base/diagnostics.h"

#include <gtest/gtest.h>

namespace aloft {
namespace {

TEST(Diagnostics, AreSortedByPlaceAndEqualOnesComeOnce) {
  Sources sources;
  const auto file = sources.add({.name = "a.sql", .text = "one\ntwo\n"});
  Diagnostics all;
  all.error("unknown-object", "second", "", sources.position(file, 4));
  all.warning("unknown-object", "first", "", sources.position(file, 0));
  all.error("unknown-object", "second", "", sources.position(file, 4));
  const auto sorted = all.sorted();
  ASSERT_EQ(sorted.size(), 2u);
  EXPECT_EQ(sorted[0].message, "first");
  EXPECT_EQ(sorted[1].message, "second");
  EXPECT_TRUE(all.has_errors());
}

TEST(Diagnostics, AWarningAloneIsNoError) {
  Diagnostics all;
  all.warning("unknown-object", "m", "", {});
  EXPECT_FALSE(all.has_errors());
  EXPECT_FALSE(all.empty());
}

TEST(Diagnostics, TellWhatWhereAndWhatToDo) {
  Sources sources;
  const auto file = sources.add({.name = "a.sql", .text = "CREATE TABEL t();\n"});
  EXPECT_EQ(to_string({.code = "syntax-error",
                       .message = "syntax error at or near \"TABEL\"",
                       .remedy = "Correct it.",
                       .at = sources.position(file, 7)},
                      sources),
            "a.sql:1:8: error: syntax error at or near \"TABEL\" [syntax-error]\n"
            "  CREATE TABEL t();\n"
            "         ^\n"
            "  -> Correct it.\n");
}

}  // namespace
}  // namespace aloft
