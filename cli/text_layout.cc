#include "cli/text_layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace aloft {
namespace {

std::string_view code(Ink ink) {
  switch (ink) {
    case Ink::Plain: return "";
    case Ink::Bold: return "\033[1m";
    case Ink::Dim: return "\033[2m";
    case Ink::Good: return "\033[32m";
    case Ink::Warn: return "\033[33m";
    case Ink::Bad: return "\033[31m";
  }
  return "";
}

std::string blanks(std::size_t count) {
  return std::string(count, ' ');
}

/// Where to break a line of SQL so that the first part is at most `width` wide: the last blank
/// outside quotes, or else the first one after that; the end where there is none.
std::size_t break_at(std::string_view line, std::size_t width) {
  char quote = 0;
  std::size_t last = std::string_view::npos;
  const std::size_t lead = std::min(line.find_first_not_of(' '), line.size());
  for (std::size_t i = lead; i < line.size(); ++i) {
    if (quote != 0) {
      if (line[i] == quote) quote = 0;
    } else if (line[i] == '\'' || line[i] == '"') {
      quote = line[i];
    } else if (line[i] == ' ') {
      if (i <= width) last = i;
      if (i > width) return last == std::string_view::npos ? i : last;
    }
  }
  return last == std::string_view::npos ? line.size() : last;
}

}  // namespace

std::string TextLayout::paint(Ink ink, std::string_view text) const {
  if (!color_ || ink == Ink::Plain || text.empty()) return std::string(text);
  return std::string(code(ink)) + std::string(text) + "\033[0m";
}

void TextLayout::heading(std::string_view text) {
  if (!text_.empty()) line();
  line(paint(Ink::Bold, text));
}

void TextLayout::entry(std::size_t indent, std::string_view label, std::size_t column,
                       std::string_view text, Ink label_ink, Ink text_ink) {
  const std::size_t start = std::max(column, indent + text_width(label) + 1);
  std::string head = blanks(indent) + paint(label_ink, label);
  head += blanks(start - indent - text_width(label));
  bool first = true;
  for (const std::string& part : fold(text, kTextWidth - std::min(start, kTextWidth / 2))) {
    line((first ? head : blanks(column)) + paint(text_ink, part));
    first = false;
  }
}

void TextLayout::paragraph(std::size_t indent, std::string_view text, Ink ink, std::size_t hang) {
  std::size_t in = indent;
  for (const std::string& part : fold(text, kTextWidth - indent - hang)) {
    line(blanks(in) + paint(ink, part));
    in = indent + hang;
  }
}

void TextLayout::sql(std::size_t indent, std::string_view statement) {
  for (std::size_t at = 0; at <= statement.size();) {
    const std::size_t end = std::min(statement.find('\n', at), statement.size());
    std::string_view rest = statement.substr(at, end - at);
    std::size_t in = indent;
    const std::size_t own = std::min(rest.find_first_not_of(' '), rest.size());
    while (text_width(rest) + in > kTextWidth) {
      const std::size_t cut = break_at(rest, kTextWidth - in);
      if (cut >= rest.size()) break;
      line(blanks(in) + std::string(rest.substr(0, cut)));
      rest.remove_prefix(cut + 1);
      in = indent + std::min<std::size_t>(own, 20) + 4;
    }
    line(rest.empty() ? "" : blanks(in) + std::string(rest));
    at = end + 1;
  }
}

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<std::string> fold(std::string_view text, std::size_t width) {
  std::vector<std::string> lines{""};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    if (!lines.back().empty() && text_width(lines.back()) + 1 + text_width(word) > width)
      lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

std::string count_text(std::int64_t count) {
  if (count >= 1'000'000'000)
    return fmt::format("{:.1f} billion", static_cast<double>(count) / 1e9);
  if (count >= 1'000'000) return fmt::format("{:.1f} million", static_cast<double>(count) / 1e6);
  if (count >= 10'000) return fmt::format("{},000", (count + 500) / 1000);
  if (count >= 1000) return fmt::format("{},{:03}", count / 1000, count % 1000);
  return fmt::format("{}", count);
}

std::string bytes_text(std::int64_t bytes) {
  constexpr std::int64_t kK = 1024;
  if (bytes < kK) return fmt::format("{} bytes", bytes);
  if (bytes < kK * kK) return fmt::format("{} kB", (bytes + kK / 2) / kK);
  if (bytes < kK * kK * kK) return fmt::format("{} MB", (bytes + kK * kK / 2) / (kK * kK));
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / static_cast<double>(kK * kK * kK));
}

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

}  // namespace aloft
