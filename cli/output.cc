#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "cli/render_sql.h"
#include "cli/render_text.h"
#include "engine/plan/plan_json.h"

namespace aloft {

bool use_color(const CommandOptions& options) {
  switch (options.color) {
    case ColorMode::Always: return true;
    case ColorMode::Never: return false;
    case ColorMode::Auto: break;
  }
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && isatty(STDOUT_FILENO) == 1;
}

void print_plan(const Plan& plan, const CommandOptions& options) {
  std::string text;
  switch (options.format) {
    case Format::Text: text = render_text(plan, use_color(options)); break;
    case Format::Json: text = plan_to_json(plan); break;
    case Format::Sql: text = render_sql(plan); break;
  }
  std::fputs(text.c_str(), stdout);
}

std::vector<const Step*> gates(const Plan& plan, const std::set<Hazard>& allowed, bool contract) {
  std::vector<const Step*> gated;
  for (const Step& step : plan.steps) {
    if (step.phase == Phase::Contract && !contract) continue;
    if (std::ranges::any_of(step.hazards,
                            [&](const HazardNote& h) { return !allowed.contains(h.hazard); }))
      gated.push_back(&step);
  }
  return gated;
}

}  // namespace aloft
