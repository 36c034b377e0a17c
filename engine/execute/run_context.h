#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/execute/executor.h"
#include "engine/execute/journal.h"
#include "engine/execute/lock_retry.h"
#include "engine/execute/stalls.h"

namespace aloft {

/// What every step of a run works with.
struct RunContext {
  const Plan& plan;
  const RunOptions& options;
  Session& session;
  const std::function<std::unique_ptr<Session>()>& monitor;
  Clock& clock;
  Observer& observer;
  const std::atomic<bool>& stop;
  Journal& journal;
  LockRetry& retry;
  StallBook& stalls;
  std::string backend_pid{};
  int server_version = 0;  ///< server_version_num
  bool lowers_deadlock_timeout = false;
  bool sets_replication_role = false;  ///< may set session_replication_role
};

/// How a step came to its end: none where it is done and the run goes on. `skipped` says why there
/// was nothing to do.
struct StepEnd {
  std::optional<Outcome> stopped_by{};
  std::string skipped{};
};

/// One transaction, tried until its locks are had. step_transaction.cc
StepEnd run_transaction(RunContext& run, const Step& step);
/// One statement that refuses a transaction block. step_alone.cc
StepEnd run_alone(RunContext& run, const Step& step);
/// One UPDATE in batches. backfill.cc
StepEnd run_backfill(RunContext& run, const Step& step);

/// Before the first step of a run that cannot be taken back: a named point to which a backup of the
/// cluster can be restored, kept in the journal and told. restore_point.cc
void mark_restore_point(RunContext& run);

/// Settings of the session: name and value.
using ExtraSettings = std::vector<std::pair<std::string, std::string>>;
/// A statement outside a transaction, with the step's settings and others. Throws DbError.
/// step_alone.cc
void execute_alone(RunContext& run, const Step& step, const std::string& statement,
                   const ExtraSettings& extra = {});

/// Keeps a try for the step's locks and tells the observer; from any thread. stalls.cc
void record_try(RunContext& run, const Step& step, bool had, std::int64_t stall_ms = 0);

/// Tells the observer of a failed try and sleeps. False when that was the last try.
bool wait_for_next_try(RunContext& run, const Step& step, int attempt, const std::string& busy);

/// Before a try for locks that block writes: waits while the run's stalls of the last minute have
/// used its budget up, and tells why. False when the run is told to stop. stall_budget.cc
bool wait_for_stall_budget(RunContext& run, const Step& step);

/// A proof of a step that is not true.
struct NotSo {
  std::string what;
};
/// Asks the step's proofs. Throws NotSo, or DbError.
void check_proofs(Session& session, const Step& step);

/// What to tell of an error: the server's words, the statement where the step has several, and what
/// to do about it.
Failed failure(const Step& step, std::size_t statement, const DbError& error);
Failed failure(const Step& step, const NotSo& proof);

}  // namespace aloft
