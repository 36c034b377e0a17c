#include "engine/execute/update_text.h"

#include <gtest/gtest.h>

namespace aloft::test {
namespace {

using Names = std::vector<std::string>;

TEST(SetColumns, AreTheNamesLeftOfTheAssignments) {
  EXPECT_EQ(set_columns("UPDATE ONLY s.t SET a = b, \"Big \"\"C\"\"\" = f(x, y) WHERE (a IS NULL)"),
            (Names{"a", "Big \"C\""}));
}

TEST(SetColumns, AreNotMisledByWhatIsQuoted) {
  EXPECT_EQ(set_columns("UPDATE \"a SET b\" SET a = ' WHERE , c = ' || E'\\', d = ' WHERE (true)"),
            Names{"a"});
  EXPECT_EQ(set_columns("UPDATE t SET a = $x$, b = $ WHERE $x$ WHERE (true)"), Names{"a"});
  EXPECT_EQ(set_columns("UPDATE t SET a = (SELECT x FROM u WHERE x = 1) WHERE (true)"), Names{"a"});
}

TEST(SetColumns, AreUnknownWhereSeveralAreSetAtOnce) {
  EXPECT_FALSE(set_columns("UPDATE t SET (a, b) = (1, 2) WHERE (true)"));
  EXPECT_FALSE(set_columns("UPDATE t SET a = 1"));
}

}  // namespace
}  // namespace aloft::test
