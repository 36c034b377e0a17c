#pragma once

#include <string>

#include "engine/execute/backfill_pass.h"

namespace aloft {

/// What the run's own thread sees to while batches run: is the run to pause, what is to be told,
/// and is the table to be vacuumed.
class BackfillControl {
 public:
  BackfillControl(RunContext& run, const Step& step, const FilledTable& table, BackfillPass& pass,
                  std::int64_t rows_before);
  /// At most once a second, between batches of this thread. Throws DbError and TakenOver.
  void look();
  /// No batch runs any more: the last figures.
  void finish();

 private:
  void pass_time(std::int64_t now);
  PauseReason reason();
  void make_way(std::int64_t others);
  void set_reason(const PauseReason& reason);
  void report();
  BackfillProgress progress() const;
  void vacuum_if_due();

  RunContext& run_;
  const Step& step_;
  const FilledTable& table_;
  BackfillPass& pass_;
  std::int64_t next_look_, last_;
  std::int64_t worked_ms_ = 0;  ///< without pauses
  std::int64_t blocks_at_start_, rows_before_, rows_at_vacuum_ = 0;
  PauseReason reason_{};
  std::string stored_;
  ServerRates rates_;
  bool told_of_vacuum_ = false, told_of_others_ = false;
};

}  // namespace aloft
