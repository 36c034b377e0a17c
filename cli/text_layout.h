#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aloft {

inline constexpr std::size_t kTextWidth = 100;

enum class Ink { Plain, Bold, Dim, Good, Warn, Bad };

/// Lines of text, filled up to kTextWidth, with or without colour.
class TextLayout {
 public:
  explicit TextLayout(bool color) : color_(color) {}

  /// `text` in ANSI colours, if there is to be colour.
  std::string paint(Ink ink, std::string_view text) const;
  void line(std::string_view text = {}) { text_.append(text) += '\n'; }
  void heading(std::string_view text);
  /// A label, padded to a column, and a text beside it that is folded within its own column.
  void entry(std::size_t indent, std::string_view label, std::size_t column, std::string_view text,
             Ink label_ink = Ink::Plain, Ink text_ink = Ink::Plain);
  /// A text folded at blanks; the lines after the first are indented by `hang` more.
  void paragraph(std::size_t indent, std::string_view text, Ink ink = Ink::Plain,
                 std::size_t hang = 0);
  /// SQL with its own line breaks; a line that is too long is folded at a blank outside quotes and
  /// never cut.
  void sql(std::size_t indent, std::string_view statement);

  const std::string& text() const { return text_; }

 private:
  bool color_;
  std::string text_{};
};

/// How many columns of a terminal UTF-8 text takes, a character each.
std::size_t text_width(std::string_view text);
/// The text in lines of at most `width`; words are kept whole.
std::vector<std::string> fold(std::string_view text, std::size_t width);

/// "950", "12,300", "1.2 million".
std::string count_text(std::int64_t count);
/// "640 kB", "1.2 GB".
std::string bytes_text(std::int64_t bytes);
/// "1 step", "3 steps".
std::string plural(std::size_t count, std::string_view noun);
/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& items);

}  // namespace aloft
