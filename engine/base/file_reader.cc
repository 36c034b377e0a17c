#include "engine/base/file_reader.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace aloft {

std::string read_file(const std::string& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path))
    throw IoError("cannot read " + path + ": " +
                  (errno != 0 ? std::strerror(errno) : "it is a folder"));
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string read_stdin() {
  return {std::istreambuf_iterator<char>(std::cin), {}};
}

void write_file(const std::string& path, const std::string& text) {
  const std::filesystem::path file(path);
  std::error_code ignored;  // a folder that cannot be made shows as a file that cannot be opened
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  errno = 0;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  if (!out || !(out << text) || !out.flush())
    throw IoError("cannot write " + path + ": " + std::strerror(errno));
}

}  // namespace aloft
