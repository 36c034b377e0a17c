#pragma once

#include <string>
#include <vector>

#include "tests/planner/sketch.h"

namespace aloft {

/// A way from one schema to another and the statements it has to take.
struct EmitCase {
  std::string name{};
  std::function<void(Sketch&)> live{}, desired{};
  std::string sql{};  ///< expected, one statement a line
};

std::vector<EmitCase> column_cases();
std::vector<EmitCase> constraint_cases();
std::vector<EmitCase> index_cases();
std::vector<EmitCase> table_cases();
std::vector<EmitCase> partition_cases();

}  // namespace aloft
