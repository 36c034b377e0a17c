#pragma once

#include <string>

#include "engine/plan/plan.h"

namespace aloft {

/// The plan as a script for psql that stops at the first error: each step with its settings, in a
/// transaction of its own or, where PostgreSQL refuses one, without.
std::string render_sql(const Plan& plan);

}  // namespace aloft
