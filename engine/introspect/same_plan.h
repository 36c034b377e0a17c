#pragma once

#include <string>

namespace aloft {

/// Do two answers of EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) tell of the same plan, whatever the
/// aliases of what it scans? PostgreSQL makes them distinct by numbers that depend on those which
/// the text says. Beside the plan EXPLAIN prints a query identifier where pg_stat_statements
/// computes one, and that differs between texts that mean the same.
bool same_plan(const std::string& a, const std::string& b);

}  // namespace aloft
