#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "engine/execute/clock.h"

namespace aloft::test {

/// Time that passes only when somebody sleeps, and by `each_look` when somebody asks for it.
class FakeClock : public Clock {
 public:
  std::int64_t now_ms() override {
    const std::lock_guard lock(mutex_);
    return now_ += each_look;
  }
  void sleep_ms(std::int64_t duration) override {
    {
      const std::lock_guard lock(mutex_);
      sleeps.push_back(duration);
      now_ += duration;
    }
    if (on_sleep) on_sleep();
  }
  void rest_us(std::int64_t duration) override {
    {
      const std::lock_guard lock(mutex_);
      rests.push_back(duration);
    }
    if (on_sleep) on_sleep();
  }

  std::vector<std::int64_t> sleeps;  ///< ms
  std::vector<std::int64_t> rests;   ///< us
  std::int64_t each_look = 0;
  std::function<void()> on_sleep;  ///< what happens meanwhile

 private:
  std::mutex mutex_;
  std::int64_t now_ = 0;
};

}  // namespace aloft::test
