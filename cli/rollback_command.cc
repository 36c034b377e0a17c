#include <cstdio>

#include "cli/carry_out.h"
#include "cli/commands.h"
#include "engine/execute/undo_scope.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/rollback.h"

namespace aloft {
namespace {

/// The plan that takes the run back; one that was begun is gone on with.
std::variant<Plan, CannotTakeBack> way_back(Session& session, const OpenRun& open) {
  const Plan plan = plan_from_json(open.plan);
  if (!open.undoes.empty()) return plan;
  return rollback_plan(plan, steps_to_take_back(session, plan, open));
}

}  // namespace

ExitCode rollback_command(const CommandOptions& options) {
  MetricsOutput metrics(options);
  auto session = session_for_a_run(options);
  if (!session) return ExitCode::Error;
  const auto open = read_open_run(*session);
  if (!open) {
    std::puts("No run is open: nothing to take back.");
    return ExitCode::Ok;
  }
  const auto back = way_back(*session, *open);
  if (const auto* refused = std::get_if<CannotTakeBack>(&back)) {
    std::fprintf(
        stderr,
        "aloft: run %s cannot be taken back; nothing was changed. These steps are done and "
        "have no way back:\n",
        open->id.c_str());
    for (const std::string& step : refused->steps) std::fprintf(stderr, "  %s\n", step.c_str());
    std::fputs("  -> go on with it (aloft contract), then change the files and plan the way back\n",
               stderr);
    return ExitCode::Error;
  }
  const Plan& plan = std::get<Plan>(back);
  const std::string& undone = open->undoes.empty() ? open->id : open->undoes;
  std::printf("To take run %s back:\n", undone.c_str());
  for (const Step& step : plan.steps) {
    std::printf("  step %s %s\n", step.id.c_str(), step.why.c_str());
    for (const std::string& statement : step.sql) std::printf("    %s;\n", statement.c_str());
  }
  if (!confirmed(options)) return ExitCode::Error;
  RunOptions run = run_options(options);
  run.undoes = undone;
  return carry_out(plan, options, run, std::move(session), metrics);
}

}  // namespace aloft
