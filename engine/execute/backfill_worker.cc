#include <algorithm>

#include "engine/db/db_error.h"
#include "engine/execute/backfill_pass.h"
#include "engine/execute/blockers.h"

namespace aloft {
namespace {

constexpr std::int64_t kMostBlocks = 65536;
/// How long a part that finds nothing to update may go unrecorded.
constexpr std::int64_t kUnrecordedMs = 10'000;
/// A batch of more blocks than these is given up when it takes three times as long as it should.
constexpr std::int64_t kFewBlocks = 4;

enum class AfterError { TryAgain, TrySmaller, GiveUp, Lost };

class Worker {
 public:
  Worker(RunContext& run, const Step& step, const BatchJob& job, BackfillPass& pass,
         Session& session, const std::function<bool()>& go_on)
      : run_(run),
        step_(step),
        job_(job),
        pass_(pass),
        session_(session),
        go_on_(go_on),
        retry_(run.options, std::random_device{}()),
        blocks_(std::max<std::int64_t>(run.options.backfill.first_blocks, 1)) {}

  bool work() {
    while (const auto part = pass_.take()) {
      index_ = *part;
      recorded_ = run_.clock.now_ms();
      if (!through_part()) return false;
      if (pass_.over()) return true;
    }
    return true;
  }

 private:
  /// False where the connection was lost.
  bool through_part() {
    int attempt = 1;
    for (Part part = pass_.part(index_); part.next < part.end; part = pass_.part(index_)) {
      if (!go_on_()) return true;
      try {
        if (!one_batch(part)) return true;
        attempt = 1;
      } catch (const DbError& error) {
        switch (after_error(error, part, attempt)) {
          case AfterError::TryAgain: ++attempt; break;
          case AfterError::TrySmaller: break;
          case AfterError::GiveUp: return true;
          case AfterError::Lost: pass_.give_back(index_); return false;
        }
      }
    }
    return true;
  }

  /// False where the pass is over.
  bool one_batch(const Part& part) {
    const bool makes_way = pass_.makes_way();
    const std::int64_t blocks = makes_way ? stretch_ : blocks_;
    const std::int64_t start = run_.clock.now_ms();
    end_ = std::min(part.end, part.next + blocks);
    const std::int64_t limit = blocks > kFewBlocks ? 3 * pass_.batch_ms() : 0;
    given_up_at_ = limit > 0 ? start + limit : 0;
    std::int64_t stretches = 0, worked_us = 0, rest = 0;
    const auto next_stretch = [&](std::int64_t at, std::int64_t took_us) {
      ++stretches;
      worked_us += took_us;
      rest = pass_.rest_after(took_us);
      const std::int64_t over_at = start + pass_.batch_ms() - rest / 1000;
      const bool last = !makes_way || at == part.end || run_.clock.now_ms() >= over_at;
      if (last) return at;
      if (rest > 0) run_.clock.rest_us(rest);
      rest = 0;
      return end_ = std::min(part.end, at + blocks);
    };
    const BatchEnd done = run_batch(
        session_, job_, part,
        {.end = end_, .limit_ms = limit, .record_anyway = start - recorded_ > kUnrecordedMs},
        next_stretch);
    if (done.moved) {
      pass_.end_as_moved();
      return false;
    }
    const std::int64_t now = run_.clock.now_ms();
    if (done.rows > 0) recorded_ = now;
    pass_.advance(index_, done.end, done.rows);
    if (makes_way)
      stretch_ = stretch_blocks(stretch_, worked_us / stretches);
    else
      steer(now - start);
    if (rest > 0) run_.clock.rest_us(rest);
    return true;
  }

  void steer(std::int64_t took_ms) {
    const double factor =
        took_ms <= 0
            ? 2
            : std::clamp(static_cast<double>(pass_.batch_ms()) / static_cast<double>(took_ms), 0.5,
                         2.0);
    blocks_ = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(static_cast<double>(blocks_) * factor), 1, kMostBlocks);
  }

  void shrink(std::int64_t by) {
    blocks_ = std::max<std::int64_t>(blocks_ / by, 1);
    stretch_ = std::max<std::int64_t>(stretch_ / by, 1);
  }

  AfterError after_error(const DbError& error, const Part& part, int attempt) {
    const bool too_long = given_up_at_ > 0 && run_.clock.now_ms() >= given_up_at_;
    constexpr std::string_view kSerializationFailure = "40001";
    if (error.is_connection_lost()) {
      if (&session_ == &run_.session) throw error;
      return AfterError::Lost;
    }
    if (error.is_canceled() && run_.stop) {
      pass_.end({.stopped_by = Stopped{step_.id}});
      return AfterError::GiveUp;
    }
    if (error.is_canceled() && too_long) {
      shrink(4);
      return AfterError::TrySmaller;
    }
    if (!may_try_again(error) && error.sqlstate != kSerializationFailure) {
      Failed failed = failure(step_, step_.sql.size(), error);
      failed.message += "\nin blocks " + std::to_string(part.next) + " to " +
                        std::to_string(end_ - 1) + " of " + step_.batch +
                        "; the batches before are done";
      pass_.end({.stopped_by = failed});
      return AfterError::GiveUp;
    }
    record_try(run_, step_, false);
    std::string busy = current_blockers(session_, step_);
    if (busy.empty()) busy = error.what();
    if (attempt >= run_.options.lock_attempts) {
      pass_.end({.stopped_by = LockBusy{step_.id, busy}});
      return AfterError::GiveUp;
    }
    shrink(2);
    const std::int64_t wait = retry_.wait_ms(attempt);
    run_.observer.lock_busy(step_, attempt, busy, wait);
    run_.clock.sleep_ms(wait);
    return AfterError::TryAgain;
  }

  RunContext& run_;
  const Step& step_;
  const BatchJob& job_;
  BackfillPass& pass_;
  Session& session_;
  const std::function<bool()>& go_on_;
  LockRetry retry_;
  std::int64_t blocks_;       ///< of a batch of one statement
  std::int64_t stretch_ = 1;  ///< of each statement of one that makes way
  std::int64_t end_ = 0;      ///< up to which the batch's current statement goes
  std::int64_t recorded_ = 0, given_up_at_ = 0;
  std::size_t index_ = 0;
};

}  // namespace

bool fill_parts(RunContext& run, const Step& step, const BatchJob& job, BackfillPass& pass,
                Session& session, const std::function<bool()>& go_on) {
  return Worker(run, step, job, pass, session, go_on).work();
}

}  // namespace aloft
