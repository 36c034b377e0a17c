#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "engine/execute/observer.h"

namespace aloft::test {

/// Keeps what it hears as lines: "start 1", "skip 2: why", "busy 3.1: pid ...".
class RecordingObserver : public Observer {
 public:
  void step_started(const Step& step) override { add("start " + step.id); }
  void step_skipped(const Step& step, const std::string& why) override {
    add("skip " + step.id + ": " + why);
  }
  void step_finished(const Step& step, std::int64_t) override { add("finish " + step.id); }
  void lock_busy(const Step& step, int attempt, const std::string& blockers,
                 std::int64_t) override {
    add("busy " + step.id + "." + std::to_string(attempt) + ": " + blockers);
  }
  void progress(const Step& step, const std::string& text) override {
    add("progress " + step.id + ": " + text);
    if (on_progress) on_progress();
  }
  void note(const std::string& text) override { add("note " + text); }
  void measured(const Measurement& measurement) override {
    const std::lock_guard lock(mutex_);
    measured_.push_back(measurement);
  }

  std::function<void()> on_progress;  ///< what happens meanwhile

  /// The lines that start with `prefix`.
  std::vector<std::string> lines(const std::string& prefix = "") const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> found;
    for (const std::string& line : lines_)
      if (line.starts_with(prefix)) found.push_back(line);
    return found;
  }

  /// Every measurement of this kind, in order.
  template <class T>
  std::vector<T> measured() const {
    const std::lock_guard lock(mutex_);
    std::vector<T> found;
    for (const Measurement& measurement : measured_)
      if (const T* one = std::get_if<T>(&measurement)) found.push_back(*one);
    return found;
  }

 private:
  void add(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<Measurement> measured_;
};

}  // namespace aloft::test
