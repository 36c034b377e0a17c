#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/db/db_error.h"
#include "engine/db/session.h"

namespace aloft::test {

enum class Fault { BeforeItTookEffect, AfterItTookEffect };

/// A session whose connection is lost at its n-th statement, counted from 0: before the server saw
/// it, or after it took effect and before the answer came. The real connection is closed then, so
/// that the server rolls back what was open.
class FaultySession : public Session {
 public:
  FaultySession(std::unique_ptr<Session> real, int at, Fault fault)
      : real_(std::move(real)), left_(at), fault_(fault) {}

  Rows query(const std::string& sql) override {
    return guarded([&] { return real_->query(sql); });
  }
  void execute(const std::string& sql) override {
    guarded([&] {
      real_->execute(sql);
      return 0;
    });
  }
  std::vector<Rows> pipeline(const std::vector<std::string>& statements) override {
    return guarded([&] { return real_->pipeline(statements); });
  }
  void cancel() override {
    if (real_) real_->cancel();
  }
  /// Was the fault ever reached?
  bool lost() const { return !real_; }

 private:
  template <class Work>
  auto guarded(Work work) -> decltype(work()) {
    if (!real_) lose();
    const bool now = left_-- == 0;
    if (now && fault_ == Fault::BeforeItTookEffect) lose();
    auto result = work();
    if (now) lose();
    return result;
  }
  [[noreturn]] void lose() {
    real_.reset();
    throw DbError("08006", "server closed the connection unexpectedly");
  }

  std::unique_ptr<Session> real_;
  int left_;
  Fault fault_;
};

}  // namespace aloft::test
