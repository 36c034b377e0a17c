#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/metrics_output.h"
#include "cli/options.h"
#include "engine/db/session.h"
#include "engine/execute/executor.h"

namespace aloft {

/// A session that holds the run lock; null, with the reason told, where another run has it or the
/// connection is none of its own.
std::unique_ptr<Session> session_for_a_run(const CommandOptions& options);

/// Are all hazards of the steps that are not `done` allowed? Tells which are not.
bool pass_gates(const Plan& plan, const std::vector<std::string>& done,
                const CommandOptions& options, bool contract);

/// Asks whether to go on, unless told not to ask.
bool confirmed(const CommandOptions& options);

/// Carries the plan out, wherever its server goes, telling how it goes, in words and as metrics,
/// how it ended and what to do next.
ExitCode carry_out(const Plan& plan, const CommandOptions& options, const RunOptions& run,
                   std::unique_ptr<Session> session, MetricsOutput& metrics);

/// What the command line says of backfills and locks.
RunOptions run_options(const CommandOptions& options);

}  // namespace aloft
