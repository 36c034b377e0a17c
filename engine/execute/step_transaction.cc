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
  if (run.lowers_deadlock_timeout) set("deadlock_timeout", "100");
  if (run.server_version >= 170000) set("transaction_timeout", "0");
  set("search_path", run.plan.search_path);
  return "SELECT " + list;
}

/// One try. Throws DbError, NotSo or TakenOver with the transaction still open; `statement` tells
/// how far it came.
void attempt_once(RunContext& run, const Step& step, int attempt, std::size_t& statement) {
  run.session.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  run.session.query(settings_sql(run, step, attempt));
  for (statement = 0; statement < step.sql.size(); ++statement) {
    run.session.execute(step.sql[statement]);
    if (statement == 0) check_proofs(run.session, step);
  }
  if (run.session.query(run.journal.done_sql(step, attempt)).empty()) throw TakenOver{};
  run.session.execute("COMMIT");
}

/// Only statements that may last are worth a second session.
bool worth_watching(const Step& step) {
  constexpr std::int64_t kLong = 30000;
  return step.statement_timeout_ms == 0 || step.statement_timeout_ms > kLong;
}

}  // namespace

StepEnd run_transaction(RunContext& run, const Step& step) {
  if (step.check.what == StepCheck::What::ConstraintValidated && step.sql.size() == 1 &&
      look(run.session, step.check) == Found::Done) {
    run.journal.done(step, 0);
    return {.skipped = "the catalog has it already"};
  }
  for (int attempt = 1;; ++attempt) {
    if (run.stop) return {.stopped_by = Stopped{step.id}};
    // A lock that is waited for without limit is waited for knowingly.
    std::string busy =
        step.lock_timeout_ms == 0 ? "" : standing_blockers(run.session, step, step.lock_timeout_ms);
    if (busy.empty()) {
      std::size_t statement = 0;
      try {
        if (worth_watching(step)) {
          const Watcher watcher(run.monitor, run.backend_pid, step, run.observer);
          attempt_once(run, step, attempt, statement);
        } else {
          attempt_once(run, step, attempt, statement);
        }
        return {};
      } catch (const DbError& error) {
        if (error.is_connection_lost()) throw;
        run.session.execute("ROLLBACK");
        if (error.is_canceled() && run.stop) return {.stopped_by = Stopped{step.id}};
        if (!may_try_again(error)) {
          const Failed failed = failure(step, statement, error);
          run.journal.failed(step, attempt, failed.message);
          return {.stopped_by = failed};
        }
        busy = current_blockers(run.session, step);
        if (busy.empty()) busy = error.what();
      } catch (const NotSo& proof) {
        run.session.execute("ROLLBACK");
        const Failed failed = failure(step, proof);
        run.journal.failed(step, attempt, failed.message);
        return {.stopped_by = failed};
      } catch (const TakenOver&) {
        run.session.execute("ROLLBACK");
        throw;
      }
    }
    if (!wait_for_next_try(run, step, attempt, busy))
      return {.stopped_by = LockBusy{step.id, busy}};
  }
}

}  // namespace aloft
