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
/// The end of the parenthesised group that starts at or after `from`; npos if there is none.
std::size_t after_group(std::string_view text, std::size_t from);
/// How many expressions a comma-separated list holds.
std::size_t list_length(std::string_view text);

}  // namespace aloft
