#include "engine/execute/pace.h"

#include <fmt/format.h>

#include <algorithm>

namespace aloft {
namespace {

constexpr std::int64_t kWindowMs = 60'000, kShortestMs = 5'000;

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1'000'000);
}

}  // namespace

std::int64_t rest_us(std::int64_t worked_us, int sessions, int share) {
  constexpr std::int64_t kLongest = 1'000'000;
  if (share <= 0) return 0;
  return std::clamp<std::int64_t>(worked_us * sessions * 100 / share - worked_us, 0, kLongest);
}

std::int64_t stretch_blocks(std::int64_t blocks, std::int64_t worked_us) {
  constexpr std::int64_t kStretchUs = 300, kMost = 65536;
  const std::int64_t fit = blocks * kStretchUs / std::max<std::int64_t>(worked_us, 1);
  return std::clamp<std::int64_t>(std::min(fit, 2 * blocks), 1, kMost);
}

PauseReason ServerRates::look(const RateLimits& limits, std::int64_t now_ms,
                              const ServerCounts& counts) {
  last_minute_.push_back({now_ms, counts});
  while (last_minute_.size() > 2 && last_minute_[1].at_ms <= now_ms - kWindowMs)
    last_minute_.pop_front();
  const Sample& first = last_minute_.front();
  const std::int64_t checkpoints = counts.checkpoints - first.counts.checkpoints;
  if (limits.checkpoints > 0 && checkpoints > limits.checkpoints)
    return {PauseKind::Checkpoints,
            fmt::format("{} checkpoints were forced within the last minute", checkpoints)};
  const std::int64_t ms = now_ms - first.at_ms;
  if (limits.wal_bytes_per_second == 0 || ms < kShortestMs) return {};
  const std::int64_t rate = (counts.wal_bytes - first.counts.wal_bytes) * 1000 / ms;
  if (rate <= limits.wal_bytes_per_second) return {};
  return {PauseKind::WalRate, "the server writes more than " +
                                  megabytes(limits.wal_bytes_per_second) + " of WAL a second"};
}

}  // namespace aloft
