#include "engine/base/hash.h"

#include <gtest/gtest.h>

#include <set>

namespace aloft {
namespace {

TEST(ContentHash, IsTheSameEverywhereAndForEver) {
  EXPECT_EQ(hash_of("aloft"), hash_of("aloft"));
  EXPECT_EQ(hash_of("").size(), 32u);
}

TEST(ContentHash, KnowsWhereOnePieceEnds) {
  ContentHash one, other;
  one.add("ab"), one.add("c");
  other.add("a"), other.add("bc");
  EXPECT_NE(one.hex(), other.hex());
}

TEST(ContentHash, TellsSimilarTextsApart) {
  std::set<std::string> hashes;
  for (int i = 0; i < 10'000; ++i) hashes.insert(hash_of("public.t" + std::to_string(i)));
  EXPECT_EQ(hashes.size(), 10'000u);
}

}  // namespace
}  // namespace aloft
