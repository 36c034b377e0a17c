#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aloft {

/// Milliseconds of "500ms", "90s", "15m", "24h", "7d", a sum of such or "0"; nothing for another
/// text.
std::optional<std::int64_t> duration_from(const std::string& text);

/// "45 s", "12 min", "3 h 20 min", "2 days".
std::string duration_words(std::int64_t ms);

}  // namespace aloft
