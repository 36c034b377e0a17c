#include "engine/base/source.h"

#include <algorithm>

namespace aloft {

std::uint32_t Sources::add(SourceFile file) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < file.text.size(); ++i)
    if (file.text[i] == '\n') starts.push_back(i + 1);
  files_.push_back(std::move(file));
  line_starts_.push_back(std::move(starts));
  return static_cast<std::uint32_t>(files_.size());
}

SourcePos Sources::position(std::uint32_t file, std::size_t offset) const {
  const auto& starts = line_starts_.at(file - 1);
  offset = std::min(offset, files_[file - 1].text.size());
  const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
  const auto line = static_cast<std::size_t>(after - starts.begin());
  return {.file = file,
          .line = static_cast<std::uint32_t>(line),
          .column = static_cast<std::uint32_t>(offset - starts[line - 1] + 1)};
}

std::string Sources::describe(SourcePos at) const {
  if (!at.known()) return "";
  return file(at.file).name + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string Sources::excerpt(SourcePos at) const {
  if (!at.known() || at.line == 0) return "";
  const std::string& text = file(at.file).text;
  const std::size_t start = line_starts_[at.file - 1].at(at.line - 1);
  std::string line = text.substr(start, text.find('\n', start) - start);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  std::string caret;
  for (std::size_t i = 0; i + 1 < at.column && i < line.size(); ++i)
    caret += line[i] == '\t' ? '\t' : ' ';
  return "  " + line + "\n  " + caret + "^";
}

}  // namespace aloft
