#pragma once

#include <optional>
#include <string>

#include "engine/execute/status.h"

namespace aloft {

/// What run is open, for people; nothing: none is.
std::string status_text(const std::optional<RunStatus>& status);
/// The same as one line of JSON: {"open": false}, or the run.
std::string status_json(const std::optional<RunStatus>& status);

}  // namespace aloft
