#include "engine/execute/system_clock.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace aloft {

std::int64_t SystemClock::now_ms() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

void SystemClock::sleep_ms(std::int64_t duration) {
  constexpr std::int64_t kSlice = 100;
  const std::int64_t end = now_ms() + duration;
  while (!stop_) {
    const std::int64_t left = end - now_ms();
    if (left <= 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(left, kSlice)));
  }
}

void SystemClock::rest_us(std::int64_t duration) {
  std::this_thread::sleep_for(std::chrono::microseconds(duration));
}

}  // namespace aloft
