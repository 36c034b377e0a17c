#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "engine/execute/executor.h"

namespace aloft {

/// The index that a step is building.
struct IndexUnderWay {
  std::string object{};
  IndexBuild build{};
};

/// A run in figures, at one moment. What is not known is absent.
struct RunFigures {
  std::string plan_id{};
  std::string run{};    ///< aloft.run.id; "" until the run is in the journal
  std::string phase{};  ///< of the step under way, or of the last one; "rollback"
  bool under_way = true;
  /// How it ended: "done", "contract_waits", "stopped", "lock_busy", "failed", "other_run" or
  /// "connection_lost"; "" while it is under way.
  std::string result{};
  std::size_t steps = 0, steps_done = 0;
  std::size_t index_builds = 0, index_builds_done = 0;  ///< steps that build one CONCURRENTLY
  Stalls stalls{};                                      ///< of the whole run, however often begun
  std::int64_t budget_wait_ms = 0;  ///< waited for the budget of stalls since the command began
  bool waits_for_budget = false;
  std::map<std::string, BackfillProgress> backfills{};  ///< by step
  std::map<std::string, IndexUnderWay> indexes{};       ///< by step
  std::map<PauseKind, std::int64_t> paused_ms{};
  std::optional<PauseKind> paused_now{};
  std::map<std::string, ReplicaLag> lags{};  ///< by replica; of two of one name the greater
  std::optional<double> last_success{};      ///< seconds since 1970
};

/// Keeps the figures of a run from what it tells, and passes that on. figures() may be called from
/// any thread.
class RunFigureKeeper : public Observer {
 public:
  /// Of a run of `plan`, which takes another back if `rollback`.
  RunFigureKeeper(const Plan& plan, bool rollback, Observer& next);
  RunFigures figures() const;
  /// The run has come to an end, by this machine's clock `at` seconds after 1970.
  void ended(const Outcome& outcome, double at);
  void connection_lost();

  void step_started(const Step& step) override;
  void step_skipped(const Step& step, const std::string& why) override;
  void step_finished(const Step& step, std::int64_t elapsed_ms) override;
  void lock_busy(const Step& step, int attempt, const std::string& blockers,
                 std::int64_t wait_ms) override;
  void progress(const Step& step, const std::string& text) override;
  void note(const std::string& text) override;
  void measured(const Measurement& measurement) override;

 private:
  void step_done(const Step& step);
  void end(const std::string& result);

  const Plan& plan_;
  const bool rollback_;
  Observer& next_;
  mutable std::mutex mutex_;
  RunFigures now_{};
  std::set<std::string> done_{};  ///< steps
};

}  // namespace aloft
