#pragma once

#include <cstdint>

namespace aloft {

/// The door to time, so that tests do not sleep.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_ms() = 0;                 ///< monotonic
  virtual void sleep_ms(std::int64_t duration) = 0;  ///< returns early when the run is told to stop
  virtual void rest_us(std::int64_t duration) = 0;   ///< a second at most, to its end
};

}  // namespace aloft
