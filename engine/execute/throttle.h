#pragma once

#include <cstdint>
#include <string>

#include "engine/db/session.h"
#include "engine/execute/measurement.h"
#include "engine/execute/pace.h"

namespace aloft {

/// When a backfill pauses for others' sake. 0, and an empty query, turn a limit off.
struct ThrottleLimits {
  std::int64_t replay_lag_ms = 10'000;  ///< of any walsender: replicas, subscriptions
  std::int64_t replay_lag_bytes = std::int64_t{256} << 20;
  std::int64_t retained_wal_bytes = std::int64_t{16} << 30;  ///< of any replication slot
  std::int64_t lock_waiters = 10;      ///< sessions of this database that wait for a lock
  std::int64_t active_sessions = 0;    ///< others of the server, at work within the last second
  std::int64_t xmin_age = 50'000'000;  ///< transactions that vacuum may not clean up behind
  RateLimits rates{};
  std::string query{};  ///< a SELECT of one boolean: true pauses
};

struct ThrottleSignals {
  PauseReason reason{};                  ///< the first that holds
  std::optional<ReplicaLags> lags{};     ///< nothing where their limits are off, or were not read
  std::int64_t others = 0;               ///< other sessions at work within the last second
  std::optional<ServerCounts> counts{};  ///< nothing where no rate is limited, or not read
};

/// Is a backfill to pause now? What is limited and cannot be read is a reason too. In a read-only
/// transaction of its own, of five seconds at most. Throws DbError only when the connection is
/// lost.
ThrottleSignals read_signals(Session& session, const ThrottleLimits& limits);

/// What of `limits` this login sees only in part, for people; "" for nothing.
std::string blind_spots(Session& session, const ThrottleLimits& limits);

}  // namespace aloft
