#pragma once

#include "cli/exit_code.h"
#include "cli/run_figures.h"

namespace aloft {

/// Says what became of a run and how to go on: on stdout where all is well, else on stderr.
ExitCode tell_end(const Outcome& outcome);
/// The same, with what the run has cost and built on a line of its own.
ExitCode tell_end(const Outcome& outcome, const Plan& plan, const RunFigures& figures);

}  // namespace aloft
