#include "cli/duration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace aloft {
namespace {

constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                       kDay = 24 * kHour;

/// Milliseconds of the unit that the text begins with, and how long its name is; 0 for none.
std::pair<std::int64_t, std::size_t> unit_of(std::string_view text) {
  if (text.starts_with("ms")) return {1, 2};
  switch (text.front()) {
    case 's': return {kSecond, 1};
    case 'm': return {kMinute, 1};
    case 'h': return {kHour, 1};
    case 'd': return {kDay, 1};
    default: return {0, 0};
  }
}

}  // namespace

std::optional<std::int64_t> duration_from(const std::string& text) {
  if (text == "0") return 0;
  constexpr std::int64_t kMost = 100'000;
  std::int64_t sum = 0, number = -1;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      number = std::max<std::int64_t>(number, 0) * 10 + (c - '0');
      if (number > kMost) return std::nullopt;
      ++at;
      continue;
    }
    const auto [unit, length] = unit_of(std::string_view(text).substr(at));
    if (unit == 0 || number < 0) return std::nullopt;
    sum += number * unit;
    number = -1;
    at += length;
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
