#include "cli/progress_printer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace aloft {
namespace {

std::string seconds(std::int64_t ms) {
  return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000);
}

}  // namespace

ProgressPrinter::ProgressPrinter(std::size_t steps)
    : steps_(steps), terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressPrinter::line(const std::string& text) {
  std::fprintf(stderr, "%s%s\n", terminal_ ? "\r\033[K" : "", text.c_str());
  last_line_ = std::chrono::steady_clock::now();
}

bool ProgressPrinter::time_for_a_line() {
  return std::chrono::steady_clock::now() - last_line_ >= std::chrono::seconds(30);
}

void ProgressPrinter::transient(const std::string& text) {
  if (terminal_) std::fprintf(stderr, "\r\033[K%s", text.c_str());
}

std::string ProgressPrinter::label(const Step& step) const {
  return fmt::format("[{}/{}] {}: {}", step.id, steps_, to_string(step.object), step.why);
}

void ProgressPrinter::step_started(const Step& step) {
  transient(label(step) + " ...");
}

void ProgressPrinter::step_skipped(const Step& step, const std::string& why) {
  line(label(step) + " -- skipped: " + why);
}

void ProgressPrinter::step_finished(const Step& step, std::int64_t elapsed_ms) {
  line(label(step) + " -- done in " + seconds(elapsed_ms));
}

void ProgressPrinter::lock_busy(const Step& step, int attempt, const std::string& blockers,
                                std::int64_t wait_ms) {
  line(fmt::format("{} -- the lock is taken (try {}); trying again in {}", label(step), attempt,
                   seconds(wait_ms)));
  if (!blockers.empty()) line("    " + blockers);
}

void ProgressPrinter::progress(const Step& step, const std::string& text) {
  if (terminal_ || !time_for_a_line()) return transient(label(step) + " -- " + text);
  line(label(step) + " -- " + text);
}

void ProgressPrinter::note(const std::string& text) {
  line(text);
}

}  // namespace aloft
