#pragma once

#include <signal.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/db/db_error.h"
#include "engine/db/session.h"

namespace aloft::test {

enum class Fault { BeforeItTookEffect, AfterItTookEffect };
/// What the fault ends: the connection, which is closed and throws, or with SIGKILL the process,
/// its connection open.
enum class Victim { Connection, Process };

/// A session that is hit at its n-th statement, counted from 0: before the server saw it, or after
/// it took effect and before the answer came. The server then rolls back what was open.
class FaultySession : public Session {
 public:
  FaultySession(std::unique_ptr<Session> real, int at, Fault fault,
                Victim victim = Victim::Connection)
      : real_(std::move(real)), left_(at), fault_(fault), victim_(victim) {}

  /// The same, where `strike` is what happens then, such as a crash of the server.
  FaultySession(std::unique_ptr<Session> real, int at, Fault fault, std::function<void()> strike)
      : FaultySession(std::move(real), at, fault) {
    strike_ = std::move(strike);
  }

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
  void copy_out(const std::string& copy,
                const std::function<void(std::string_view)>& sink) override {
    guarded([&] {
      real_->copy_out(copy, sink);
      return 0;
    });
  }
  int server_version() const override { return real_ ? real_->server_version() : 0; }
  void cancel() override {
    if (real_) real_->cancel();
  }
  /// Was the fault ever reached?
  bool lost() const { return !real_; }
  /// How many statements more it would let through.
  int left() const { return left_; }

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
    if (victim_ == Victim::Process) ::kill(::getpid(), SIGKILL);
    if (strike_ && real_) strike_();
    real_.reset();
    throw DbError("08006", "server closed the connection unexpectedly");
  }

  std::unique_ptr<Session> real_;
  int left_;
  Fault fault_;
  Victim victim_;
  std::function<void()> strike_{};
};

}  // namespace aloft::test
