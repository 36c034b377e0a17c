#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/execute/index_progress.h"
#include "engine/execute/pause_reason.h"
#include "engine/execute/stalls.h"

namespace aloft {

/// The run is in the journal and begins, or goes on.
struct RunOpened {
  std::string run{};  ///< aloft.run.id
  Stalls stalls{};    ///< of the run before it was taken up
  /// When a run of this database last came to its end well, seconds since 1970 by the server's
  /// clock; nothing where none did.
  std::optional<double> last_success{};
};

/// How far a backfill is.
struct BackfillProgress {
  std::string step{}, table{};
  std::int64_t rows = 0;  ///< updated since the run began, as the journal has them
  std::int64_t blocks = 0, blocks_done = 0;
  std::optional<std::int64_t> rows_per_second{}, left_ms{};  ///< nothing while it is not known
};

/// A backfill was paused for another `ms` milliseconds, and is (`now`) or is no longer.
struct Paused {
  PauseKind kind = PauseKind::Asked;
  bool now = false;
  std::int64_t ms = 0;
};

/// The run waited for its budget of stalls for another `ms` milliseconds, and does (`now`) or no
/// longer.
struct BudgetWait {
  bool now = false;
  std::int64_t ms = 0;
};

/// What a walsender says of whoever it serves.
struct ReplicaLag {
  std::string replica{};  ///< its application_name, else the walsender's pid
  std::optional<double> bytes{}, seconds{};
};
/// All of them, at one moment.
struct ReplicaLags {
  std::vector<ReplicaLag> all{};
};

/// How far the index build of a step is.
struct IndexProgress {
  std::string step{};
  IndexBuild build{};
};

/// What a run knows of itself in figures.
using Measurement = std::variant<RunOpened, LockTry, BudgetWait, BackfillProgress, Paused,
                                 ReplicaLags, IndexProgress>;

}  // namespace aloft
