#pragma once

#include <cstdint>
#include <random>

#include "engine/db/db_error.h"
#include "engine/execute/executor.h"
#include "engine/plan/plan.h"

namespace aloft {

/// How long to wait between the tries of one step: doubling from the first to the longest, each
/// 50 % shorter to 50 % longer by chance, so that several waiting runs do not march in step.
class LockRetry {
 public:
  LockRetry(const RunOptions& options, std::uint32_t seed) : options_(options), random_(seed) {}
  /// The wait after try number `attempt`, which counts from 1.
  std::int64_t wait_ms(int attempt);

 private:
  const RunOptions& options_;
  std::mt19937 random_;
};

/// Does the step name a lock that statements which write queue behind?
bool makes_others_wait(const Step& step);

/// May the step be tried again as it is: a lock was not had, a deadlock was broken, or a row of the
/// catalog was changed by somebody else at the same moment?
bool may_try_again(const DbError& error);

/// The lock_timeout of a try. An ordinary autovacuum gives way only when the deadlock check looks,
/// after deadlock_timeout, 1 s by default: a shorter lock_timeout never gets past it. Where this
/// session lowers deadlock_timeout every try is short; elsewhere every third is as long as the step
/// allows and the others are short. A lock that nobody queues behind gets the step's whole time.
std::int64_t lock_timeout_ms(const Step& step, int attempt, bool lowers_deadlock_timeout);

}  // namespace aloft
