#pragma once

#include <string>

#include "engine/execute/backfill_pass.h"

namespace aloft {

/// What the run's own thread sees to while batches run: is the run to pause, what is to be told,
/// and is the table to be vacuumed.
class BackfillControl {
 public:
  BackfillControl(RunContext& run, const Step& step, const FilledTable& table, BackfillPass& pass);
  /// At most once a second, between batches of this thread. Throws DbError and TakenOver.
  void look();

 private:
  std::string reason();
  void set_reason(const std::string& reason);
  void report();
  void vacuum_if_due();

  RunContext& run_;
  const Step& step_;
  const FilledTable& table_;
  BackfillPass& pass_;
  std::int64_t next_look_, last_;
  std::int64_t worked_ms_ = 0;  ///< without pauses
  std::int64_t blocks_at_start_, rows_at_vacuum_ = 0;
  std::string reason_, stored_;
  bool told_of_vacuum_ = false;
};

}  // namespace aloft
