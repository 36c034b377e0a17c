#include "cli/duration.h"

#include <gtest/gtest.h>

namespace aloft {
namespace {

TEST(Duration, IsASumOfNumbersWithUnits) {
  EXPECT_EQ(duration_from("90s"), 90'000);
  EXPECT_EQ(duration_from("1h30m"), 5'400'000);
  EXPECT_EQ(duration_from("7d"), 604'800'000);
  EXPECT_EQ(duration_from("500ms"), 500);
  EXPECT_EQ(duration_from("1s500ms"), 1'500);
  EXPECT_EQ(duration_from("1m1s"), 61'000);
  EXPECT_EQ(duration_from("0"), 0);
}

TEST(Duration, IsNothingElse) {
  for (const char* text : {"", "90", "s", "5 m", "-3m", "1w", "ms", "5msec", "99999999999999d"})
    EXPECT_FALSE(duration_from(text)) << text;
}

TEST(Duration, IsToldInRoundFigures) {
  EXPECT_EQ(duration_words(200), "1 s");
  EXPECT_EQ(duration_words(720'000), "12 min");
  EXPECT_EQ(duration_words(12'000'000), "3 h 20 min");
  EXPECT_EQ(duration_words(604'800'000), "7 days");
}

}  // namespace
}  // namespace aloft
