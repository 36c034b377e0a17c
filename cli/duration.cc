#include "cli/duration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace aloft {
namespace {

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                       kDay = 24 * kHour;

std::int64_t unit_of(char letter) {
  switch (letter) {
    case 's': return kSecond;
    case 'm': return kMinute;
    case 'h': return kHour;
    case 'd': return kDay;
    default: return 0;
  }
}

}  // namespace

std::optional<std::int64_t> duration_from(const std::string& text) {
  if (text == "0") return 0;
  constexpr std::int64_t kMost = 100'000;
  std::int64_t sum = 0, number = -1;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      number = std::max<std::int64_t>(number, 0) * 10 + (c - '0');
      if (number > kMost) return std::nullopt;
      continue;
    }
    const std::int64_t unit = unit_of(c);
    if (unit == 0 || number < 0) return std::nullopt;
    sum += number * unit;
    number = -1;
  }
  if (text.empty() || number >= 0) return std::nullopt;
  return sum;
}

std::string duration_words(std::int64_t ms) {
  if (ms < kMinute) return fmt::format("{} s", std::max<std::int64_t>((ms + 999) / kSecond, 1));
  if (ms < kHour) return fmt::format("{} min", (ms + kMinute / 2) / kMinute);
  if (ms < 2 * kDay) return fmt::format("{} h {} min", ms / kHour, ms % kHour / kMinute);
  return fmt::format("{} days", (ms + kDay / 2) / kDay);
}

}  // namespace aloft
