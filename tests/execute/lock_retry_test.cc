#include "engine/execute/lock_retry.h"

#include <gtest/gtest.h>

namespace aloft {
namespace {

Step step_with(LockLevel level) {
  Step step;
  step.locks = {{"public.t", level}};
  return step;
}

TEST(LockRetry, DoublesFromTheFirstWaitToTheLongestWithinHalf) {
  const RunOptions options;
  LockRetry retry(options, 7);
  const std::int64_t expected[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
  for (int attempt = 1; attempt <= 8; ++attempt) {
    const std::int64_t wait = retry.wait_ms(attempt);
    EXPECT_GE(wait, expected[attempt - 1] / 2) << attempt;
    EXPECT_LE(wait, expected[attempt - 1] * 3 / 2) << attempt;
  }
}

TEST(LockRetry, TwoRunsDoNotWaitInStep) {
  const RunOptions options;
  LockRetry one(options, 1), other(options, 2);
  EXPECT_NE(one.wait_ms(5), other.wait_ms(5));
}

TEST(LockTimeout, IsShortWhereDeadlockTimeoutIsLowered) {
  for (int attempt = 1; attempt <= 6; ++attempt)
    EXPECT_EQ(lock_timeout_ms(step_with(LockLevel::AccessExclusive), attempt, true), 500);
}

TEST(LockTimeout, OutlivesDeadlockTimeoutEveryThirdTryElsewhere) {
  const Step step = step_with(LockLevel::AccessExclusive);
  std::vector<std::int64_t> timeouts;
  for (int attempt = 1; attempt <= 6; ++attempt)
    timeouts.push_back(lock_timeout_ms(step, attempt, false));
  EXPECT_EQ(timeouts, (std::vector<std::int64_t>{300, 300, 2000, 300, 300, 2000}));
}

TEST(LockTimeout, IsTheWholeTimeWhereNobodyQueuesBehindTheLock) {
  EXPECT_EQ(lock_timeout_ms(step_with(LockLevel::ShareUpdateExclusive), 1, true), 2000);
}

TEST(LockTimeout, StaysOffWhereTheStepHasNone) {
  Step step = step_with(LockLevel::AccessExclusive);
  step.lock_timeout_ms = 0;
  EXPECT_EQ(lock_timeout_ms(step, 1, true), 0);
}

TEST(MayTryAgain, OnlyAfterErrorsThatPassByThemselves) {
  EXPECT_TRUE(may_try_again(DbError("55P03", "canceling statement due to lock timeout")));
  EXPECT_TRUE(may_try_again(DbError("40P01", "deadlock detected")));
  EXPECT_TRUE(may_try_again(DbError("XX000", "ERROR:  tuple concurrently updated")));
  EXPECT_FALSE(may_try_again(DbError("XX000", "ERROR:  cache lookup failed")));
  EXPECT_FALSE(may_try_again(DbError("57014", "canceling statement due to statement timeout")));
  EXPECT_FALSE(may_try_again(DbError("23505", "duplicate key")));
}

}  // namespace
}  // namespace aloft
