#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/db/session.h"
#include "engine/plan/plan.h"

namespace aloft {

/// What pg_stat_progress_create_index says of a build that goes through a table.
struct IndexBuild {
  std::string phase{};  ///< "building index: scanning table"
  std::int64_t blocks = 0, blocks_done = 0;
};

/// How far a long statement is.
struct StatementProgress {
  /// "building index: scanning table, 42 % of blocks", and whom it waits for. "" where there is
  /// nothing to say.
  std::string text{};
  std::optional<IndexBuild> build{};  ///< nothing where no blocks are gone through at the moment
};

/// Of backend `pid`, asked through another session. A login that is neither the backend's nor has
/// pg_read_all_stats sees nothing of it.
StatementProgress progress_of(Session& session, const std::string& pid);

/// Does the step build an index CONCURRENTLY?
bool builds_index(const Step& step);

/// The index build alone.
std::optional<IndexBuild> index_build_of(Session& session, const std::string& pid);

}  // namespace aloft
