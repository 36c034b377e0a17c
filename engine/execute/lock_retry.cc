#include "engine/execute/lock_retry.h"

#include <algorithm>
#include <string_view>

namespace aloft {
namespace {

/// Does any lock of the step make ordinary statements queue, for all that is known of it?
bool may_make_others_wait(const Step& step) {
  return step.locks.empty() || makes_others_wait(step);
}

}  // namespace

bool makes_others_wait(const Step& step) {
  return std::ranges::any_of(step.locks,
                             [](const RelationLock& lock) { return blocks_writes(lock.level); });
}

std::int64_t LockRetry::wait_ms(int attempt) {
  std::int64_t wait = std::max<std::int64_t>(options_.first_backoff_ms, 1);
  for (int i = 1; i < attempt && wait < options_.longest_backoff_ms; ++i) wait *= 2;
  wait = std::min(wait, options_.longest_backoff_ms);
  std::uniform_real_distribution<double> jitter(0.5, 1.5);
  return static_cast<std::int64_t>(static_cast<double>(wait) * jitter(random_));
}

bool may_try_again(const DbError& error) {
  if (error.is_lock_timeout() || error.is_deadlock()) return true;
  const std::string_view text = error.what();
  return error.sqlstate == "XX000" && text.find("tuple concurrently") != text.npos;
}

std::int64_t lock_timeout_ms(const Step& step, int attempt, bool lowers_deadlock_timeout) {
  constexpr std::int64_t kShort = 300, kShortPastAutovacuum = 500;
  const std::int64_t whole = step.lock_timeout_ms;
  if (whole == 0 || !may_make_others_wait(step)) return whole;
  if (lowers_deadlock_timeout) return std::min(whole, kShortPastAutovacuum);
  return attempt % 3 == 0 ? whole : std::min(whole, kShort);
}

}  // namespace aloft
