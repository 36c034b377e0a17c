#include "engine/base/sql.h"
#include "engine/execute/blockers.h"
#include "engine/execute/run_context.h"
#include "engine/execute/settle_step.h"
#include "engine/execute/watcher.h"

namespace aloft {
namespace {

/// Settings of the session for statements that have no transaction to hold them; the end puts back
/// what was there, as whoever reads the catalog next relies on the pinned search_path.
class SessionSettings {
 public:
  SessionSettings(const RunContext& run, const Step& step, const ExtraSettings& extra)
      : session_(run.session) {
    // A time-out that ends a CONCURRENTLY leaves an INVALID index or a pending detach behind, and
    // nobody queues behind its locks, so it gets none; but who asked for a stop does not wait.
    constexpr std::int64_t kPatienceAfterStop = 5000;
    const bool has_timeout =
        step.check.what == StepCheck::What::None || step.check.what == StepCheck::What::EnumLabel;
    const std::int64_t patience = run.stop ? kPatienceAfterStop : 0;
    set("lock_timeout", std::to_string(has_timeout ? step.lock_timeout_ms : patience));
    set("statement_timeout", std::to_string(step.statement_timeout_ms));
    set("client_min_messages", "warning");
    set("row_security", "off");
    set("standard_conforming_strings", "on");
    if (run.server_version >= 170000) set("transaction_timeout", "0");
    set("search_path", run.plan.search_path);
    for (const auto& [name, value] : extra) set(name, value);
    const Rows was = session_.query("SELECT " + reads_);
    session_.query("SELECT " + writes_);
    for (std::size_t i = 0; i < names_.size(); ++i)
      restore_ += (i == 0 ? "" : ", ") + sql("set_config({}, {}, false)", Literal{names_[i]},
                                             Literal{was.at(0).at(i).value_or("")})
                                             .text;
  }
  /// Not in the destructor: a lost connection has no settings, and an error is not to be hidden.
  void restore() { session_.query("SELECT " + restore_); }

 private:
  void set(const std::string& name, const std::string& value) {
    const std::string comma = names_.empty() ? "" : ", ";
    names_.push_back(name);
    reads_ += comma + sql("current_setting({})", Literal{name}).text;
    writes_ += comma + sql("set_config({}, {}, false)", Literal{name}, Literal{value}).text;
  }

