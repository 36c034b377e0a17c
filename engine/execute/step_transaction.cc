#include <algorithm>

#include "engine/base/sql.h"
#include "engine/execute/blockers.h"
#include "engine/execute/run_context.h"
#include "engine/execute/settle_step.h"
#include "engine/execute/watcher.h"

namespace aloft {
namespace {

/// All settings of a step's transaction in one statement. row_security = off makes a hidden row an
/// error instead of a row that is passed over.
std::string settings_sql(const RunContext& run, const Step& step, int attempt) {
  std::string list;
  const auto set = [&list](std::string_view name, const std::string& value) {
    list += (list.empty() ? "" : ", ") +
            sql("set_config({}, {}, true)", Literal{std::string(name)}, Literal{value}).text;
  };
  const std::int64_t lock_timeout = lock_timeout_ms(step, attempt, run.lowers_deadlock_timeout);
  set("lock_timeout", std::to_string(lock_timeout));
  set("statement_timeout", std::to_string(step.statement_timeout_ms));
  set("idle_in_transaction_session_timeout", "10000");
  set("check_function_bodies", "off");
  set("row_security", "off");
  set("standard_conforming_strings", "on");
  set("client_min_messages", "warning");
  // The locks are held while COMMIT waits for the disk, or for a synchronous standby that may be
  // gone. What a crash loses of the step its entry in the journal goes with, and the run ends with
  // an entry that is waited for.
  if (makes_others_wait(step)) set("synchronous_commit", "off");
  if (run.lowers_deadlock_timeout) set("deadlock_timeout", "100");
  if (run.server_version >= 170000) set("transaction_timeout", "0");
  set("search_path", run.plan.search_path);
  return "SELECT " + list;
}

/// How far one try came.
struct Progress {
  std::size_t statement = 0;
  std::int64_t began_ms = -1;  ///< when its first statement was sent; -1: not
};

/// One try. Throws DbError, NotSo or TakenOver with the transaction still open.
void attempt_once(RunContext& run, const Step& step, int attempt, Progress& at) {
  run.session.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  run.session.query(settings_sql(run, step, attempt));
  at.began_ms = run.clock.now_ms();
  for (at.statement = 0; at.statement < step.sql.size(); ++at.statement) {
    run.session.execute(step.sql[at.statement]);
    if (at.statement == 0) check_proofs(run.session, step);
  }
  if (run.session.query(run.journal.done_sql(step, attempt)).empty()) throw TakenOver{};
  run.session.execute("COMMIT");
}

/// Only statements that may last are worth a second session.
void attempt_watched(RunContext& run, const Step& step, int attempt, Progress& at) {
  constexpr std::int64_t kLong = 30000;
  if (step.statement_timeout_ms > 0 && step.statement_timeout_ms <= kLong)
    return attempt_once(run, step, attempt, at);
  const Watcher watcher(run.monitor, run.backend_pid, step, run.observer);
  attempt_once(run, step, attempt, at);
}

/// Keeps the try, whose transaction is over. From its first statement on others may have queued
/// behind it. A step that locks nothing that was there before did not try for anything.
void keep_try(RunContext& run, const Step& step, bool had, const Progress& at) {
  if (had && step.locks.empty()) return;
  const bool stalled = at.began_ms >= 0 && makes_others_wait(step);
  record_try(run, step, had, stalled ? run.clock.now_ms() - at.began_ms : 0);
}

StepEnd fail(RunContext& run, const Step& step, int attempt, Failed failed) {
  run.journal.failed(step, attempt, failed.message);
  return {.stopped_by = std::move(failed)};
}

/// Tries once. Nothing where the step may be tried again, with the reason in `busy`.
std::optional<StepEnd> try_step(RunContext& run, const Step& step, int attempt, std::string& busy) {
  Progress at;
  try {
    attempt_watched(run, step, attempt, at);
    keep_try(run, step, true, at);
    return StepEnd{};
  } catch (const DbError& error) {
    if (error.is_connection_lost()) throw;
    run.session.execute("ROLLBACK");
    keep_try(run, step, !may_try_again(error), at);
    if (error.is_canceled() && run.stop) return StepEnd{.stopped_by = Stopped{step.id}};
    if (!may_try_again(error)) return fail(run, step, attempt, failure(step, at.statement, error));
    busy = current_blockers(run.session, step);
    if (busy.empty()) busy = error.what();
    return std::nullopt;
  } catch (const NotSo& proof) {
    run.session.execute("ROLLBACK");
    keep_try(run, step, true, at);
    return fail(run, step, attempt, failure(step, proof));
  } catch (const TakenOver&) {
    run.session.execute("ROLLBACK");
    throw;
  }
}

}  // namespace

StepEnd run_transaction(RunContext& run, const Step& step) {
  if (step.check.what == StepCheck::What::ConstraintValidated && step.sql.size() == 1 &&
      look(run.session, step.check) == Found::Done) {
    run.journal.done(step, 0);
    return {.skipped = "the catalog has it already"};
  }
  for (int attempt = 1;; ++attempt) {
    if (run.stop || !wait_for_stall_budget(run, step)) return {.stopped_by = Stopped{step.id}};
    // A lock that is waited for without limit is waited for knowingly.
    std::string busy =
        step.lock_timeout_ms == 0 ? "" : standing_blockers(run.session, step, step.lock_timeout_ms);
    if (!busy.empty())
      keep_try(run, step, false, {});
    else if (auto end = try_step(run, step, attempt, busy))
      return *std::move(end);
    if (!wait_for_next_try(run, step, attempt, busy))
      return {.stopped_by = LockBusy{step.id, busy}};
  }
}

}  // namespace aloft
