#pragma once

#include <string>
#include <vector>

#include "parser/handlers.h"

namespace aloft {

/// Reads the directives among the comments of a piece of a file, whose first byte is `begin`.
/// Unknown ones are diagnostics.
void read_directives(const Sources& sources, std::uint32_t file, std::size_t begin,
                     const std::string& text, std::vector<Directive>& directives,
                     Diagnostics& diagnostics);
/// Reports the directives that no object took.
void report_unused(const std::vector<Directive>& directives, Diagnostics& diagnostics);

}  // namespace aloft
