#pragma once

#include <chrono>
#include <cstddef>

#include "engine/execute/observer.h"

namespace aloft {

/// A run as it goes on: one line a step on stderr, and on a terminal the line of the step under way
/// is kept up to date in place; elsewhere a long step tells every half minute how far it is.
class ProgressPrinter : public Observer {
 public:
  explicit ProgressPrinter(std::size_t steps);
  void step_started(const Step& step) override;
  void step_skipped(const Step& step, const std::string& why) override;
  void step_finished(const Step& step, std::int64_t elapsed_ms) override;
  void lock_busy(const Step& step, int attempt, const std::string& blockers,
                 std::int64_t wait_ms) override;
  void progress(const Step& step, const std::string& text) override;
  void note(const std::string& text) override;
  void measured(const Measurement&) override {}  // progress() has the words for it

 private:
  void line(const std::string& text);
  void transient(const std::string& text);
  bool time_for_a_line();
  std::string label(const Step& step) const;

  std::size_t steps_;
  bool terminal_;
  std::chrono::steady_clock::time_point last_line_{};
};

}  // namespace aloft
