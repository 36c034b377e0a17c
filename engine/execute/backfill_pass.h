#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/execute/batch.h"

namespace aloft {

/// One pass over the blocks of a table: what its workers and the run's own thread share. Every
/// method may be called from any thread.
class BackfillPass {
 public:
  /// While the sessions that work on it make way they take `share` percent of one's time.
  BackfillPass(std::vector<Part> parts, std::int64_t batch_ms, int share);

  /// The number of a part that nobody has and that is not through; none where there is none, or the
  /// pass is over.
  std::optional<std::size_t> take();
  /// A part whose worker cannot go on, for another.
  void give_back(std::size_t part);
  Part part(std::size_t index) const;
  std::vector<Part> parts() const;
  /// A batch of the part is committed.
  void advance(std::size_t index, std::int64_t next, std::int64_t rows);
  std::int64_t rows() const;  ///< updated in this pass
  std::int64_t blocks_left() const;
  std::int64_t blocks() const;  ///< of all parts

  /// Waits while the pass is paused. False when it is over.
  bool may_go_on();
  void pause(bool paused);
  bool paused() const;
  /// How long a session is to rest after a statement of `worked_us`, in us: nothing but where
  /// make_way() was last told that others are at work.
  std::int64_t rest_after(std::int64_t worked_us) const;
  void set_sessions(int sessions);  ///< that work on it; 1 until then
  void make_way(bool others_at_work);
  bool makes_way() const;
  /// How long a batch should take: half of what was set, while it makes way.
  std::int64_t batch_ms() const;
  void set_batch_ms(std::int64_t ms);

  /// Ends the pass: nobody starts another batch. The first reason stays.
  void end(StepEnd why);
  void end_as_moved();
  bool over() const;
  bool moved() const;
  StepEnd why() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::vector<Part> parts_;
  std::deque<std::size_t> free_;
  std::int64_t batch_ms_, rows_ = 0;
  int sessions_ = 1, share_;
  bool makes_way_ = false, paused_ = false, over_ = false, moved_ = false;
  StepEnd why_{};
};

/// Takes parts and runs their batches until none is left or the pass is over, steering the size of
/// batches by the time they take. `go_on` is asked before each batch. False where the session's
/// connection was lost and others may go on; in the run's own session it throws then.
/// backfill_worker.cc
bool fill_parts(RunContext& run, const Step& step, const BatchJob& job, BackfillPass& pass,
                Session& session, const std::function<bool()>& go_on);

}  // namespace aloft
