#include "tests/support/golden.h"

#include <cstdlib>
#include <sstream>

#include "engine/base/file_reader.h"

namespace aloft::test {
namespace {

/// The first line in which two texts differ, from both.
std::string first_difference(const std::string& wanted, const std::string& got) {
  std::istringstream a(wanted), b(got);
  std::string left, right;
  for (int line = 1;; ++line) {
    const bool more_a = static_cast<bool>(std::getline(a, left));
    const bool more_b = static_cast<bool>(std::getline(b, right));
    if (!more_a && !more_b) return "they differ in their last line end";
    if (more_a != more_b || left != right)
      return "line " + std::to_string(line) + "\n  golden: " + (more_a ? left : "(end)") +
             "\n  now:    " + (more_b ? right : "(end)");
  }
}

}  // namespace

std::string source_root() {
  return ALOFT_SOURCE_ROOT "/";
}

testing::AssertionResult matches_golden(const std::string& text, const std::string& path) {
  const std::string file = source_root() + path;
  if (const char* update = std::getenv("UPDATE_GOLDEN"); update && *update == '1') {
    write_file(file, text);
    return testing::AssertionSuccess();
  }
  std::string golden;
  try {
    golden = read_file(file);
  } catch (const IoError& error) {
    return testing::AssertionFailure() << error.what() << "\nUPDATE_GOLDEN=1 writes it. Now:\n"
                                       << text;
  }
  if (golden == text) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << path << " differs, " << first_difference(golden, text) << "\nAll of it now:\n"
         << text;
}

}  // namespace aloft::test
