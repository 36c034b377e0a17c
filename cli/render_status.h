#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/evidence.h"
#include "engine/execute/sample.h"
#include "engine/execute/status.h"

namespace aloft {

/// What is asked besides while a run waits for contract.
struct WaitingStatus {
  std::optional<Evidence> evidence{};           ///< nothing: no run waits
  std::optional<std::vector<Sample>> checks{};  ///< nothing: not asked
};

/// What run is open, for people; nothing: none is.
std::string status_text(const std::optional<RunStatus>& status, const WaitingStatus& waiting);
/// The same as one line of JSON: {"open": false}, or the run.
std::string status_json(const std::optional<RunStatus>& status, const WaitingStatus& waiting);

}  // namespace aloft
