#pragma once

#include <vector>

#include "cli/compare.h"
#include "planner/planner.h"

namespace aloft {

/// What planning looks at beside the two sides: what stands on what, which publications show it.
/// Refers to the comparison.
class PlanGrounds {
 public:
  /// `session`: the one of the comparison, asked for pg_depend and the publications; null offline.
  PlanGrounds(const Comparison& comparison, Session* session);
  PlanGrounds(const PlanGrounds&) = delete;
  PlanGrounds& operator=(const PlanGrounds&) = delete;

  PlanRequest request(const PlanOptions& planning) const;

  Facts facts;  ///< the live side's; sizes are the caller's to add

 private:
  const Comparison& comparison_;
  std::vector<UnmanagedUse> uses_{};
  const Edges desired_edges_, live_edges_;
  const Publications publications_;
};

}  // namespace aloft
