#pragma once

#include <stdexcept>
#include <string>

namespace aloft {

/// A file that cannot be read or written: the path, why, and nothing else went wrong.
struct IoError : std::runtime_error {
  using runtime_error::runtime_error;
};

/// The whole file. Throws IoError.
std::string read_file(const std::string& path);
/// All of standard input.
std::string read_stdin();
/// Writes the whole file, making its folders. Throws IoError.
void write_file(const std::string& path, const std::string& text);

}  // namespace aloft
