#pragma once

#include <optional>
#include <string>

#include "parser/handlers.h"

namespace aloft {

/// CREATE [OR REPLACE] FUNCTION or PROCEDURE as CREATE OR REPLACE under another name. All else
/// stays byte for byte, but comments after its last word. nullopt where it is no such statement.
std::optional<std::string> renamed_function(const std::string& create, const std::string& schema,
                                            const std::string& name);

}  // namespace aloft
