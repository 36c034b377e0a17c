#include "cli/closing.h"

#include <algorithm>
#include <cstdio>

#include "cli/duration.h"
#include "cli/figure_words.h"

namespace aloft {
namespace {

/// Says what became of the run, and how to go on.
struct Closing {
  bool way_back = false;  ///< every step before contract has one

  ExitCode operator()(const Applied& done) const {
    std::printf("Done: %d step%s carried out.\n", done.steps, done.steps == 1 ? "" : "s");
    if (done.soaks_ms > 0)
      std::printf("Both applications' writes are kept for %s yet: run aloft contract again then.\n",
                  duration_words(done.soaks_ms).c_str());
    else if (done.contract_waits)
      std::printf(
          "Phase contract waits: when no running application needs what goes, run aloft "
          "contract%s.\n",
          way_back ? "; until then aloft rollback takes the run back" : "");
    return ExitCode::Ok;
  }
  ExitCode operator()(const Stopped& s) const {
    std::fprintf(stderr,
                 "aloft: stopped at step %s, as asked; nothing is half done. Run the same "
                 "command again to go on.\n",
                 s.step.c_str());
    return ExitCode::Error;
  }
  ExitCode operator()(const LockBusy& b) const {
    std::fprintf(stderr,
                 "aloft: step %s did not get its lock; nothing is half done. In the way:\n%s\n"
                 "  -> end those sessions or wait for them, then run the same command again\n",
                 b.step.c_str(), b.blockers.c_str());
    return ExitCode::Error;
  }
  ExitCode operator()(const Failed& f) const {
    const std::string state = f.sqlstate.empty() ? "" : " (SQLSTATE " + f.sqlstate + ")";
    std::fprintf(stderr,
                 "aloft: step %s failed: %s%s\n"
                 "  -> mend the cause and run the same command again: it goes on from here\n",
                 f.step.c_str(), f.message.c_str(), state.c_str());
    return ExitCode::Error;
  }
  ExitCode operator()(const Busy& b) const {
    std::fprintf(stderr, "aloft: another run is under way in this database: %s\n",
                 b.holder.c_str());
    return ExitCode::Error;
  }
  ExitCode operator()(const CutOff& c) const {
    std::fprintf(stderr, "aloft: %s\n  -> %s\n", c.why.c_str(), c.remedy.c_str());
    return ExitCode::Error;
  }
};

bool has_way_back(const Plan& plan) {
  return std::ranges::none_of(plan.steps, [](const Step& step) {
    return step.phase != Phase::Contract && step.undo.empty() && !step.undone_by_others;
  });
}

}  // namespace

ExitCode tell_end(const Outcome& outcome) {
  return std::visit(Closing{}, outcome);
}

ExitCode tell_end(const Outcome& outcome, const Plan& plan, const RunFigures& figures) {
  const ExitCode code = std::visit(Closing{has_way_back(plan)}, outcome);
  if (const std::string line = closing_line(figures); !line.empty())
    std::fprintf(code == ExitCode::Ok ? stdout : stderr, "%s\n", line.c_str());
  return code;
}

}  // namespace aloft
