#pragma once

#include <string>
#include <vector>

#include "engine/base/source.h"

namespace aloft {

/// Reads the desired-state files that the paths name, in their order. A path is a file; a folder,
/// whose *.sql are taken recursively in byte order; "-", standard input; or "git:REV:PATH", a file
/// or folder as a revision of the git repository around the current folder has it (PATH counts
/// from the repository's root). Throws IoError.
Sources collect_sources(const std::vector<std::string>& paths);

}  // namespace aloft
