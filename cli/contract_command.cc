#include <algorithm>
#include <cstdio>

#include "cli/carry_out.h"
#include "cli/commands.h"
#include "cli/evidence.h"
#include "engine/execute/journal.h"
#include "engine/plan/plan_json.h"

namespace aloft {

ExitCode contract_command(const CommandOptions& options) {
  MetricsOutput metrics(options);
  auto session = session_for_a_run(options);
  if (!session) return ExitCode::Error;
  const auto open = read_open_run(*session);
  if (!open) {
    std::puts("No run is open: nothing waits for contract.");
    return ExitCode::Ok;
  }
  if (!open->undoes.empty()) {
    std::fprintf(stderr,
                 "aloft: run %s takes run %s back and has not come to its end\n"
                 "  -> finish it first: aloft rollback\n",
                 open->id.c_str(), open->undoes.c_str());
    return ExitCode::Error;
  }
  const Plan plan = plan_from_json(open->plan);
  std::printf("Run %s of %s, plan %s. What is left of it:\n", open->id.c_str(),
              open->started.c_str(), open->plan_id.c_str());
  for (const Step& step : plan.steps)
    if (std::ranges::find(open->done, step.id) == open->done.end())
      std::printf("  step %s (%s), %s: %s\n", step.id.c_str(),
                  std::string(phase_name(step.phase)).c_str(), to_string(step.object).c_str(),
                  step.why.c_str());
  const bool allowed = pass_gates(plan, open->done, options, true);
  if (!pass_evidence(*session, plan, *open, options) || !allowed) return ExitCode::Gated;
  if (!confirmed(options)) return ExitCode::Error;
  RunOptions run = run_options(options);
  run.contract = true;
  run.soak_ms = options.soak_ms;
  return carry_out(plan, options, run, std::move(session), metrics);
}

}  // namespace aloft
