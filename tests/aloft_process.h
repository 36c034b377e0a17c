#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace aloft::test {

/// The program itself in a process of its own, killed at the end of the object if it still runs.
class AloftProcess {
 public:
  /// Starts it. What it prints on both outputs goes to a file.
  explicit AloftProcess(const std::vector<std::string>& arguments);
  ~AloftProcess();
  AloftProcess(const AloftProcess&) = delete;
  AloftProcess& operator=(const AloftProcess&) = delete;

  void signal(int number) const;
  /// Waits for its end, a minute at most, and returns its exit code; -1 where there is none.
  int wait();
  /// What it has printed so far.
  std::string output() const;

 private:
  std::string file_;
  pid_t pid_ = -1;
  int code_ = -1;
  bool over_ = false;
};

}  // namespace aloft::test
