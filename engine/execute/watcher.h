#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "engine/db/session.h"
#include "engine/execute/observer.h"

namespace aloft {

/// While it lives, tells the observer from its own thread and session how a long statement of
/// backend `pid` gets on, every other second and only when there is news. Opens its session when
/// the statement has run for a second, so that short ones cost nothing; does without it where none
/// is to be had. Its end waits for the thread.
class Watcher {
 public:
  Watcher(const std::function<std::unique_ptr<Session>()>& monitor, std::string pid,
          const Step& step, Observer& observer);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

 private:
  void watch();
  /// True when the watched statement ended meanwhile.
  bool wait(int milliseconds);

  const std::function<std::unique_ptr<Session>()>& monitor_;
  const std::string pid_;
  const Step& step_;
  Observer& observer_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace aloft
