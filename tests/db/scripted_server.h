#pragma once

#include <string>
#include <thread>

namespace aloft::test {

/// Speaks the server's side of the extended protocol (PostgreSQL manual, 55.2.3) with one client,
/// so that it can be made to say what a real server says only by a hair's breadth of time: that a
/// statement was cancelled, once it is done. Every statement answers with one row, 'row N'.
class ScriptedServer {
 public:
  /// The Sync after which so many statements are done, which it answers with an error first.
  explicit ScriptedServer(int cancels_after);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string conninfo() const { return "host=" + folder_ + " port=1 user=x dbname=x"; }

 private:
  void serve();
  std::string read(std::size_t size);
  /// The message's type and what it holds; "" where the client is gone.
  std::string read_message();
  void send(const std::string& bytes);

  int cancels_after_, listener_ = -1, client_ = -1;
  std::string folder_;
  std::jthread thread_;
};

}  // namespace aloft::test
