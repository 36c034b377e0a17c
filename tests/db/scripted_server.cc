#include "tests/db/scripted_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace aloft::test {
namespace {

using namespace std::string_literals;

std::string int32(std::uint32_t number) {
  number = htonl(number);
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

std::string message(char type, const std::string& holds) {
  return type + int32(static_cast<std::uint32_t>(holds.size() + 4)) + holds;
}

/// ReadyForQuery, outside of a transaction.
std::string ready() {
  return message('Z', "I");
}

std::string error() {
  return message('E', "SERROR\0VERROR\0C57014\0Mcanceling statement due to user request\0\0"s);
}

/// What Parse, Bind, Describe and Execute of a statement get that returns one row.
std::string answer(const std::string& value) {
  constexpr std::uint32_t kText = 25;
  const std::string column =
      "c\0"s + int32(0) + "\0\0"s + int32(kText) + "\xff\xff"s + int32(0xffffffff) + "\0\0"s;
  return message('1', "") + message('2', "") + message('T', "\0\1"s + column) +
         message('D', "\0\1"s + int32(static_cast<std::uint32_t>(value.size())) + value) +
         message('C', "SELECT 1\0"s);
}

}  // namespace

ScriptedServer::ScriptedServer(int cancels_after) : cancels_after_(cancels_after) {
  folder_ = std::filesystem::temp_directory_path() / "aloft-scripted-XXXXXX";
  if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(folder_ + "/.s.PGSQL.1", address.sun_path);
  listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 1) != 0)
    throw std::runtime_error("cannot listen in " + folder_);
  thread_ = std::jthread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(client_);
  close(listener_);
  std::filesystem::remove_all(folder_);
}

std::string ScriptedServer::read(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size;) {
    const ssize_t got = recv(client_, bytes.data() + at, size - at, 0);
    if (got <= 0) return "";
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string ScriptedServer::read_message() {
  const std::string type = read(1), size = read(4);
  if (size.empty()) return "";
  std::uint32_t bytes = 0;
  std::ranges::copy(size, reinterpret_cast<char*>(&bytes));
  return type + read(ntohl(bytes) - 4);
}

void ScriptedServer::send(const std::string& bytes) {
  ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void ScriptedServer::serve() {
  client_ = accept(listener_, nullptr, nullptr);
  // The startup message has no type.
  const std::string size = read(4);
  if (size.empty()) return;
  std::uint32_t bytes = 0;
  std::ranges::copy(size, reinterpret_cast<char*>(&bytes));
  read(ntohl(bytes) - 4);
  send(message('R', int32(0)) + message('S', "server_version\00015.0\0"s) + ready());
  int done = 0;
  std::string answers;
  for (std::string asked = read_message(); !asked.empty(); asked = read_message()) {
    constexpr char kExecute = 'E', kSync = 'S';
    if (asked[0] == kExecute) answers += answer("row " + std::to_string(++done));
    if (asked[0] != kSync) continue;
    if (done == cancels_after_) answers += error();
    send(answers + ready());
    answers.clear();
  }
}

}  // namespace aloft::test
