#include "cli/run_figures.h"

#include <algorithm>

namespace aloft {
namespace {

/// Puts one measurement into the figures.
struct Keep {
  RunFigures& now;
  const Plan& plan;

  void operator()(const RunOpened& opened) const {
    now.run = opened.run;
    now.stalls = opened.stalls;
    now.last_success = opened.last_success;
  }
  void operator()(const LockTry& one) const { now.stalls.add(one); }
  void operator()(const BudgetWait& wait) const {
    now.budget_wait_ms += wait.ms;
    now.waits_for_budget = wait.now;
  }
  void operator()(const BackfillProgress& backfill) const {
    now.backfills[backfill.step] = backfill;
  }
  void operator()(const Paused& paused) const {
    now.paused_ms[paused.kind] += paused.ms;
    now.paused_now = paused.now ? std::optional(paused.kind) : std::nullopt;
  }
  void operator()(const ReplicaLags& lags) const {
    now.lags.clear();
    for (const ReplicaLag& lag : lags.all) {
      ReplicaLag& kept = now.lags.try_emplace(lag.replica, lag).first->second;
      kept.bytes = std::max(kept.bytes, lag.bytes);
      kept.seconds = std::max(kept.seconds, lag.seconds);
    }
  }
  void operator()(const IndexProgress& index) const {
    const auto step = std::ranges::find(plan.steps, index.step, &Step::id);
    if (step != plan.steps.end()) now.indexes[index.step] = {to_string(step->object), index.build};
  }
};

struct ResultName {
  std::string operator()(const Applied& done) const {
    return done.contract_waits ? "contract_waits" : "done";
  }
  std::string operator()(const Stopped&) const { return "stopped"; }
  std::string operator()(const LockBusy&) const { return "lock_busy"; }
  std::string operator()(const Failed&) const { return "failed"; }
  std::string operator()(const Busy&) const { return "other_run"; }
  std::string operator()(const CutOff&) const { return "connection_lost"; }
};

}  // namespace

RunFigureKeeper::RunFigureKeeper(const Plan& plan, bool rollback, Observer& next)
    : plan_(plan), rollback_(rollback), next_(next) {
  now_.plan_id = plan.id;
  now_.steps = plan.steps.size();
  now_.index_builds = static_cast<std::size_t>(std::ranges::count_if(plan.steps, builds_index));
  if (rollback)
    now_.phase = "rollback";
  else if (!plan.steps.empty())
    now_.phase = phase_name(plan.steps[0].phase);
}

RunFigures RunFigureKeeper::figures() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void RunFigureKeeper::ended(const Outcome& outcome, double at) {
  end(std::visit(ResultName{}, outcome));
  if (!std::holds_alternative<Applied>(outcome)) return;
  const std::lock_guard lock(mutex_);
  now_.last_success = at;
}

void RunFigureKeeper::connection_lost() {
  end("connection_lost");
}

void RunFigureKeeper::end(const std::string& result) {
  const std::lock_guard lock(mutex_);
  now_.under_way = false;
  now_.result = result;
  now_.paused_now.reset();
}

void RunFigureKeeper::step_started(const Step& step) {
  {
    const std::lock_guard lock(mutex_);
    if (!rollback_) now_.phase = phase_name(step.phase);
  }
  next_.step_started(step);
}

void RunFigureKeeper::step_done(const Step& step) {
  const std::lock_guard lock(mutex_);
  now_.indexes.erase(step.id);
  // A run that lost its server goes through its steps again.
  if (!done_.insert(step.id).second) return;
  ++now_.steps_done;
  if (builds_index(step)) ++now_.index_builds_done;
}

void RunFigureKeeper::step_skipped(const Step& step, const std::string& why) {
  step_done(step);
  next_.step_skipped(step, why);
}

void RunFigureKeeper::step_finished(const Step& step, std::int64_t elapsed_ms) {
  step_done(step);
  next_.step_finished(step, elapsed_ms);
}

void RunFigureKeeper::lock_busy(const Step& step, int attempt, const std::string& blockers,
                                std::int64_t wait_ms) {
  next_.lock_busy(step, attempt, blockers, wait_ms);
}

void RunFigureKeeper::progress(const Step& step, const std::string& text) {
  next_.progress(step, text);
}

void RunFigureKeeper::note(const std::string& text) {
  next_.note(text);
}

void RunFigureKeeper::measured(const Measurement& measurement) {
  {
    const std::lock_guard lock(mutex_);
    std::visit(Keep{now_, plan_}, measurement);
  }
  next_.measured(measurement);
}

}  // namespace aloft
