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

std::vector<AgedStall> read_recent_stalls(Session& session) {
  std::vector<AgedStall> recent;
  for (const Row& row : session.query(
           "SELECT floor(extract(epoch FROM clock_timestamp() - ended) * 1000)::bigint, ms FROM"
           " aloft.recent_stall WHERE ended > clock_timestamp() - interval '1 minute'"))
    recent.push_back({std::stoll(row.at(0).value_or("0")), std::stoll(row.at(1).value_or("0"))});
  return recent;
}

void record_try(RunContext& run, const Step& step, bool had, std::int64_t stall_ms) {
  const LockTry one{step.id, had, stall_ms};
  run.stalls.add(one, run.clock.now_ms());
  run.observer.measured(one);
}

void StallBook::begin_with(const std::vector<AgedStall>& before, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  for (const AgedStall& stall : before) recent_.add({now_ms - stall.age_ms, stall.ms});
}

void StallBook::add(const LockTry& one, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  pending_.sums.add(one);
  if (one.stall_ms <= 0) return;
  pending_.each.push_back({now_ms, one.stall_ms});
  recent_.add({now_ms, one.stall_ms});
}

void StallBook::flush(Journal& journal, std::int64_t now_ms) {
  Pending now;
  {
    const std::lock_guard lock(mutex_);
    std::swap(now, pending_);
  }
  if (now.sums.none()) return;
  std::vector<AgedStall> each;
  for (const Stall& stall : now.each)
    if (now_ms - stall.ended_ms < StallWindow::kLengthMs)
      each.push_back({now_ms - stall.ended_ms, stall.ms});
  try {
    journal.add_stalls(now.sums, each);
  } catch (...) {
    take_back(std::move(now));
    throw;
  }
}

void StallBook::take_back(Pending&& pending) {
  const std::lock_guard lock(mutex_);
  pending_.sums.add(pending.sums);
  pending_.each.insert(pending_.each.end(), pending.each.begin(), pending.each.end());
}

StallWindow StallBook::recent(std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  recent_.forget_before(now_ms);
  return recent_;
}

}  // namespace aloft
