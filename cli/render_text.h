#pragma once

#include <string>

#include "engine/plan/plan.h"

namespace aloft {

/// The plan for people, at most 100 columns wide: first what changes, whether it is safe, how long
/// it takes and what is to be decided; then all changes, all hazards, all steps by phase, the
/// notes, and what aloft does not manage. Nothing is left out.
std::string render_text(const Plan& plan, bool color);

}  // namespace aloft
