#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/execute/index_progress.h"
#include "engine/execute/journal.h"

namespace aloft {

/// How far a step that runs in batches has come.
struct BackfillStatus {
  std::string step{};
  std::int64_t rows = 0, blocks = 0, blocks_done = 0;
  std::int64_t rows_per_second = 0;  ///< since it was last taken up; 0: unknown
  std::int64_t left_ms = -1;         ///< -1: unknown
};

/// The run that is open, as anybody may see it from another terminal.
struct RunStatus {
  OpenRun run{};
  Plan plan{};
  std::string at_work{};  ///< who carries it out at this moment; "" for nobody
  std::string paused_by{}, paused_since{}, throttled_by{}, restore_point{}, error{};
  std::int64_t batch_ms = 0;  ///< as set from outside; 0: not
  std::vector<BackfillStatus> backfills{};
  /// Nothing where the journal does not keep them, or this login may not read them.
  std::optional<Stalls> stalls{};
  /// Of the index that is being built at this moment, where its blocks are gone through.
  std::optional<IndexBuild> index_build{};

  /// The first step that is not done; null where all are.
  const Step* next() const;
  std::size_t steps_done() const { return run.done.size(); }
  /// Steps that build an index CONCURRENTLY; all of them, and those that are done.
  std::size_t index_builds() const;
  std::size_t index_builds_done() const;
};
std::optional<RunStatus> read_status(Session& session);

/// Tell the run that is open, whoever carries it out. False where none is.
bool pause_run(Session& session);
bool resume_run(Session& session);
bool throttle_run(Session& session, std::int64_t batch_ms);

}  // namespace aloft
