#include "cli/carry_out.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <thread>

#include "cli/closing.h"
#include "cli/compare.h"
#include "cli/output.h"
#include "cli/progress_printer.h"
#include "engine/db/db_error.h"
#include "engine/execute/direct_connection.h"
#include "engine/execute/follow_run.h"
#include "engine/execute/system_clock.h"

namespace aloft {
namespace {

// The one thing a signal handler may touch.
std::atomic<bool> stop_requested{false};

void on_signal(int) {
  stop_requested = true;
}

/// Ends a statement that runs when somebody presses Ctrl-C; its transaction is rolled back.
void cancel_when_told(Session& session, const std::stop_token& over) {
  while (!over.stop_requested() && !stop_requested)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  if (!stop_requested || over.stop_requested()) return;
  try {
    session.cancel();
  } catch (const DbError&) {
    // The server is gone, and the statement with it.
  }
}

double unix_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// The figures are published while it lives.
class PublishedMetrics {
 public:
  PublishedMetrics(MetricsOutput& metrics, const RunFigureKeeper& keeper) : metrics_(metrics) {
    metrics_.start([&keeper] { return keeper.figures(); });
  }
  ~PublishedMetrics() { metrics_.stop(); }
  PublishedMetrics(const PublishedMetrics&) = delete;
  PublishedMetrics& operator=(const PublishedMetrics&) = delete;

 private:
  MetricsOutput& metrics_;
};

}  // namespace

std::unique_ptr<Session> session_for_a_run(const CommandOptions& options) {
  auto session = connect(options);
  if (const std::string pooler = pooler_between(*session, [&] { return connect(options); });
      !pooler.empty()) {
    std::fprintf(stderr, "aloft: %s\n", pooler.c_str());
    return nullptr;
  }
  std::string holder;
  if (take_run_lock(*session, holder)) return session;
  tell_end(Busy{holder});
  return nullptr;
}

bool pass_gates(const Plan& plan, const std::vector<std::string>& done,
                const CommandOptions& options, bool contract) {
  auto gated = gates(plan, options.allow, contract);
  std::erase_if(gated,
                [&](const Step* step) { return std::ranges::find(done, step->id) != done.end(); });
  if (gated.empty()) return true;
  std::set<std::string> missing;
  std::fputs("aloft: stopped at a gate; nothing was changed. These steps need somebody's word:\n",
             stderr);
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

bool confirmed(const CommandOptions& options) {
  std::fflush(stdout);
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

ExitCode carry_out(const Plan& plan, const CommandOptions& options, const RunOptions& run,
                   std::unique_ptr<Session> session, MetricsOutput& metrics) {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  SystemClock clock(stop_requested);
  ProgressPrinter printer(plan.steps.size());
  RunFigureKeeper keeper(plan, !run.undoes.empty(), printer);
  const PublishedMetrics published(metrics, keeper);
  const auto another = [&] { return connect(options); };
  const auto in_session = [&](Session& its, const RunOptions& how) {
    const std::jthread canceller([&](const std::stop_token& over) { cancel_when_told(its, over); });
    return run_plan(plan, how, its, another, clock, keeper, stop_requested);
  };
  try {
    const Outcome outcome =
        follow_run(in_session, run, std::move(session), another, clock, keeper, stop_requested);
    keeper.ended(outcome, unix_time());
    return tell_end(outcome, plan, keeper.figures());
  } catch (const DbError&) {
    keeper.connection_lost();
    throw;
  }
}

RunOptions run_options(const CommandOptions& options) {
  RunOptions run{.lock_attempts = options.lock_attempts};
  run.reconnect_ms = options.reconnect_ms;
  run.stall_budget_ms = options.stall_budget_ms.value_or(kStallBudgetMs);
  run.archive = options.archive_dir;
  run.backfill = options.backfill;
  return run;
}

}  // namespace aloft
