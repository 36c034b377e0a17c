#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "cli/commands.h"

namespace aloft::test {

/// Tests that run commands in this process and read what they print.
class CapturedCommand : public ::testing::Test {
 protected:
  ExitCode call(ExitCode (*command)(const CommandOptions&), const CommandOptions& options) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const ExitCode code = command(options);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return code;
  }

  /// All that it printed on one line, however it was folded.
  std::string unfolded() const {
    std::istringstream words(out_ + err_);
    std::string line;
    for (std::string word; words >> word;) line += word + " ";
    return line;
  }

  std::string out_, err_;  ///< what the last one printed
};

}  // namespace aloft::test
