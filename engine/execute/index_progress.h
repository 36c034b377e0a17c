#pragma once

#include <string>

#include "engine/db/session.h"

namespace aloft {

/// How far backend `pid` is, asked through another session: "building index: scanning table, 42 %",
/// and whom it waits for. "" where there is nothing to say.
std::string progress_of(Session& session, const std::string& pid);

}  // namespace aloft
