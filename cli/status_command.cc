#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/render_status.h"
#include "engine/execute/status.h"

namespace aloft {

ExitCode status_command(const CommandOptions& options) {
  const auto session = connect(options);
  for (;;) {
    const auto status = read_status(*session);
    const std::string text =
        options.format == Format::Json ? status_json(status) : status_text(status);
    // On a terminal each look takes the place of the one before.
    if (options.watch && options.format == Format::Text && isatty(STDOUT_FILENO) == 1)
      std::fputs("\033[H\033[J", stdout);
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    if (!options.watch || !status) return status ? ExitCode::Changes : ExitCode::Ok;
    std::this_thread::sleep_for(std::chrono::seconds(2));
  }
}

}  // namespace aloft
