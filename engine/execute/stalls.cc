#include "engine/execute/stalls.h"

#include "engine/execute/run_context.h"

namespace aloft {

void Stalls::add(const LockTry& one) {
  add(Stalls{.tries = 1,
             .gave_up = one.had ? 0 : 1,
             .total_ms = one.stall_ms,
             .longest_ms = one.stall_ms,
             .longest_step = one.stall_ms > 0 ? one.step : ""});
}

void Stalls::add(const Stalls& more) {
  tries += more.tries;
  gave_up += more.gave_up;
  total_ms += more.total_ms;
  if (more.longest_ms <= longest_ms) return;
  longest_ms = more.longest_ms;
  longest_step = more.longest_step;
}

Stalls stalls_of(const Row& row) {
  const auto number = [&](std::size_t column) { return std::stoll(row.at(column).value_or("0")); };
  return Stalls{.tries = number(0),
                .gave_up = number(1),
                .total_ms = number(2),
                .longest_ms = number(3),
                .longest_step = row.at(4).value_or("")};
}

std::optional<Stalls> read_stalls(Session& session, const std::string& run) {
  if (!may_read_stalls(session)) return std::nullopt;
  const Rows rows = session.query(
      "SELECT tries, gave_up, total_ms, longest_ms, longest_step FROM aloft.stall WHERE run = " +
      run);
  if (rows.empty()) return std::nullopt;
  return stalls_of(rows[0]);
}

void record_try(RunContext& run, const Step& step, bool had, std::int64_t stall_ms) {
  const LockTry one{step.id, had, stall_ms};
  run.stalls.add(one);
  run.observer.measured(one);
}

void StallBook::add(const LockTry& one) {
  const std::lock_guard lock(mutex_);
  pending_.add(one);
}

void StallBook::flush(Journal& journal) {
  Stalls now;
  {
    const std::lock_guard lock(mutex_);
    std::swap(now, pending_);
  }
  if (now.none()) return;
  try {
    journal.add_stalls(now);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    pending_.add(now);
    throw;
  }
}

}  // namespace aloft
