#include "engine/execute/update_text.h"

#include <algorithm>
#include <cctype>

namespace aloft {
namespace {

/// Walks SQL text outside of quotes, dollar quotes and brackets.
class TopLevel {
 public:
  explicit TopLevel(std::string_view text) : text_(text) {}

  /// The place of the next `word` between blanks, or npos; what follows is read next.
  std::size_t find_word(std::string_view word) {
    while (at_ < text_.size()) {
      if (depth_ == 0 && is_word(word)) {
        const std::size_t found = at_;
        at_ += word.size();
        return found;
      }
      step();
    }
    return std::string_view::npos;
  }
  /// The place of the next comma or of the end.
  std::size_t find_comma(std::size_t end) {
    while (at_ < end && !(depth_ == 0 && text_[at_] == ',')) step();
    return std::min(at_, end);
  }
  void move_to(std::size_t at) { at_ = at; }

 private:
  bool is_word(std::string_view word) const {
    const auto blank = [&](std::size_t i) {
      return i >= text_.size() || std::isspace(static_cast<unsigned char>(text_[i])) != 0;
    };
    return at_ > 0 && blank(at_ - 1) && text_.substr(at_).starts_with(word) &&
           blank(at_ + word.size());
  }
  /// Past a character, or past a whole quoted piece.
  void step() {
    const char c = text_[at_++];
    if (c == '(' || c == '[') ++depth_;
    if (c == ')' || c == ']') --depth_;
    if (c == '\'' || c == '"') skip_quoted(c, at_ >= 2 && (text_[at_ - 2] | 0x20) == 'e');
    if (c == '$') skip_dollar_quoted();
  }
  void skip_quoted(char quote, bool escapes) {
    while (at_ < text_.size() && text_[at_] != quote)
      at_ += escapes && quote == '\'' && text_[at_] == '\\' ? 2 : 1;
    ++at_;
  }
  void skip_dollar_quoted() {
    const std::size_t end = text_.find('$', at_);
    if (end == std::string_view::npos) return;
    const std::string_view tag = text_.substr(at_ - 1, end + 2 - at_);
    const std::size_t close = text_.find(tag, end + 1);
    if (close != std::string_view::npos) at_ = close + tag.size();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// `  "My ""column""" = ...` or `  name = ...`: the name alone, as the catalog has it.
std::optional<std::string> assigned(std::string_view text) {
  std::size_t at = text.find_first_not_of(" \n");
  if (at == std::string_view::npos) return std::nullopt;
  std::string name;
  if (text[at] == '"') {
    for (++at; at < text.size(); ++at) {
      if (text[at] != '"') {
        name += text[at];
      } else if (text.substr(at).starts_with("\"\"")) {
        name += text[at++];
      } else {
        break;
      }
    }
    ++at;
  } else {
    while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 ||
                                text[at] == '_' || (text[at] & 0x80) != 0))
      name += text[at++];
  }
  at = text.find_first_not_of(" \n", std::min(at, text.size()));
  if (name.empty() || at == std::string_view::npos || text[at] != '=') return std::nullopt;
  return name;
}

}  // namespace

std::optional<std::vector<std::string>> set_columns(std::string_view update) {
  TopLevel scan(update);
  const std::size_t set = scan.find_word("SET"), where = scan.find_word("WHERE");
  if (set == std::string_view::npos || where == std::string_view::npos) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t at = set + 3; at < where;) {
    scan.move_to(at);
    const std::size_t end = scan.find_comma(where);
    const auto name = assigned(update.substr(at, end - at));
    if (!name) return std::nullopt;
    names.push_back(*name);
    at = end + 1;
  }
  return names;
}

}  // namespace aloft
