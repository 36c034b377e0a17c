#include "tests/aloft_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "engine/base/file_reader.h"

namespace aloft::test {

AloftProcess::AloftProcess(const std::vector<std::string>& arguments) {
  static int count = 0;
  file_ = std::filesystem::temp_directory_path() /
          ("aloft-process-" + std::to_string(getpid()) + "-" + std::to_string(++count));
  pid_ = fork();
  if (pid_ != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  std::vector<char*> words{const_cast<char*>(ALOFT_PROGRAM)};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execv(words[0], words.data());
  _exit(127);
}

AloftProcess::~AloftProcess() {
  if (!over_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::remove(file_.c_str());
}

void AloftProcess::signal(int number) const {
  kill(pid_, number);
}

int AloftProcess::wait() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!over_ && std::chrono::steady_clock::now() < end) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      over_ = true;
      code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  return code_;
}

std::string AloftProcess::output() const {
  return std::filesystem::exists(file_) ? read_file(file_) : "";
}

}  // namespace aloft::test
