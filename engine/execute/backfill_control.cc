#include "engine/execute/backfill_control.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/db/db_error.h"

namespace aloft {
namespace {

constexpr std::int64_t kLookEveryMs = 1000;
/// VACUUM does not rest by default (vacuum_cost_delay, PostgreSQL 15 manual, 20.4.4); as
/// autovacuum's own default has it.
const ExtraSettings kVacuumMakesWay = {{"vacuum_cost_delay", "2ms"}};

std::string duration_text(std::int64_t ms) {
  const std::int64_t s = ms / 1000;
  if (s < 60) return fmt::format("{} s", std::max<std::int64_t>(s, 1));
  if (s < 3600) return fmt::format("{} min", (s + 30) / 60);
  return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
}

}  // namespace

BackfillControl::BackfillControl(RunContext& run, const Step& step, const FilledTable& table,
                                 BackfillPass& pass, std::int64_t rows_before)
    : run_(run),
      step_(step),
      table_(table),
      pass_(pass),
      next_look_(run.clock.now_ms()),
      last_(next_look_),
      blocks_at_start_(pass.blocks_left()),
      rows_before_(rows_before) {}

void BackfillControl::look() {
  const std::int64_t now = run_.clock.now_ms();
  if (now < next_look_) return;
  next_look_ = now + kLookEveryMs;
  pass_time(now);
  run_.stalls.flush(run_.journal, now);
  set_reason(reason());
  run_.observer.measured(progress());
  if (!pass_.paused()) {
    report();
    vacuum_if_due();
  }
}

void BackfillControl::finish() {
  pass_time(run_.clock.now_ms());
  if (pass_.paused()) run_.observer.measured(Paused{.kind = reason_.kind});
  run_.observer.measured(progress());
}

/// The time since the last look was work or pause.
void BackfillControl::pass_time(std::int64_t now) {
  if (pass_.paused())
    run_.observer.measured(Paused{.kind = reason_.kind, .now = true, .ms = now - last_});
  else
    worked_ms_ += now - last_;
  last_ = now;
}

/// Also takes over the size of batches that somebody set from another terminal.
PauseReason BackfillControl::reason() {
  const Rows rows = run_.session.query(
      sql("SELECT t.paused_by, t.batch_ms FROM aloft.run AS t, {} WHERE t.id = r.id",
          run_.journal.ours())
          .text);
  if (rows.empty()) throw TakenOver{};
  if (const auto& ms = rows[0].at(1)) pass_.set_batch_ms(std::stoll(*ms));
  if (const auto& by = rows[0].at(0)) return {PauseKind::Asked, "paused by " + *by};
  const ThrottleSignals signals = read_signals(run_.session, run_.options.backfill.limits);
  if (signals.lags) run_.observer.measured(*signals.lags);
  make_way(signals.others);
  const RateLimits& limits = run_.options.backfill.limits.rates;
  const PauseReason rate =
      signals.counts ? rates_.look(limits, run_.clock.now_ms(), *signals.counts) : PauseReason{};
  return signals.reason.none() ? rate : signals.reason;
}

void BackfillControl::make_way(std::int64_t others) {
  pass_.make_way(others > 0);
  const int share = run_.options.backfill.share;
  if (others == 0 || share == 0 || told_of_others_) return;
  told_of_others_ = true;
  run_.observer.note(
      fmt::format("while other sessions are at work ({} of late) the backfill of {} takes {} % of"
                  " one session's time",
                  others, step_.batch, share));
}

void BackfillControl::set_reason(const PauseReason& reason) {
  if (reason.text != stored_) run_.journal.note("throttled_by", reason.text);
  stored_ = reason.text;
  if (reason.text != reason_.text)
    run_.observer.note(reason.none() ? "backfill goes on" : "backfill pauses: " + reason.text);
  if (!reason_.none() && (reason.none() || reason.kind != reason_.kind))
    run_.observer.measured(Paused{.kind = reason_.kind});
  if (!reason.none()) run_.observer.measured(Paused{.kind = reason.kind, .now = true});
  reason_ = reason;
  pass_.pause(!reason.none());
}

BackfillProgress BackfillControl::progress() const {
  const std::int64_t left = pass_.blocks_left(), rows = pass_.rows();
  BackfillProgress progress{.step = step_.id,
                            .table = step_.batch,
                            .rows = rows_before_ + rows,
                            .blocks = pass_.blocks(),
                            .blocks_done = pass_.blocks() - left};
  const std::int64_t done = blocks_at_start_ - left;
  if (worked_ms_ > 0 && done > 0) {
    progress.rows_per_second = rows * 1000 / worked_ms_;
    progress.left_ms = worked_ms_ * left / done;
  }
  return progress;
}

void BackfillControl::report() {
  const BackfillProgress at = progress();
  if (!at.left_ms) return;
  run_.observer.progress(
      step_,
      fmt::format("{} rows, {} rows/s, {} % of blocks, {} left", pass_.rows(), *at.rows_per_second,
                  at.blocks_done * 100 / std::max<std::int64_t>(at.blocks, 1),
                  duration_text(*at.left_ms)));
}

/// Each row that was updated has left a dead one: unless they go, the table doubles. Locked away by
/// autovacuum it is skipped, as that does the same.
void BackfillControl::vacuum_if_due() {
  if (!updates_rows(step_)) return;
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
  run_.observer.measured(Paused{.kind = PauseKind::Vacuum, .now = true});
  Step step = step_;
  step.statement_timeout_ms = 0;
  try {
    execute_alone(run_, step, "VACUUM (SKIP_LOCKED, TRUNCATE false) " + step_.batch,
                  pass_.makes_way() ? kVacuumMakesWay : ExtraSettings{});
  } catch (const DbError& error) {
    if (error.is_connection_lost() || (error.is_canceled() && run_.stop)) throw;
    run_.observer.note(std::string("VACUUM failed: ") + error.what());
  }
  const std::int64_t now = run_.clock.now_ms();
  run_.observer.measured(Paused{.kind = PauseKind::Vacuum, .ms = now - last_});
  last_ = now;
  pass_.pause(false);
}

}  // namespace aloft
