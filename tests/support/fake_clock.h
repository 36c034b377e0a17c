#pragma once

#include <functional>
#include <vector>

#include "engine/execute/clock.h"

namespace aloft::test {

/// Time that passes only when somebody sleeps.
class FakeClock : public Clock {
 public:
  std::int64_t now_ms() override { return now_; }
  void sleep_ms(std::int64_t duration) override {
    sleeps.push_back(duration);
    now_ += duration;
    if (on_sleep) on_sleep();
  }

  std::vector<std::int64_t> sleeps;
  std::function<void()> on_sleep;  ///< what happens meanwhile

 private:
  std::int64_t now_ = 0;
};

}  // namespace aloft::test