  Session& session_;
  std::vector<std::string> names_;
  std::string reads_, writes_, restore_;
};

/// PostgreSQL signals a cancel to the process and once more to its group (postmaster.c,
/// signal_child()): the second signal may reach it in the statement behind the one that was meant.
bool is_echo_of_cancel(const DbError& error, std::int64_t after_ms) {
  constexpr std::int64_t kSoonMs = 50;
  return error.is_canceled() && after_ms <= kSoonMs;
}

/// Clears what a killed try left. False when that itself failed, with the reason in `why`; the next
/// run finds the leftover again.
bool mend(RunContext& run, const Step& step, std::string& why) {
  const std::string statement = mend_sql(run.session, step.check);
  run.observer.progress(step, "clears what an unfinished try left: " + statement);
  for (bool first = true;; first = false) {
    const std::int64_t start = run.clock.now_ms();
    try {
      execute_alone(run, step, statement);
      return true;
    } catch (const DbError& error) {
      if (error.is_connection_lost()) throw;
      if (first && is_echo_of_cancel(error, run.clock.now_ms() - start)) continue;
      why = error.what();
      return false;
    }
  }
}

/// Waits while another backend does this step's work. False when the run is told to stop.
bool outwait_orphan(RunContext& run, const Step& step) {
  constexpr std::int64_t kPoll = 1000;
  std::string told;
  for (;;) {
    const std::string orphan = orphan_at_work(run.session, step);
    if (orphan.empty()) return true;
    if (run.stop) return false;
    if (orphan != told)
      run.observer.progress(step, "another session is still at this work, waiting: " + orphan);
    told = orphan;
    run.clock.sleep_ms(kPoll);
  }
}

/// Somebody finished or started the same object between the look and the statement.
bool lost_a_race(const Step& step, const DbError& error) {
  constexpr std::string_view kDuplicateTable = "42P07", kDuplicateObject = "42710",
                             kUndefinedObject = "42704", kUndefinedTable = "42P01";
  switch (step.check.what) {
    case StepCheck::What::IndexValid: return error.sqlstate == kDuplicateTable;
    case StepCheck::What::EnumLabel: return error.sqlstate == kDuplicateObject;
    case StepCheck::What::IndexGone:
      return error.sqlstate == kUndefinedObject || error.sqlstate == kUndefinedTable;
    case StepCheck::What::PartitionDetached:
    case StepCheck::What::ConstraintValidated:
    case StepCheck::What::None: return false;
  }
  return false;
}

StepEnd fail(RunContext& run, const Step& step, int attempt, Failed failed) {
  run.journal.failed(step, attempt, failed.message);
  return {.stopped_by = std::move(failed)};
}

/// After a statement that the server refused: clears a leftover, then says what follows. Nothing
/// where the step may be tried again, with the reason in `busy`.
std::optional<StepEnd> after_error(RunContext& run, const Step& step, int attempt,
                                   const DbError& error, std::string& busy) {
  record_try(run, step, !may_try_again(error));
  std::string leftover;
  if (look(run.session, step.check) == Found::HalfDone &&
      step.check.what == StepCheck::What::IndexValid)
    mend(run, step, leftover);
  if (error.is_canceled() && run.stop) return StepEnd{.stopped_by = Stopped{step.id}};
  if (may_try_again(error) || (attempt == 1 && lost_a_race(step, error))) {
    busy = current_blockers(run.session, step);
    if (busy.empty()) busy = error.what();
    return std::nullopt;
  }
  Failed failed = failure(step, 0, error);
  if (!leftover.empty())
    failed.message += "\nThe INVALID index it left could not be dropped (" + leftover +
                      "); the next run drops it.";
  return fail(run, step, attempt, std::move(failed));
}

}  // namespace

void execute_alone(RunContext& run, const Step& step, const std::string& statement,
                   const ExtraSettings& extra) {
  SessionSettings settings(run, step, extra);
  try {
    const Watcher watcher(run.monitor, run.backend_pid, step, run.observer);
    run.session.execute(statement);
  } catch (const DbError& error) {
    if (!error.is_connection_lost()) settings.restore();
    throw;
  }
  settings.restore();
}

StepEnd run_alone(RunContext& run, const Step& step) {
  bool ran = false;
  for (int attempt = 1;; ++attempt) {
    if (run.stop || !outwait_orphan(run, step)) return {.stopped_by = Stopped{step.id}};
    Found found = look(run.session, step.check);
    if (found == Found::HalfDone && step.check.what != StepCheck::What::None) {
      std::string why;
      if (!mend(run, step, why) && run.stop) return {.stopped_by = Stopped{step.id}};
      if (!why.empty()) {
        if (!wait_for_next_try(run, step, attempt, why))
          return {.stopped_by = LockBusy{step.id, why}};
        continue;
      }
      ran = true;
      found = look(run.session, step.check);
    }
    if (found == Found::Done) {
      run.journal.done(step, attempt - 1);
      return {.skipped = ran ? "" : "the catalog has it already"};
    }
    if (!wait_for_stall_budget(run, step)) return {.stopped_by = Stopped{step.id}};
    run.journal.begin(step, attempt);
    ran = true;
    std::string busy;
    try {
      if (step.sql.size() != 1)
        return fail(run, step, attempt,
                    {step.id, "", "a step outside a transaction has exactly one statement"});
      execute_alone(run, step, step.sql[0]);
    } catch (const DbError& error) {
      if (error.is_connection_lost()) throw;
      if (auto end = after_error(run, step, attempt, error, busy)) return *end;
    }
    if (busy.empty()) {
      if (!step.locks.empty()) record_try(run, step, true);
      const Found now = look(run.session, step.check);
      if (now == Found::Done || now == Found::Unknown) {
        run.journal.done(step, attempt);
        return {};
      }
      return fail(run, step, attempt,
                  {step.id, "",
                   "the statement ended well, but the catalog does not show its work: "
                   "somebody undid it at the same time"});
    }
    if (!wait_for_next_try(run, step, attempt, busy))
      return {.stopped_by = LockBusy{step.id, busy}};
  }
}

}  // namespace aloft
