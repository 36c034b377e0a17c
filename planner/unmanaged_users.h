#pragma once

#include "planner/fates.h"

namespace aloft {

/// Diagnostic "unmanaged-user" for each unmanaged live object that PostgreSQL would refuse a change
/// for, or that would be lost with something that is only made again: aloft can neither drop nor
/// remake it.
void report_unmanaged_users(const PlanRequest& request, const Fates& fates,
                            Diagnostics& diagnostics);

}  // namespace aloft
