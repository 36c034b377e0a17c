#pragma once

#include <string>

#include "engine/base/diagnostics.h"

namespace aloft {

/// The file's text with psql's backslash lines and the data that follows COPY ... FROM stdin made
/// blank, byte for byte, so that offsets stay. Backslash commands that could change what the file
/// means are diagnostics.
std::string without_psql_lines(const Sources& sources, std::uint32_t file,
                               Diagnostics& diagnostics);

}  // namespace aloft
