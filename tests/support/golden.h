#pragma once

#include <gtest/gtest.h>

#include <string>

namespace aloft::test {

/// Compares text with a file under the source tree ("tests/cases/.../plan.txt"). With
/// UPDATE_GOLDEN=1 in the environment the file is written instead.
testing::AssertionResult matches_golden(const std::string& text, const std::string& path);

/// The root of the source tree, with a slash at its end.
std::string source_root();

}  // namespace aloft::test
