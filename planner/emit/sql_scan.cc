#include "planner/emit/sql_scan.h"

#include <algorithm>
#include <cctype>

namespace aloft {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

/// The end of what begins with a quote at `at`; a doubled quote is part of it.
std::size_t skip_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const bool escapes =
      quote == '\'' && at > 0 && upper(text[at - 1]) == 'E' && (at < 2 || !is_word(text[at - 2]));
  for (++at; at < text.size(); ++at) {
    if (escapes && text[at] == '\\')
      ++at;
    else if (text[at] == quote && at + 1 < text.size() && text[at + 1] == quote)
      ++at;
    else if (text[at] == quote)
      return at + 1;
  }
  return text.size();
}

/// The end of $tag$...$tag$, or the next character where the dollar begins none.
std::size_t skip_dollars(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && is_word(text[end])) ++end;
  if (end >= text.size() || text[end] != '$') return at + 1;
  const std::string_view tag = text.substr(at, end + 1 - at);
  const std::size_t close = text.find(tag, end + 1);
  return close == std::string_view::npos ? text.size() : close + tag.size();
}

}  // namespace

std::vector<TopToken> top_tokens(std::string_view text) {
  std::vector<TopToken> tokens;
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\'' || c == '"') {
      at = skip_quoted(text, at);
    } else if (c == '$') {
      at = skip_dollars(text, at);
    } else if (is_word(c)) {
      const std::size_t begin = at;
      while (at < text.size() && is_word(text[at])) ++at;
      if (depth > 0) continue;
      TopToken token{
          .begin = begin, .end = at, .word = std::string(text.substr(begin, at - begin))};
      std::ranges::transform(token.word, token.word.begin(), upper);
      tokens.push_back(std::move(token));
    } else {
      if (c == '(' || c == '[') ++depth;
      if (c == ')' || c == ']') --depth;
      if (c == ',' && depth == 0) tokens.push_back({.begin = at, .end = at + 1, .word = ","});
      ++at;
    }
  }
  return tokens;
}

std::size_t after_group(std::string_view text, std::size_t from) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

std::size_t list_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto tokens = top_tokens(text);
  return 1 + static_cast<std::size_t>(std::ranges::count(tokens, ",", &TopToken::word));
}

}  // namespace aloft
