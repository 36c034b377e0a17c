#include "planner/hazards.h"

#include <fmt/format.h>

#include <algorithm>

#include "planner/step_builder.h"

namespace aloft {
namespace {

bool has(const Step& step, Hazard hazard) {
  return std::ranges::find(step.hazards, hazard, &HazardNote::hazard) != step.hazards.end();
}

/// "reads and writes of s.t" for the strongest lock of the step; empty when it stops nobody.
std::string stopped_by(const Step& step) {
  const auto strongest = std::ranges::max_element(step.locks, {}, &RelationLock::level);
  if (strongest == step.locks.end() || !blocks_writes(strongest->level)) return {};
  return (blocks_reads(strongest->level) ? "reads and writes of " : "writes to ") +
         strongest->relation;
}

}  // namespace

std::string duration_text(std::int64_t ms) {
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 120'000) return fmt::format("{} s", (ms + 500) / 1000);
  if (ms < 7'200'000) return fmt::format("{} min", (ms + 30'000) / 60'000);
  return fmt::format("{} h", (ms + 1'800'000) / 3'600'000);
}

void judge_hold(Step& step, const PlanContext& context) {
  if (step.hold_ms <= context.options.moment_ms || has(step, Hazard::Blocking)) return;
  const std::string stopped = stopped_by(step);
  if (stopped.empty()) return;
  add_hazard(step, Hazard::Blocking,
             fmt::format("stops {} for about {}", stopped, duration_text(step.hold_ms)));
}

}  // namespace aloft
