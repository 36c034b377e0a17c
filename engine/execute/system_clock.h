#pragma once

#include <atomic>

#include "engine/execute/clock.h"

namespace aloft {

/// The machine's clock. Sleeps end early, within a tenth of a second, once `stop` is set.
class SystemClock : public Clock {
 public:
  explicit SystemClock(const std::atomic<bool>& stop) : stop_(stop) {}
  std::int64_t now_ms() override;
  void sleep_ms(std::int64_t duration) override;
  void rest_us(std::int64_t duration) override;

 private:
  const std::atomic<bool>& stop_;
};

}  // namespace aloft
