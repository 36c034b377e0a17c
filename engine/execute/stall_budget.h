#pragma once

#include <cstdint>
#include <vector>

namespace aloft {

/// A time for which statements that write may have waited for the run.
struct Stall {
  std::int64_t ended_ms = 0;  ///< by the run's clock
  std::int64_t ms = 0;        ///< how long it was
  bool operator==(const Stall&) const = default;
};

/// The stalls of the last minute. A stall counts as a whole until a minute after its end.
class StallWindow {
 public:
  static constexpr std::int64_t kLengthMs = 60'000;

  /// In any order of their ends.
  void add(const Stall& stall);
  /// The sum of those that ended within the minute before `now_ms`.
  std::int64_t total_ms(std::int64_t now_ms) const;
  /// How long from `now_ms` on until the sum is below `budget_ms`; 0 where it is, or where the
  /// budget is 0, which is none.
  std::int64_t wait_ms(std::int64_t now_ms, std::int64_t budget_ms) const;
  /// Lets go of what no longer counts.
  void forget_before(std::int64_t now_ms);

 private:
  std::vector<Stall> stalls_;  ///< by their ends
};

}  // namespace aloft
