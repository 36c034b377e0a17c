#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/evidence.h"

namespace aloft {

/// What is still used of what contract takes away, and what is not known of that; "" where there is
/// nothing to say.
std::string evidence_text(const Evidence& evidence);
/// The same as data.
nlohmann::ordered_json evidence_json(const Evidence& evidence);

}  // namespace aloft
