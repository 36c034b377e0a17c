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
      const std::int64_t end = std::min(part.end, part.next + blocks_);
      try {
        if (!one_batch(part, end)) return true;
        attempt = 1;
      } catch (const DbError& error) {
        switch (after_error(error, part, end, attempt)) {
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
  bool one_batch(const Part& part, std::int64_t end) {
    const std::int64_t start = run_.clock.now_ms();
    given_up_at_ = 0;
    const std::int64_t limit = end - part.next > kFewBlocks ? 3 * pass_.batch_ms() : 0;
    if (limit > 0) given_up_at_ = start + limit;
    const BatchEnd done =
        run_batch(session_, job_, part, end, limit, start - recorded_ > kUnrecordedMs);
    if (done.moved) {
      pass_.end_as_moved();
      return false;
    }
    const std::int64_t now = run_.clock.now_ms();
    if (done.rows > 0) recorded_ = now;
    pass_.advance(index_, end, done.rows);
    steer(now - start);
    if (const std::int64_t rest = pass_.rest_after(now - start); rest > 0)
      run_.clock.sleep_ms(rest);
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

  AfterError after_error(const DbError& error, const Part& part, std::int64_t end, int attempt) {
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
      blocks_ = std::max<std::int64_t>(blocks_ / 4, 1);
      return AfterError::TrySmaller;
    }
    if (!may_try_again(error) && error.sqlstate != kSerializationFailure) {
      Failed failed = failure(step_, step_.sql.size(), error);
      failed.message += "\nin blocks " + std::to_string(part.next) + " to " +
                        std::to_string(end - 1) + " of " + step_.batch +
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
    blocks_ = std::max<std::int64_t>(blocks_ / 2, 1);
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
  std::int64_t blocks_;
  std::int64_t recorded_ = 0, given_up_at_ = 0;
  std::size_t index_ = 0;
};

}  // namespace

bool fill_parts(RunContext& run, const Step& step, const BatchJob& job, BackfillPass& pass,
                Session& session, const std::function<bool()>& go_on) {
  return Worker(run, step, job, pass, session, go_on).work();
}

}  // namespace aloft
