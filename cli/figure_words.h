#pragma once

#include <optional>
#include <string>

#include "cli/run_figures.h"

namespace aloft {

/// "5 tries, 2 of them gave up; writes may have waited for 1.2 s, 300 ms at the longest (step 4)".
/// "" where there was no try.
std::string stall_words(const Stalls& stalls);

/// "2 of 3 built; now building index: scanning table, 12 of 40 blocks". "" where there is none to
/// build.
std::string index_build_words(std::size_t all, std::size_t done,
                              const std::optional<IndexBuild>& now);

/// What a run has cost and built so far, on one line; "" for nothing to say.
std::string closing_line(const RunFigures& figures);

}  // namespace aloft
