#include "tests/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/golden.h"

namespace aloft::test {

std::vector<TextFile> files_below(const std::vector<std::string>& folders,
                                  const std::vector<std::string>& extensions) {
  std::vector<TextFile> files;
  for (const std::string& folder : folders) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(source_root() + folder)) {
      if (std::ranges::find(extensions, entry.path().extension().string()) == extensions.end())
        continue;
      TextFile file{.path = std::filesystem::relative(entry.path(), source_root()).string()};
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, {}, &TextFile::path);
  return files;
}

std::string text_of(const std::string& path) {
  std::ifstream in(source_root() + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace aloft::test
