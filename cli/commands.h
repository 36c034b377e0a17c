#pragma once

#include "cli/exit_code.h"
#include "cli/options.h"

namespace aloft {

// One function a command, each in its own file. The result goes to stdout, everything else to
// stderr. DbError, IoError and PlanFileError are left to main().
ExitCode plan_command(const CommandOptions& options);
ExitCode apply_command(const CommandOptions& options);
ExitCode contract_command(const CommandOptions& options);
ExitCode rollback_command(const CommandOptions& options);
ExitCode status_command(const CommandOptions& options);
ExitCode pause_command(const CommandOptions& options);
ExitCode resume_command(const CommandOptions& options);
ExitCode throttle_command(const CommandOptions& options);
ExitCode diff_command(const CommandOptions& options);
ExitCode dump_command(const CommandOptions& options);

}  // namespace aloft
