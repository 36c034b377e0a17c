#pragma once

#include <cstdint>

namespace aloft {

/// What the person who plans lays down. Gates are not here: they stop a run, not the making of a
/// plan.
struct PlanOptions {
  std::int64_t lock_timeout_ms = 2000;        ///< for steps that others would queue behind
  std::int64_t statement_timeout_ms = 30000;  ///< for catalog-only steps
  /// A lock that blocks reads or writes and is expected to be held for longer is hazard `blocking`.
  std::int64_t moment_ms = 100;
};

}  // namespace aloft
