#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/render_status.h"
#include "engine/execute/sample.h"
#include "engine/execute/status.h"

namespace aloft {
namespace {

bool waits(const std::optional<RunStatus>& status) {
  return status && status->run.state == "expanded" && status->run.undoes.empty();
}

/// From now on the calls count for the run that waits; false where none does.
bool count_anew(Session& session) {
  const auto status = read_status(session);
  if (waits(status) &&
      take_baseline(session, status->plan,
                    sql("(SELECT id FROM aloft.run WHERE id = {} AND state = 'expanded' FOR SHARE)"
                        " AS r",
                        Sql{status->run.id})))
    return true;
  std::fputs("aloft: no run waits for contract: there is nothing to count\n", stderr);
  return false;
}

bool is_good(const WaitingStatus& waiting) {
  return !waiting.checks || std::ranges::all_of(*waiting.checks, &Sample::is_good);
}

}  // namespace

ExitCode status_command(const CommandOptions& options) {
  const auto session = connect(options);
  if (options.new_baseline && !count_anew(*session)) return ExitCode::Error;
  for (;;) {
    const auto status = read_status(*session);
    WaitingStatus waiting;
    if (waits(status)) {
      waiting.evidence = read_evidence(*session, status->plan, status->run);
      if (options.check) waiting.checks = sample_agreements(*session, status->plan);
    } else if (options.check) {
      std::fputs("aloft: no run waits for contract: there are no rows to check\n", stderr);
    }
    const std::string text = options.format == Format::Json ? status_json(status, waiting)
                                                            : status_text(status, waiting);
    // On a terminal each look takes the place of the one before.
    if (options.watch && options.format == Format::Text && isatty(STDOUT_FILENO) == 1)
      std::fputs("\033[H\033[J", stdout);
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    if (!is_good(waiting)) return ExitCode::Error;
    if (!options.watch || !status) return status ? ExitCode::Changes : ExitCode::Ok;
    std::this_thread::sleep_for(std::chrono::seconds(2));
  }
}

}  // namespace aloft
