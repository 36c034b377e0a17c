#pragma once

#include <mutex>

#include "engine/execute/observer.h"

namespace aloft {

/// Passes on what several threads of a run have to tell, one call at a time.
class LockedObserver : public Observer {
 public:
  explicit LockedObserver(Observer& observer) : observer_(observer) {}

  void step_started(const Step& step) override {
    const std::lock_guard lock(mutex_);
    observer_.step_started(step);
  }
  void step_skipped(const Step& step, const std::string& why) override {
    const std::lock_guard lock(mutex_);
    observer_.step_skipped(step, why);
  }
  void step_finished(const Step& step, std::int64_t elapsed_ms) override {
    const std::lock_guard lock(mutex_);
    observer_.step_finished(step, elapsed_ms);
  }
  void lock_busy(const Step& step, int attempt, const std::string& blockers,
                 std::int64_t wait_ms) override {
    const std::lock_guard lock(mutex_);
    observer_.lock_busy(step, attempt, blockers, wait_ms);
  }
  void progress(const Step& step, const std::string& text) override {
    const std::lock_guard lock(mutex_);
    observer_.progress(step, text);
  }
  void note(const std::string& text) override {
    const std::lock_guard lock(mutex_);
    observer_.note(text);
  }
  void measured(const Measurement& measurement) override {
    const std::lock_guard lock(mutex_);
    observer_.measured(measurement);
  }

 private:
  Observer& observer_;
  std::mutex mutex_;
};

}  // namespace aloft
