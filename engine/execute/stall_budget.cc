#include "engine/execute/stall_budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/execute/run_context.h"

namespace aloft {
namespace {

/// Whether the run waits for its budget at this moment, for people: to the observer, and as what
/// `aloft status` says that the run waits for.
void tell_wait(RunContext& run, const Step& step, std::int64_t total, std::int64_t wait) {
  const std::string why = fmt::format(
      "step {} waits {:.1f} s for its lock: writes may have waited {} ms for this run within the "
      "last minute, and the budget is {} ms",
      step.id, static_cast<double>(wait) / 1000, total, run.options.stall_budget_ms);
  run.observer.note(why);
  run.journal.note("throttled_by", why);
}

}  // namespace

void StallWindow::add(const Stall& stall) {
  if (stall.ms <= 0) return;
  const auto later = std::ranges::upper_bound(stalls_, stall.ended_ms, {}, &Stall::ended_ms);
  stalls_.insert(later, stall);
}

std::int64_t StallWindow::total_ms(std::int64_t now_ms) const {
  std::int64_t total = 0;
  for (const Stall& stall : stalls_)
    if (stall.ended_ms + kLengthMs > now_ms) total += stall.ms;
  return total;
}

std::int64_t StallWindow::wait_ms(std::int64_t now_ms, std::int64_t budget_ms) const {
  if (budget_ms <= 0) return 0;
  std::int64_t total = total_ms(now_ms), wait = 0;
  for (const Stall& stall : stalls_) {
    if (total < budget_ms) break;
    if (stall.ended_ms + kLengthMs <= now_ms) continue;
    total -= stall.ms;
    wait = stall.ended_ms + kLengthMs - now_ms;
  }
  return wait;
}

void StallWindow::forget_before(std::int64_t now_ms) {
  std::erase_if(stalls_,
                [now_ms](const Stall& stall) { return stall.ended_ms + kLengthMs <= now_ms; });
}

bool wait_for_stall_budget(RunContext& run, const Step& step) {
  if (!makes_others_wait(step)) return true;
  bool told = false;
  for (;;) {
    const std::int64_t now = run.clock.now_ms();
    const StallWindow recent = run.stalls.recent(now);
    const std::int64_t wait = recent.wait_ms(now, run.options.stall_budget_ms);
    if (wait == 0 || run.stop) break;
    if (!told) {
      run.stalls.flush(run.journal, now);
      tell_wait(run, step, recent.total_ms(now), wait);
    }
    told = true;
    run.observer.measured(BudgetWait{.now = true});
    run.clock.sleep_ms(wait);
    run.observer.measured(BudgetWait{.now = true, .ms = run.clock.now_ms() - now});
  }
  if (told) {
    run.observer.measured(BudgetWait{});
    run.journal.note("throttled_by", "");
  }
  return !run.stop;
}

}  // namespace aloft
