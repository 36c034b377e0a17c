#include "engine/execute/undo_scope.h"

#include <algorithm>

#include "engine/execute/settle_step.h"

namespace aloft {

std::vector<std::string> steps_to_take_back(Session& session, const Plan& plan,
                                            const OpenRun& run) {
  std::vector<std::string> ids = run.done;
  for (const Step& step : plan.steps) {
    if (std::ranges::find(run.begun, step.id) == run.begun.end()) continue;
    const bool alone = !step.transactional && step.batch.empty();
    if (alone) {
      // What takes it back is settled by the catalog itself, so that it may run for nothing.
      const bool left_something = !step.undo.empty() || look(session, step.check) != Found::NotDone;
      if (left_something) ids.push_back(step.id);
    } else if (!step.batch.empty()) {
      ids.push_back(step.id);
    }
  }
  return ids;
}

}  // namespace aloft
