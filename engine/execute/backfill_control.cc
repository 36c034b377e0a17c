#include "engine/execute/backfill_control.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/db/db_error.h"

namespace aloft {
namespace {

constexpr std::int64_t kLookEveryMs = 1000;

std::string duration_text(std::int64_t ms) {
  const std::int64_t s = ms / 1000;
  if (s < 60) return fmt::format("{} s", std::max<std::int64_t>(s, 1));
  if (s < 3600) return fmt::format("{} min", (s + 30) / 60);
  return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
}

}  // namespace

BackfillControl::BackfillControl(RunContext& run, const Step& step, const FilledTable& table,
                                 BackfillPass& pass)
    : run_(run),
      step_(step),
      table_(table),
      pass_(pass),
      next_look_(run.clock.now_ms()),
      last_(next_look_),
      blocks_at_start_(pass.blocks_left()) {}

void BackfillControl::look() {
  const std::int64_t now = run_.clock.now_ms();
  if (now < next_look_) return;
  next_look_ = now + kLookEveryMs;
  if (!pass_.paused()) worked_ms_ += now - last_;
  last_ = now;
  set_reason(reason());
  if (!pass_.paused()) {
    report();
    vacuum_if_due();
  }
}

/// Also takes over the size of batches that somebody set from another terminal.
std::string BackfillControl::reason() {
  const Rows rows = run_.session.query(
      sql("SELECT t.paused_by, t.batch_ms FROM aloft.run AS t, {} WHERE t.id = r.id",
          run_.journal.ours())
          .text);
  if (rows.empty()) throw TakenOver{};
  if (const auto& ms = rows[0].at(1)) pass_.set_batch_ms(std::stoll(*ms));
  if (const auto& by = rows[0].at(0)) return "paused by " + *by;
  return reason_to_pause(run_.session, run_.options.backfill.limits);
}

void BackfillControl::set_reason(const std::string& reason) {
  if (reason != stored_) run_.journal.note("throttled_by", reason);
  stored_ = reason;
  if (reason != reason_)
    run_.observer.note(reason.empty() ? "backfill goes on" : "backfill pauses: " + reason);
  reason_ = reason;
  pass_.pause(!reason.empty());
}

void BackfillControl::report() {
  const std::int64_t left = pass_.blocks_left(), all = std::max<std::int64_t>(pass_.blocks(), 1);
  const std::int64_t done = blocks_at_start_ - left, rows = pass_.rows();
  if (done <= 0 || worked_ms_ <= 0) return;
  run_.observer.progress(step_, fmt::format("{} rows, {} rows/s, {} % of blocks, {} left", rows,
                                            rows * 1000 / worked_ms_, (all - left) * 100 / all,
                                            duration_text(worked_ms_ * left / done)));
}

/// Each row that was updated has left a dead one: unless they go, the table doubles. Locked away by
/// autovacuum it is skipped, as that does the same.
void BackfillControl::vacuum_if_due() {
  const BackfillOptions& options = run_.options.backfill;
  const std::int64_t dead = pass_.rows() - rows_at_vacuum_;
  if (dead < options.vacuum_rows || dead < table_.rows * options.vacuum_percent / 100) return;
  if (pass_.blocks_left() == 0) return;
  rows_at_vacuum_ = pass_.rows();
  if (!table_.may_vacuum) {
    if (!told_of_vacuum_)
      run_.observer.note(step_.batch +
                         " is not this login's to VACUUM: it grows by what autovacuum"
                         " does not clean up in time");
    told_of_vacuum_ = true;
    return;
  }
  run_.observer.progress(step_, fmt::format("VACUUM after {} dead rows", dead));
  pass_.pause(true);
  Step step = step_;
  step.statement_timeout_ms = 0;
  try {
    execute_alone(run_, step, "VACUUM (SKIP_LOCKED, TRUNCATE false) " + step_.batch);
  } catch (const DbError& error) {
    if (error.is_connection_lost() || (error.is_canceled() && run_.stop)) throw;
    run_.observer.note(std::string("VACUUM failed: ") + error.what());
  }
  last_ = run_.clock.now_ms();
  pass_.pause(false);
}

}  // namespace aloft
