#include "parser/psql_lines.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace aloft {
namespace {

/// Commands of psql that change nothing about the schema.
constexpr auto kHarmless =
    std::to_array<std::string_view>({"echo", "encoding", "pset", "qecho", "restrict", "set",
                                     "timing", "unrestrict", "unset", "warn"});

bool word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Walks over a text by PostgreSQL's lexical rules, as far as they say where strings and comments
/// end.
class Blanker {
 public:
  Blanker(const Sources& sources, std::uint32_t file, Diagnostics& diagnostics)
      : sources_(sources), file_(file), diagnostics_(diagnostics), text_(sources.file(file).text) {}

  std::string run() {
    while (at_ < text_.size()) step();
    return std::move(text_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '\\') return meta_command();  // no SQL has one outside quotes
    if (c == '\'')
      return string(at_ > 0 && (text_[at_ - 1] | 0x20) == 'e' &&
                    (at_ < 2 || !word_char(text_[at_ - 2])));
    if (c == '"') return until('"');
    if (c == '$') return dollar();
    if (c == '-' && next() == '-') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    if (c == '/' && next() == '*') return block_comment();
    ++at_;
    if (c == ';') statement_end();
  }

  char next() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'; }
  bool first_on_line() const { return at_ == 0 || text_[at_ - 1] == '\n'; }
  /// What stands before a command such as \gexec is sent by it.
  void end_statement() {
    if (!first_on_line()) text_[at_] = ';';
  }

  void blank(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i)
      if (text_[i] != '\n') text_[i] = ' ';
  }

  void meta_command() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::size_t word = at_ + 1;
    while (word < end && word_char(text_[word])) ++word;
    const std::string name = text_.substr(at_ + 1, word - at_ - 1);
    if (!std::ranges::binary_search(kHarmless, name))
      diagnostics_.error("unsupported-statement",
                         "psql's command \\" + name + " is no part of a desired state",
                         "Take the line out.", sources_.position(file_, at_));
    blank(at_, end);
    end_statement();
    at_ = end;
  }

  void until(char quote) {
    ++at_;
    at_ = std::min(text_.find(quote, at_), text_.size() - 1) + 1;
  }

  void string(bool escapes) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (escapes && text_[at_] == '\\')
        ++at_;
      else if (text_[at_] == '\'')
        break;
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  void dollar() {
    const bool in_word = at_ > 0 && word_char(text_[at_ - 1]);
    std::size_t end = at_ + 1;
    while (end < text_.size() && word_char(text_[end])) ++end;
    const bool tag = !in_word && end < text_.size() && text_[end] == '$' &&
                     !(text_[at_ + 1] >= '0' && text_[at_ + 1] <= '9');
    if (!tag) {
      ++at_;
      return;
    }
    const std::string quote = text_.substr(at_, end + 1 - at_);
    const auto close = text_.find(quote, end + 1);
    at_ = close == std::string::npos ? text_.size() : close + quote.size();
  }

  void block_comment() {
    int depth = 0;
    do {
      if (text_[at_] == '/' && next() == '*')
        ++depth, at_ += 2;
      else if (text_[at_] == '*' && next() == '/')
        --depth, at_ += 2;
      else
        ++at_;
    } while (depth > 0 && at_ < text_.size());
    at_ = std::min(at_, text_.size());
  }

  /// After COPY ... FROM stdin; the lines down to \. are data.
  void statement_end() {
    std::string statement = text_.substr(statement_, at_ - statement_);
    statement_ = at_;
    std::ranges::transform(statement, statement.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    });
    const auto copy = statement.find("copy ");
    const auto from = statement.rfind("from stdin");
    if (copy == std::string::npos || from == std::string::npos || from < copy) return;
    const std::size_t line = text_.find('\n', at_);
    if (line == std::string::npos) return;
    const auto end = text_.find("\n\\.", line);
    const std::size_t stop = end == std::string::npos ? text_.size() : end + 3;
    blank(line, stop);
    at_ = statement_ = stop;
  }

  const Sources& sources_;
  std::uint32_t file_;
  Diagnostics& diagnostics_;
  std::string text_;
  std::size_t at_ = 0;
  std::size_t statement_ = 0;
};

}  // namespace

std::string without_psql_lines(const Sources& sources, std::uint32_t file,
                               Diagnostics& diagnostics) {
  const std::string& text = sources.file(file).text;
  if (text.find('\\') == std::string::npos) return text;
  return Blanker(sources, file, diagnostics).run();
}

}  // namespace aloft
