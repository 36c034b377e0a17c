#include "engine/execute/executor.h"

#include <algorithm>
#include <random>

#include "engine/base/file_reader.h"
#include "engine/base/sql.h"
#include "engine/db/db_error.h"
#include "engine/execute/archive.h"
#include "engine/execute/locked_observer.h"
#include "engine/execute/run_context.h"
#include "engine/execute/run_lock.h"
#include "engine/execute/usage.h"

namespace aloft {
namespace {

/// What the session may do, and its own safety net: a client that is gone is noticed within ten
/// seconds, so that it does not keep a lock or a long build. deadlock_timeout and
/// session_replication_role are a superuser's settings, or since 15 ones that can be granted.
void prepare_session(RunContext& run) {
  const Rows rows = run.session.query(
      "SELECT pg_backend_pid(), current_setting('server_version_num'),"
      " current_setting('is_superuser')");
  run.backend_pid = rows.at(0).at(0).value_or("");
  run.server_version = std::stoi(rows[0].at(1).value_or("0"));
  run.lowers_deadlock_timeout = run.sets_replication_role = rows[0].at(2) == "on";
  if (!run.lowers_deadlock_timeout && run.server_version >= 150000) {
    const Rows granted = run.session.query(
        "SELECT has_parameter_privilege('deadlock_timeout', 'SET'),"
        " has_parameter_privilege('session_replication_role', 'SET')");
    run.lowers_deadlock_timeout = !granted.empty() && granted[0].at(0) == "t";
    run.sets_replication_role = !granted.empty() && granted[0].at(1) == "t";
  }
  if (run.server_version >= 140000)
    run.session.execute("SET client_connection_check_interval = '10s'");
}

/// Takes up a run whose connection was lost. How it ended where it is not gone on with.
std::optional<Outcome> take_up_again(RunContext& run, const LeftOff& where) {
  switch (run.journal.take_up_again(where)) {
    case Journal::Found::Taken:
      run.stalls.begin_with(read_recent_stalls(run.session), run.clock.now_ms());
      return std::nullopt;
    case Journal::Found::Done: return Applied{.steps = where.steps};
    case Journal::Found::TakenOver:
      return CutOff{who_took_over(run.session, where.run), "aloft status shows how far it is"};
    case Journal::Found::NotThere: break;
  }
  return CutOff{"run " + where.run +
                    " is not in the journal of the server that answers now, which was never told of"
                    " it: nothing of the run is there",
                "run the same command again: it begins anew"};
}

/// Makes the journal where there is none and opens the run in it.
std::optional<Outcome> open_journal(RunContext& run) {
  if (run.options.left_off) return take_up_again(run, *run.options.left_off);
  try {
    run.journal.create();
    const auto last = last_success(run.session);
    run.journal.open(!run.options.planned_now, run.options.undoes);
    run.stalls.begin_with(read_recent_stalls(run.session), run.clock.now_ms());
    run.observer.measured(RunOpened{run.journal.run(), run.journal.stalls_before(), last});
    return std::nullopt;
  } catch (const DbError& error) {
    if (error.sqlstate != "42501") throw;
    return Failed{"", error.sqlstate,
                  std::string(error.what()) +
                      "\naloft records each run in schema aloft of the database it changes. Let an "
                      "administrator run: " +
                      run.journal.grant_hint()};
  }
}

bool cannot_be_taken_back(const Step& step) {
  return !step.proofs.empty() || std::ranges::any_of(step.hazards, [](const HazardNote& note) {
    return note.hazard == Hazard::DataLoss || note.hazard == Hazard::Irreversible;
  });
}

/// Copies what the step loses to where the options say, and tells how to put it back.
void archive_before(RunContext& run, const Step& step) {
  try {
    const Archive made = archive(run.session, step, run.journal.run(), run.options.archive);
    if (made.data.empty())
      return run.observer.note("the values of " + to_string(step.object) +
                               " are generated: there is nothing to archive");
    run.observer.note("archived " + std::to_string(made.rows) + " rows of " +
                      to_string(step.object) + "; psql -f " + made.restore + " puts them back");
  } catch (...) {
    run.session.execute("ROLLBACK");
    throw;
  }
}

/// Is the step more than a short transaction?
bool may_last(const Step& step) {
  return !step.transactional || !step.batch.empty() || step.scans || step.rewrites;
}

StepEnd run_step(RunContext& run, const Step& step) {
  try {
    if (step.phase == Phase::Contract && cannot_be_taken_back(step)) mark_restore_point(run);
    if (may_last(step)) run.stalls.flush(run.journal, run.clock.now_ms());
    if (loses_data(step) && !run.options.archive.empty()) archive_before(run, step);
    if (step.transactional && step.batch.empty()) return run_transaction(run, step);
    check_proofs(run.session, step);
    return step.batch.empty() ? run_alone(run, step) : run_backfill(run, step);
  } catch (const NotSo& proof) {
    return {.stopped_by = failure(step, proof)};
  } catch (const IoError& error) {
    return {.stopped_by = Failed{step.id, "", std::string(error.what()) + "; nothing is lost"}};
  } catch (const TakenOver&) {
    return {.stopped_by = Failed{step.id, "", who_took_over(run.session, run.journal.run())}};
  } catch (const DbError& error) {
    if (error.is_connection_lost() || error.is_read_only()) throw;
    if (error.is_canceled() && run.stop) return {.stopped_by = Stopped{step.id}};
    return {.stopped_by = failure(step, step.sql.size(), error)};
  }
}

/// Has a run that takes another one back done nothing of it? Then that one waits as it did.
bool took_nothing_back(const RunContext& run, const LeftOff& where) {
  if (run.options.undoes.empty() || where.steps > 0) return false;
  return run.plan.steps.front().transactional &&
         std::ranges::none_of(run.plan.steps,
                              [&](const Step& step) { return run.journal.is_done(step); });
}

/// Leaves the run open, in the state in which the next one finds it. A cancel that comes late may
/// hit the record itself, so it gets a second try. Who took the run over says its state.
Outcome give_up(RunContext& run, Outcome outcome, const LeftOff& where) {
  const std::string state = took_nothing_back(run, where)             ? "superseded"
                            : std::holds_alternative<Failed>(outcome) ? "failed"
                                                                      : "stopped";
  const auto record = [&] {
    run.journal.set_state(state);
    run.stalls.flush(run.journal, run.clock.now_ms());
  };
  try {
    record();
  } catch (const TakenOver&) {
    return outcome;
  } catch (const DbError& error) {
    if (error.is_connection_lost()) throw;
    run.session.execute("ROLLBACK");
    record();
  }
  return outcome;
}

/// How much of the soak is left before the first step that comes after it.
std::int64_t soak_left(RunContext& run) {
  if (run.options.soak_ms <= 0) return 0;
  return std::max<std::int64_t>(0, run.options.soak_ms - run.journal.ms_since_last_step());
}

/// Tells of a step that the journal has as done. What this process has done itself it has told.
void skip_done(RunContext& run, const Step& step, LeftOff& where) {
  if (!run.options.left_off) return run.observer.step_skipped(step, "done by an earlier run");
  if (run.options.left_off->step != step.id) return;
  // The COMMIT had come through and only its answer was lost: the journal's row came with it.
  run.observer.step_skipped(step, "was done when the connection was lost");
  ++where.steps;
}

/// From here on it counts what applications use, until contract. That it cannot be counted is no
/// reason to fail.
void begin_counting(RunContext& run) {
  try {
    if (has_baseline(run.session, run.journal.run())) return;
    take_baseline(run.session, run.plan, run.journal.ours());
  } catch (const DbError& error) {
    if (error.is_connection_lost() || error.is_read_only()) throw;
    std::string why = error.what();
    while (why.ends_with('\n')) why.pop_back();
    run.observer.note("what applications use until contract is not counted: " + why);
  }
}

/// Carries out what is left; `where` says how far it has come, whatever ends it.
Outcome run_steps(RunContext& run, LeftOff& where) {
  Applied applied;
  bool soaked = false;
  for (const Step& step : run.plan.steps) {
    if (step.phase == Phase::Contract && !run.options.contract) {
      applied.contract_waits = true;
      continue;
    }
    if (run.journal.is_done(step)) {
      soaked |= step.after_soak;
      skip_done(run, step, where);
      continue;
    }
    if (run.stop) return give_up(run, Stopped{step.id}, where);
    if (step.after_soak && !soaked) applied.soaks_ms = soak_left(run);
    if (applied.soaks_ms > 0) {
      applied.contract_waits = true;
      break;
    }
    soaked |= step.after_soak;
    run.observer.step_started(step);
    where.step = step.id;
    const std::int64_t start = run.clock.now_ms();
    const StepEnd end = run_step(run, step);
    if (end.stopped_by) return give_up(run, *end.stopped_by, where);
    where.step.clear();
    if (!end.skipped.empty()) {
      run.observer.step_skipped(step, end.skipped);
      continue;
    }
    run.observer.step_finished(step, run.clock.now_ms() - start);
    ++where.steps;
  }
  run.stalls.flush(run.journal, run.clock.now_ms());
  applied.steps = where.steps;
  if (applied.contract_waits) begin_counting(run);
  run.journal.set_state(applied.contract_waits ? "expanded" : "done");
  return applied;
}

Outcome run_in_session(RunContext& run, LeftOff& where) {
  std::string holder;
  if (!take_run_lock(run.session, holder)) return Busy{holder};
  if (run.plan.steps.empty() && run.options.undoes.empty()) {
    if (has_journal(run.session)) run.journal.supersede_all();
    return Applied{};
  }
  prepare_session(run);
  if (auto ended = open_journal(run)) return *ended;
  where.step.clear();
  return run_steps(run, where);
}

}  // namespace

void check_proofs(Session& session, const Step& step) {
  for (const Proof& proof : step.proofs) {
    const Rows answer = session.query(proof.sql);
    if (answer.size() != 1 || answer[0].size() != 1 || answer[0][0] != "t") throw NotSo{proof.what};
  }
}

bool wait_for_next_try(RunContext& run, const Step& step, int attempt, const std::string& busy) {
  run.stalls.flush(run.journal, run.clock.now_ms());
  if (attempt >= run.options.lock_attempts) return false;
  const std::int64_t wait = run.retry.wait_ms(attempt);
  run.observer.lock_busy(step, attempt, busy, wait);
  run.clock.sleep_ms(wait);
  return true;
}

Failed failure(const Step& step, std::size_t statement, const DbError& error) {
  std::string message = error.what();
  while (message.ends_with('\n')) message.pop_back();
  if (step.sql.size() > 1 && statement < step.sql.size()) {
    constexpr std::size_t kShown = 300;
    const std::string& text = step.sql[statement];
    message += "\nin statement " + std::to_string(statement + 1) + " of " +
               std::to_string(step.sql.size()) + ": " + text.substr(0, kShown) +
               (text.size() > kShown ? "..." : "");
  }
  if (error.is_canceled())
    message += "\nThe statement ran into its time-out or was cancelled; nothing of the step stays.";
  return {step.id, error.sqlstate, message};
}

Failed failure(const Step& step, const NotSo& proof) {
  return {step.id, "", "not so: " + proof.what};
}

Outcome run_plan(const Plan& plan, const RunOptions& options, Session& session,
                 const std::function<std::unique_ptr<Session>()>& monitor, Clock& clock,
                 Observer& observer, const std::atomic<bool>& stop) {
  Journal journal(session, plan);
  LockedObserver one_at_a_time(observer);
  LockRetry retry(options, std::random_device{}());
  StallBook stalls;
  RunContext run{.plan = plan,
                 .options = options,
                 .session = session,
                 .monitor = monitor,
                 .clock = clock,
                 .observer = one_at_a_time,
                 .stop = stop,
                 .journal = journal,
                 .retry = retry,
                 .stalls = stalls};
  LeftOff where = options.left_off.value_or(LeftOff{});
  try {
    return run_in_session(run, where);
  } catch (const DbError& error) {
    if (!error.is_connection_lost() && !error.is_read_only()) throw;
    if (!journal.epoch().empty()) where.run = journal.run(), where.epoch = journal.epoch();
    throw RunCutOff(error, where);
  }
}

}  // namespace aloft
