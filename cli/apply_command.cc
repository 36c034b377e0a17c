#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <thread>

#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/output.h"
#include "cli/progress_printer.h"
#include "engine/base/file_reader.h"
#include "engine/execute/executor.h"
#include "engine/execute/journal.h"
#include "engine/execute/system_clock.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/plan_json.h"

namespace aloft {
namespace {

// The one thing a signal handler may touch.
std::atomic<bool> stop_requested{false};

void on_signal(int) { stop_requested = true; }

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
    changed.push_back(name + (was.empty() ? " is there now" : is.empty() ? " is gone" : " was changed"));
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
  std::fputs("aloft: the database is not the one this plan was made from; nothing was changed:\n", stderr);
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

bool print_gates(const Plan& plan, const CommandOptions& options) {
  const auto gated = gates(plan, options.allow, options.contract);
  if (gated.empty()) return true;
  std::set<std::string> missing;
  std::fputs("aloft: stopped at a gate; nothing was changed. These steps need somebody's word:\n", stderr);
  for (const Step* step : gated)
    for (const HazardNote& note : step->hazards)
      if (!options.allow.contains(note.hazard)) {
        missing.emplace(hazard_name(note.hazard));
        std::fprintf(stderr, "  step %s, %s: %s\n", step->id.c_str(),
                     std::string(hazard_name(note.hazard)).c_str(), note.why.c_str());
      }
  std::string names;
  for (const std::string& name : missing) names += (names.empty() ? "" : ",") + name;
  std::fprintf(stderr, "  -> read them, then allow them by name: --allow %s\n", names.c_str());
  return false;
}

/// Ends a statement that runs when somebody presses Ctrl-C; its transaction is rolled back.
void cancel_when_told(Session& session, const std::stop_token& over) {
  while (!over.stop_requested()) {
    if (stop_requested) return session.cancel();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

bool confirmed(const CommandOptions& options) {
  if (options.yes) return true;
  if (isatty(STDIN_FILENO) != 1) {
    std::fputs("aloft: nobody to ask; say --yes to carry the plan out\n", stderr);
    return false;
  }
  std::fputs("Carry it out? [y/N] ", stderr);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

/// Says what became of the run, and how to go on.
struct Closing {
  ExitCode operator()(const Applied& done) const {
    std::printf("Done: %d step%s carried out.\n", done.steps, done.steps == 1 ? "" : "s");
    if (done.contract_waits)
      std::puts("Phase contract waits: when no running application needs what goes, run the same "
                "command with --contract.");
    return ExitCode::Ok;
  }
  ExitCode operator()(const Stopped& s) const {
    std::fprintf(stderr, "aloft: stopped before step %s, as asked; nothing is half done. Run the same "
                         "command again to go on.\n", s.step.c_str());
    return ExitCode::Error;
  }
  ExitCode operator()(const LockBusy& b) const {
    std::fprintf(stderr, "aloft: step %s did not get its lock; nothing is half done. In the way:\n%s\n"
                         "  -> end those sessions or wait for them, then run the same command again\n",
                 b.step.c_str(), b.blockers.c_str());
    return ExitCode::Error;
  }
  ExitCode operator()(const Failed& f) const {
    std::fprintf(stderr, "aloft: step %s failed: %s (SQLSTATE %s)\n"
                         "  -> mend the cause and run the same command again: it goes on from here\n",
                 f.step.c_str(), f.message.c_str(), f.sqlstate.c_str());
    return ExitCode::Error;
  }
  ExitCode operator()(const Busy& b) const {
    std::fprintf(stderr, "aloft: another run is under way in this database: %s\n", b.holder.c_str());
    return ExitCode::Error;
  }
};

}  // namespace

ExitCode apply_command(const CommandOptions& options) {
  const auto session = connect(options);
  std::string holder;
  if (!take_run_lock(*session, holder)) return Closing{}(Busy{holder});
  ExitCode code = ExitCode::Ok;
  const auto plan = options.plan_file.empty() ? fresh_plan(options, *session, code)
                                              : approved_plan(options, *session, code);
  if (!plan) return code;
  print_plan(*plan, options);
  if (plan->steps.empty()) return ExitCode::Ok;
  if (!print_gates(*plan, options)) return ExitCode::Gated;
  std::fflush(stdout);
  if (!confirmed(options)) return ExitCode::Error;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  SystemClock clock(stop_requested);
  ProgressPrinter printer(plan->steps.size());
  const RunOptions run{.contract = options.contract,
                       .lock_attempts = options.lock_attempts,
                       .planned_now = options.plan_file.empty()};
  const std::jthread canceller([&](const std::stop_token& over) { cancel_when_told(*session, over); });
  const Outcome outcome =
      run_plan(*plan, run, *session, [&] { return connect(options); }, clock, printer, stop_requested);
  return std::visit(Closing{}, outcome);
}

}  // namespace aloft
