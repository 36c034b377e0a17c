#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aloft {

/// The kinds of reasons for which a backfill pauses. Vacuum: its own, to clean up after itself.
enum class PauseKind : std::uint8_t {
  Asked,
  ReplicaLag,
  RetainedWal,
  LockWaiters,
  ActiveSessions,
  WalRate,
  Checkpoints,
  OldSnapshot,
  Query,
  Unreadable,
  Vacuum,
};

/// One word for metrics: "replica_lag".
constexpr std::string_view pause_kind_name(PauseKind kind) {
  switch (kind) {
    case PauseKind::Asked: return "asked";
    case PauseKind::ReplicaLag: return "replica_lag";
    case PauseKind::RetainedWal: return "retained_wal";
    case PauseKind::LockWaiters: return "lock_waiters";
    case PauseKind::ActiveSessions: return "active_sessions";
    case PauseKind::WalRate: return "wal_rate";
    case PauseKind::Checkpoints: return "forced_checkpoints";
    case PauseKind::OldSnapshot: return "old_snapshot";
    case PauseKind::Query: return "throttle_query";
    case PauseKind::Unreadable: return "unreadable_signal";
    case PauseKind::Vacuum: return "vacuum";
  }
  return "";
}

/// Why a backfill is to pause now.
struct PauseReason {
  PauseKind kind = PauseKind::Asked;
  std::string text{};  ///< one line for people; "" where it may go on
  bool none() const { return text.empty(); }
};

}  // namespace aloft
