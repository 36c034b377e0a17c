#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aloft {

/// Where something was written. `file` counts from 1 in the run's Sources; 0 means "nowhere": the
/// object was read from a server. A place is never part of what an object is, so all compare equal.
struct SourcePos {
  std::uint32_t file = 0;
  std::uint32_t line = 0;    ///< from 1
  std::uint32_t column = 0;  ///< in bytes, from 1

  bool known() const { return file != 0; }
  bool operator==(const SourcePos&) const { return true; }
};

/// One desired-state file as it was read.
struct SourceFile {
  std::string name{};  ///< as the user would type it: a path, `git:REV:PATH`, or `<stdin>`
  std::string text{};
};

/// The files of one run, in the order in which they were read.
class Sources {
 public:
  /// Returns the file's number, which SourcePos::file carries.
  std::uint32_t add(SourceFile file);
  const std::vector<SourceFile>& files() const { return files_; }
  const SourceFile& file(std::uint32_t number) const { return files_.at(number - 1); }

  /// The place of a byte of a file; an offset past the end gives the end.
  SourcePos position(std::uint32_t file, std::size_t offset) const;
  /// "path:line:column", or "" for a place that is nowhere.
  std::string describe(SourcePos at) const;
  /// The line of text with a caret under the column; "" for a place that is nowhere.
  std::string excerpt(SourcePos at) const;

 private:
  std::vector<SourceFile> files_;
  std::vector<std::vector<std::size_t>> line_starts_;
};

}  // namespace aloft
