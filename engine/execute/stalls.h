#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/db/session.h"
#include "engine/execute/stall_budget.h"

namespace aloft {

class Journal;

/// One try for the locks of a step.
struct LockTry {
  std::string step{};
  bool had = false;
  /// How long a lock that blocks writes was waited for or held; the two are one to whoever queues
  /// behind it. 0 where no such lock was asked for, or where the statement commits by itself.
  std::int64_t stall_ms = 0;
};

/// How much a run has made applications wait, as far as its own locks tell. A batch of a backfill
/// counts only where it did not get its rows: it holds no lock on the table that writes queue
/// behind.
struct Stalls {
  std::int64_t tries = 0, gave_up = 0;
  std::int64_t total_ms = 0, longest_ms = 0;
  std::string longest_step{};  ///< the step of the longest; "" for none

  bool none() const { return tries == 0; }
  void add(const LockTry& one);
  void add(const Stalls& more);
};

/// tries, gave_up, total_ms, longest_ms, longest_step of a row of aloft.stall.
Stalls stalls_of(const Row& row);

/// What the journal has of a run; nothing where its version of the journal does not keep it, or
/// this login may not read it.
std::optional<Stalls> read_stalls(Session& session, const std::string& run);

/// A stall as the journal has it, whose clock is the server's.
struct AgedStall {
  std::int64_t age_ms = 0;  ///< since its end
  std::int64_t ms = 0;
};

/// The stalls that ended within the last minute, of whatever run of this database.
std::vector<AgedStall> read_recent_stalls(Session& session);

/// Tries that the journal does not have yet, and the stalls of the last minute. The former go there
/// when a try gave up, before a step that may last, before a wait for the budget and at the end:
/// not under a lock, and not with a transaction of their own each. From any thread.
class StallBook {
 public:
  /// The stalls of before, as the journal has them.
  void begin_with(const std::vector<AgedStall>& before, std::int64_t now_ms);
  /// A try that ended at `now_ms` of the run's clock.
  void add(const LockTry& one, std::int64_t now_ms);
  /// Brings all of it into the journal. Throws DbError and TakenOver, nothing forgotten.
  void flush(Journal& journal, std::int64_t now_ms);
  /// The stalls of the minute before `now_ms`.
  StallWindow recent(std::int64_t now_ms);

 private:
  /// What the journal lacks.
  struct Pending {
    Stalls sums{};
    std::vector<Stall> each{};
  };
  void take_back(Pending&& pending);

  std::mutex mutex_;
  Pending pending_;
  StallWindow recent_;
};

}  // namespace aloft
