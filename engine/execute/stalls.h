#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "engine/db/session.h"

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

/// Tries that the journal does not have yet. They go there when a try gave up, before a step that
/// may last, and at the end: not under a lock, and not with a transaction of their own each.
class StallBook {
 public:
  /// From any thread.
  void add(const LockTry& one);
  /// Brings all of it into the journal. Throws DbError and TakenOver, nothing forgotten.
  void flush(Journal& journal);

 private:
  std::mutex mutex_;
  Stalls pending_;
};

}  // namespace aloft
