#include <cstdio>

#include "cli/commands.h"
#include "cli/compare.h"
#include "engine/execute/status.h"

namespace aloft {
namespace {

ExitCode told(bool found, const char* text) {
  std::puts(found ? text : "No run is open.");
  return found ? ExitCode::Ok : ExitCode::Error;
}

}  // namespace

ExitCode pause_command(const CommandOptions& options) {
  return told(
      pause_run(*connect(options)),
      "The backfill pauses within a second, at the edge of a batch; aloft resume lets it go on.");
}

ExitCode resume_command(const CommandOptions& options) {
  return told(resume_run(*connect(options)), "The backfill goes on within a second.");
}

ExitCode throttle_command(const CommandOptions& options) {
  return told(throttle_run(*connect(options), options.batch_ms),
              "The backfill takes this size of batches within a second.");
}

}  // namespace aloft
