#include "engine/execute/backfill_pass.h"

#include "engine/execute/pace.h"

namespace aloft {

BackfillPass::BackfillPass(std::vector<Part> parts, std::int64_t batch_ms, int share)
    : parts_(std::move(parts)), batch_ms_(batch_ms), share_(share) {
  for (std::size_t i = 0; i < parts_.size(); ++i)
    if (parts_[i].next < parts_[i].end) free_.push_back(i);
}

std::optional<std::size_t> BackfillPass::take() {
  const std::lock_guard lock(mutex_);
  if (over_ || free_.empty()) return std::nullopt;
  const std::size_t part = free_.front();
  free_.pop_front();
  return part;
}

void BackfillPass::give_back(std::size_t part) {
  const std::lock_guard lock(mutex_);
  free_.push_back(part);
}

Part BackfillPass::part(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  return parts_[index];
}

std::vector<Part> BackfillPass::parts() const {
  const std::lock_guard lock(mutex_);
  return parts_;
}

void BackfillPass::advance(std::size_t index, std::int64_t next, std::int64_t rows) {
  const std::lock_guard lock(mutex_);
  parts_[index].next = next;
  rows_ += rows;
}

std::int64_t BackfillPass::rows() const {
  const std::lock_guard lock(mutex_);
  return rows_;
}

std::int64_t BackfillPass::blocks_left() const {
  const std::lock_guard lock(mutex_);
  std::int64_t left = 0;
  for (const Part& part : parts_) left += part.end - part.next;
  return left;
}

std::int64_t BackfillPass::blocks() const {
  const std::lock_guard lock(mutex_);
  std::int64_t all = 0;
  for (const Part& part : parts_) all += part.end - part.first;
  return all;
}

bool BackfillPass::may_go_on() {
  std::unique_lock lock(mutex_);
  news_.wait(lock, [this] { return over_ || !paused_; });
  return !over_;
}

void BackfillPass::pause(bool paused) {
  {
    const std::lock_guard lock(mutex_);
    paused_ = paused;
  }
  news_.notify_all();
}

bool BackfillPass::paused() const {
  const std::lock_guard lock(mutex_);
  return paused_;
}

std::int64_t BackfillPass::rest_after(std::int64_t worked_us) const {
  const std::lock_guard lock(mutex_);
  return makes_way_ ? rest_us(worked_us, sessions_, share_) : 0;
}

void BackfillPass::set_sessions(int sessions) {
  const std::lock_guard lock(mutex_);
  sessions_ = sessions;
}

void BackfillPass::make_way(bool others_at_work) {
  const std::lock_guard lock(mutex_);
  makes_way_ = others_at_work;
}

bool BackfillPass::makes_way() const {
  const std::lock_guard lock(mutex_);
  return makes_way_ && share_ > 0;
}

std::int64_t BackfillPass::batch_ms() const {
  const std::lock_guard lock(mutex_);
  return makes_way_ && share_ > 0 ? (batch_ms_ + 1) / 2 : batch_ms_;
}

void BackfillPass::set_batch_ms(std::int64_t ms) {
  const std::lock_guard lock(mutex_);
  batch_ms_ = ms;
}

void BackfillPass::end(StepEnd why) {
  {
    const std::lock_guard lock(mutex_);
    if (!over_) why_ = std::move(why);
    over_ = true;
  }
  news_.notify_all();
}

void BackfillPass::end_as_moved() {
  {
    const std::lock_guard lock(mutex_);
    if (!over_) moved_ = true;
    over_ = true;
  }
  news_.notify_all();
}

bool BackfillPass::over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

bool BackfillPass::moved() const {
  const std::lock_guard lock(mutex_);
  return moved_;
}

StepEnd BackfillPass::why() const {
  const std::lock_guard lock(mutex_);
  return why_;
}

}  // namespace aloft
