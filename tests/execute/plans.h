#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "engine/execute/executor.h"
#include "tests/support/fake_clock.h"
#include "tests/support/recording_observer.h"

namespace aloft::test {

/// A step that is one transaction.
Step in_transaction(std::vector<std::string> sql, Phase phase = Phase::Expand);
/// A step that is one statement outside a transaction, settled by a check on public.NAME.
Step alone(std::string sql, StepCheck::What what, std::string name, std::string detail = "");
/// A step that is one UPDATE in batches by the table's blocks.
Step in_batches(std::string update, std::string table);
/// A plan of these steps, numbered from 1, with its id.
Plan plan_of(std::vector<Step> steps);

/// All that a run needs besides the plan and the session.
struct Runner {
  RunOptions options{.lock_attempts = 5};
  FakeClock clock;
  RecordingObserver observer;
  std::atomic<bool> stop{false};
  std::function<std::unique_ptr<Session>()> monitor;

  Outcome run(const Plan& plan, Session& session);
};

/// "applied 3", "applied 1, contract waits", "failed 2 23505", "stopped 1", "lock busy 1", "busy".
std::string describe(const Outcome& outcome);

}  // namespace aloft::test
