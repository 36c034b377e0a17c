#pragma once

#include <cstdint>
#include <deque>

#include "engine/execute/pause_reason.h"

namespace aloft {

/// How long a session of a backfill rests after a statement while other sessions are at work, in
/// us, so that all `sessions` of it together work `share` percent of one session's time. Nothing
/// where the share leaves no time to rest, or is 0; a second at most.
std::int64_t rest_us(std::int64_t worked_us, int sessions, int share);

/// How many blocks the statements of a batch that makes way should go through, from what those of
/// the last one took. A processor that is taken from nobody for longer than its scheduler's slice
/// (some 3 ms on Linux) is there for whoever wakes up; a statement takes a tenth of that, or a
/// block.
std::int64_t stretch_blocks(std::int64_t blocks, std::int64_t worked_us);

/// What the server has counted since its statistics were last reset.
struct ServerCounts {
  std::int64_t wal_bytes = 0;  ///< written by all sessions
  std::int64_t checkpoints =
      0;  ///< that nobody waited for: for the amount of WAL, or by CHECKPOINT
};

/// What a backfill may have the server do; 0: no limit.
struct RateLimits {
  std::int64_t wal_bytes_per_second = 0;  ///< on the average of the last minute
  std::int64_t checkpoints = 0;           ///< ServerCounts::checkpoints within a minute
};

/// Looks at the last minute.
class ServerRates {
 public:
  /// Whether a backfill is to pause, from what was read at `now_ms`. Of WAL nothing is said before
  /// five seconds are seen.
  PauseReason look(const RateLimits& limits, std::int64_t now_ms, const ServerCounts& counts);

 private:
  struct Sample {
    std::int64_t at_ms = 0;
    ServerCounts counts{};
  };
  std::deque<Sample> last_minute_;
};

}  // namespace aloft
