#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/output.h"
#include "engine/base/file_reader.h"
#include "engine/plan/plan_json.h"

namespace aloft {

ExitCode plan_command(const CommandOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  const auto session = connect(options);
  const auto comparison = compare_with_server(options, *session, sources, diagnostics);
  if (!comparison) {
    report(diagnostics, sources);
    return ExitCode::Error;
  }
  const auto plan = plan_of(*comparison, session.get(), options.planning, diagnostics);
  if (report(diagnostics, sources) || !plan) return ExitCode::Error;
  if (!options.output.empty()) write_file(options.output, plan_to_json(*plan));
  print_plan(*plan, options);
  if (!gates(*plan, options.allow, true).empty()) return ExitCode::Gated;
  return options.detailed_exitcode && !plan->changes.empty() ? ExitCode::Changes : ExitCode::Ok;
}

}  // namespace aloft
