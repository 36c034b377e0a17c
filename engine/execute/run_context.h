#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/execute/executor.h"
#include "engine/execute/journal.h"
#include "engine/execute/lock_retry.h"

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
  std::string backend_pid{};
  int server_version = 0;  ///< server_version_num
  bool lowers_deadlock_timeout = false;
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

/// Tells the observer of a failed try and sleeps. False when that was the last try.
bool wait_for_next_try(RunContext& run, const Step& step, int attempt, const std::string& busy);

/// What to tell of an error: the server's words, the statement where the step has several, and what
/// to do about it.
Failed failure(const Step& step, std::size_t statement, const DbError& error);

}  // namespace aloft
