#pragma once

#include "cli/options.h"

namespace aloft {

/// Fills in what the command line leaves unsaid from aloft.toml: `--config FILE`, else ./aloft.toml
/// if it is there. The table [env.NAME] chosen by --env goes before the top level. Keys: db,
/// desired (a string or a list), allow, manage, ignore, lock_timeout_ms, statement_timeout_ms,
/// stall_budget_ms. An unknown key, a wrong type, a missing file or env is an IoError with
/// file:line:column.
void apply_config(CommandOptions& options);

}  // namespace aloft
