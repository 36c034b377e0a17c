#include <cstdio>

#include "cli/carry_out.h"
#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/evidence.h"
#include "cli/open_run.h"
#include "cli/output.h"
#include "engine/base/file_reader.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/plan_json.h"

namespace aloft {
namespace {

/// What the plan was made from and is no longer so, object by object.
std::vector<std::string> changed_since(const Plan& plan, const Snapshot& live) {
  std::map<std::string, std::string> now;
  for_each_kind(live, [&](const auto& objects) {
    for (const auto& [id, object] : objects)
      if (const std::string name = to_string(id); plan.fingerprints.contains(name))
        now.emplace(name, fingerprint(live, id));
  });
  std::vector<std::string> changed;
  for (const auto& [name, was] : plan.fingerprints) {
    const auto it = now.find(name);
    const std::string is = it == now.end() ? "" : it->second;
    if (is == was) continue;
    changed.push_back(name + (was.empty()  ? " is there now"
                              : is.empty() ? " is gone"
                                           : " was changed"));
  }
  return changed;
}

/// The approved plan of a file, checked against the database as it is now.
std::optional<Plan> approved_plan(const CommandOptions& options, Session& session, ExitCode& code) {
  Plan plan = plan_from_json(read_file(options.plan_file));
  // A run of this plan that was cut off has changed the objects itself.
  if (const auto open = read_open_run(session); open && open->plan_id == plan.id) return plan;
  const Live live = read_live(session, options);
  session.execute("ROLLBACK");
  const auto changed = changed_since(plan, live.snapshot);
  if (changed.empty()) return plan;
  std::fputs("aloft: the database is not the one this plan was made from; nothing was changed:\n",
             stderr);
  for (const std::string& line : changed) std::fprintf(stderr, "  %s\n", line.c_str());
  std::fputs("  -> plan again and have the new plan approved\n", stderr);
  code = ExitCode::OtherDatabase;
  return std::nullopt;
}

std::optional<Plan> fresh_plan(const CommandOptions& options, Session& session, ExitCode& code) {
  Sources sources;
  Diagnostics diagnostics;
  const auto comparison = compare_with_server(options, session, sources, diagnostics);
  std::optional<Plan> plan;
  if (comparison) plan = plan_of(*comparison, &session, options.planning, diagnostics);
  if (comparison) session.execute("ROLLBACK");
  if (report(diagnostics, sources)) plan.reset();
  if (!plan) code = ExitCode::Error;
  return plan;
}

/// All gates of the plan. One that goes through contract where an earlier process carried out its
/// expand asks what was used since then.
bool may_go_on(const Plan& plan, const std::vector<std::string>& done,
               const CommandOptions& options, Session& session) {
  const bool allowed = pass_gates(plan, done, options, options.contract);
  if (!options.contract) return allowed;
  const auto open = read_open_run(session);
  if (!open || !open->undoes.empty() || !has_baseline(session, open->id)) return allowed;
  return pass_evidence(session, plan, *open, options) && allowed;
}

/// A run with a scaffold is finished or taken back before another begins.
ExitCode go_on_with(const RunUnderWay& under_way, const CommandOptions& options,
                    std::unique_ptr<Session> session, MetricsOutput& metrics) {
  const OpenRun& open = under_way.run;
  if (!open.undoes.empty()) {
    std::fprintf(stderr,
                 "aloft: run %s takes run %s back and has not come to its end\n"
                 "  -> finish it first: aloft rollback\n",
                 open.id.c_str(), open.undoes.c_str());
    return ExitCode::Error;
  }
  if (!options.plan_file.empty() &&
      plan_from_json(read_file(options.plan_file)).id != open.plan_id) {
    std::fprintf(stderr,
                 "aloft: run %s of another plan (%s) is open and has not come to its end; nothing "
                 "was changed\n  -> finish it with aloft contract, or take it back with aloft "
                 "rollback\n",
                 open.id.c_str(), open.plan_id.c_str());
    return ExitCode::OtherDatabase;
  }
  std::fprintf(stderr, "aloft: run %s of %s is open: going on with its plan, not with a new one\n",
               open.id.c_str(), open.started.c_str());
  print_plan(under_way.plan, options);
  if (!may_go_on(under_way.plan, open.done, options, *session)) return ExitCode::Gated;
  if (!confirmed(options)) return ExitCode::Error;
  RunOptions run = run_options(options);
  run.contract = options.contract;
  return carry_out(under_way.plan, options, run, std::move(session), metrics);
}

}  // namespace

ExitCode apply_command(const CommandOptions& options) {
  MetricsOutput metrics(options);
  auto session = session_for_a_run(options);
  if (!session) return ExitCode::Error;
  std::vector<std::string> notes;
  if (const auto under_way = run_under_way(*session, notes))
    return go_on_with(*under_way, options, std::move(session), metrics);
  ExitCode code = ExitCode::Ok;
  const auto plan = options.plan_file.empty() ? fresh_plan(options, *session, code)
                                              : approved_plan(options, *session, code);
  if (!plan) return code;
  print_plan(*plan, options);
  if (plan->steps.empty()) return ExitCode::Ok;
  if (!may_go_on(*plan, {}, options, *session)) return ExitCode::Gated;
  if (!confirmed(options)) return ExitCode::Error;
  RunOptions run = run_options(options);
  run.contract = options.contract;
  run.planned_now = options.plan_file.empty();
  return carry_out(*plan, options, run, std::move(session), metrics);
}

}  // namespace aloft
