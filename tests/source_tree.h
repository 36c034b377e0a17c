#pragma once

#include <string>
#include <vector>

namespace aloft::test {

/// A file of the source tree and its lines.
struct TextFile {
  std::string path{};  ///< from the root of the tree: "engine/diff/diff.cc"
  std::vector<std::string> lines{};
};

/// The files below these folders of the source tree with one of these extensions, sorted.
std::vector<TextFile> files_below(const std::vector<std::string>& folders,
                                  const std::vector<std::string>& extensions);

/// One file as a whole, "" if it is not there.
std::string text_of(const std::string& path);

}  // namespace aloft::test
