#include "engine/execute/watcher.h"

#include <chrono>

#include "engine/db/db_error.h"
#include "engine/execute/index_progress.h"

namespace aloft {

Watcher::Watcher(const std::function<std::unique_ptr<Session>()>& monitor, std::string pid,
                 const Step& step, Observer& observer)
    : monitor_(monitor), pid_(std::move(pid)), step_(step), observer_(observer) {
  if (monitor_ && !pid_.empty()) thread_ = std::thread([this] { watch(); });
}

Watcher::~Watcher() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  over_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Watcher::wait(int milliseconds) {
  std::unique_lock lock(mutex_);
  return over_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return ended_; });
}

void Watcher::watch() {
  if (wait(1000)) return;
  try {
    const std::unique_ptr<Session> session = monitor_();
    if (!session) return;
    std::string told;
    do {
      const StatementProgress now = progress_of(*session, pid_);
      if (now.build) observer_.measured(IndexProgress{step_.id, *now.build});
      if (!now.text.empty() && now.text != told) observer_.progress(step_, now.text);
      told = now.text;
    } while (!wait(2000));
  } catch (const DbError& error) {
    observer_.progress(step_, std::string("progress is not known: ") + error.what());
  }
}

}  // namespace aloft
