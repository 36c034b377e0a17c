#include "planner/step_graph.h"

#include <gtest/gtest.h>

#include <numeric>

namespace aloft {
namespace {

std::vector<std::int64_t> plain_ranks(int size) {
  std::vector<std::int64_t> ranks(static_cast<std::size_t>(size));
  std::iota(ranks.begin(), ranks.end(), 0);
  return ranks;
}

TEST(StepGraphTest, OrdersByNeedThenByRank) {
  StepGraph graph;
  graph.grow(4);
  graph.add(3, 0);
  graph.add(2, 1);
  EXPECT_EQ(graph.order(plain_ranks(4)), (std::vector<int>{2, 1, 3, 0}));
  EXPECT_EQ(graph.order({3, 2, 1, 0}), (std::vector<int>{3, 2, 1, 0}));
}

TEST(StepGraphTest, IgnoresWhatIsMissingAndWhatNeedsItself) {
  StepGraph graph;
  graph.grow(2);
  graph.add(-1, 0);
  graph.add(1, -1);
  graph.add(1, 1);
  EXPECT_TRUE(graph.arcs().empty());
}

TEST(StepGraphTest, FindsKnotsAndAShortestCycle) {
  StepGraph graph;
  graph.grow(6);
  graph.add(0, 1);
  graph.add(1, 2);
  graph.add(2, 3);
  graph.add(3, 1);
  graph.add(2, 1);
  graph.add(3, 4);
  const auto knots = graph.knots();
  ASSERT_EQ(knots.size(), 1u);
  EXPECT_EQ(knots[0], (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(graph.cycle_in(knots[0]), (std::vector<int>{1, 2}));
  EXPECT_LT(graph.order(plain_ranks(6)).size(), 6u);
}

TEST(StepGraphTest, CycleNamesWhatIsNeededNext) {
  // 1 needs 2, 2 needs 3, 3 needs 1.
  StepGraph graph;
  graph.grow(4);
  graph.add(2, 1);
  graph.add(3, 2);
  graph.add(1, 3);
  EXPECT_EQ(graph.cycle_in(graph.knots().at(0)), (std::vector<int>{1, 2, 3}));
}

TEST(StepGraphTest, RemovedArcsBindNobody) {
  StepGraph graph;
  graph.grow(2);
  graph.add(0, 1);
  graph.add(1, 0);
  EXPECT_EQ(graph.knots().size(), 1u);
  graph.remove(0);
  EXPECT_TRUE(graph.knots().empty());
  EXPECT_EQ(graph.order(plain_ranks(2)), (std::vector<int>{1, 0}));
}

TEST(StepGraphTest, DeepChainsNeedNoStack) {
  constexpr int kSize = 200000;
  StepGraph graph;
  graph.grow(kSize);
  for (int i = 1; i < kSize; ++i) graph.add(i, i - 1);
  EXPECT_TRUE(graph.knots().empty());
  EXPECT_EQ(graph.order(plain_ranks(kSize)).front(), kSize - 1);
}

}  // namespace
}  // namespace aloft
