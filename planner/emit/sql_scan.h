#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aloft {

/// Where a word, or a single comma, stands in SQL text outside quotes, comments and parentheses.
struct TopToken {
  std::size_t begin = 0, end = 0;
  std::string word{};  ///< upper case; "," for a comma
};

/// The words and commas at the top level of a text as a deparser writes it.
std::vector<TopToken> top_tokens(std::string_view text);
/// How many expressions a comma-separated list holds.
std::size_t list_length(std::string_view text);

}  // namespace aloft
