#include "cli/figure_words.h"

#include <fmt/format.h>

#include "cli/text_layout.h"

namespace aloft {
namespace {

std::string time_words(std::int64_t ms) {
  if (ms < 1000) return fmt::format("{} ms", ms);
  return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
}

}  // namespace

std::string stall_words(const Stalls& stalls) {
  if (stalls.none()) return "";
  std::string text = fmt::format(
      "{} {}, {} of them gave up", count_text(stalls.tries), stalls.tries == 1 ? "try" : "tries",
      stalls.gave_up == 0 ? std::string("none") : count_text(stalls.gave_up));
  if (!stalls.longest_step.empty())
    text += fmt::format("; writes may have waited for {}, {} at the longest (step {})",
                        time_words(stalls.total_ms), time_words(stalls.longest_ms),
                        stalls.longest_step);
  return text;
}

std::string index_build_words(std::size_t all, std::size_t done,
                              const std::optional<IndexBuild>& now) {
  if (all == 0) return "";
  std::string text = fmt::format("{} of {} built", done, all);
  if (now)
    text += fmt::format("; {}, {} of {} blocks", now->phase, count_text(now->blocks_done),
                        count_text(now->blocks));
  return text;
}

std::string closing_line(const RunFigures& figures) {
  std::optional<IndexBuild> under_way;
  if (!figures.indexes.empty()) under_way = figures.indexes.begin()->second.build;
  std::string line;
  if (const std::string stalls = stall_words(figures.stalls); !stalls.empty())
    line = "Locks: " + stalls + ".";
  if (const std::string indexes =
          index_build_words(figures.index_builds, figures.index_builds_done, under_way);
      !indexes.empty())
    line += (line.empty() ? "" : " ") + std::string("Indexes: ") + indexes + ".";
  return line;
}

}  // namespace aloft
