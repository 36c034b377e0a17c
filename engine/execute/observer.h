#pragma once

#include <cstdint>
#include <string>

#include "engine/execute/measurement.h"
#include "engine/plan/plan.h"

namespace aloft {

/// Who hears of a run while it goes on: the terminal, a log, a test.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void step_started(const Step& step) = 0;
  /// The step was found done: by an earlier run's journal, or by the catalog.
  virtual void step_skipped(const Step& step, const std::string& why) = 0;
  virtual void step_finished(const Step& step, std::int64_t elapsed_ms) = 0;
  /// A lock was not had. `blockers`: one line for each session in the way; `wait_ms`: until the
  /// next try.
  virtual void lock_busy(const Step& step, int attempt, const std::string& blockers,
                         std::int64_t wait_ms) = 0;
  /// How far a long statement is: "building index: 42 % of blocks". May come from another thread,
  /// while the run's own waits for the statement.
  virtual void progress(const Step& step, const std::string& text) = 0;
  virtual void note(const std::string& text) = 0;
  /// A figure of the run, for whoever counts; like progress() it may come from another thread.
  virtual void measured(const Measurement& measurement) = 0;
};

}  // namespace aloft
