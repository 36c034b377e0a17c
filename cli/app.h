#pragma once

#include <variant>

#include "cli/exit_code.h"
#include "cli/options.h"

namespace aloft {

/// Reads the command line. Either the options of a command to run, or the exit code of what was
/// already answered: --help, a usage error (printed to stderr).
std::variant<CommandOptions, ExitCode> parse_command_line(int argc, char** argv);

}  // namespace aloft
