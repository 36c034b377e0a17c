#include "tests/support/pg_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace aloft::test {
namespace {

namespace fs = std::filesystem;

std::string read_all(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The bin folder of the newest PostgreSQL that Debian installed; empty without one.
fs::path debian_bin_dir() {
  fs::path best;
  int newest = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", none)) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (version > newest && fs::exists(entry.path() / "bin/postgres")) {
      newest = version;
      best = entry.path() / "bin";
    }
  }
  return best;
}

fs::path bin_dir() {
  if (const char* named = std::getenv("ALOFT_PG_BINDIR")) return named;
  const fs::path found = debian_bin_dir();
  if (found.empty()) throw std::runtime_error("no PostgreSQL server found: set ALOFT_PG_BINDIR");
  return found;
}

/// A client program: packages of a server alone have none, and any version's speaks to any server.
fs::path client_program(const std::string& name) {
  if (const fs::path program = bin_dir() / name; fs::exists(program)) return program;
  if (const fs::path program = debian_bin_dir() / name; fs::exists(program)) return program;
  std::istringstream path(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(path, folder, ':');)
    if (const fs::path program = fs::path(folder) / name; fs::exists(program)) return program;
  throw std::runtime_error("no " + name + " found: install PostgreSQL's client programs");
}

/// A port that nobody listens on at this moment.
int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool bound = bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                     getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  close(fd);
  if (!bound) throw std::runtime_error("no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

/// Whom the server runs as: PostgreSQL refuses root.
const passwd* server_user() {
  if (geteuid() != 0) return nullptr;
  if (const passwd* user = getpwnam("postgres")) return user;
  if (const passwd* user = getpwnam("nobody")) return user;
  throw std::runtime_error("running as root, and there is neither a user postgres nor nobody");
}

/// In a child: becomes the server's user, sends output to `log` and runs the program.
[[noreturn]] void become(const passwd* user, const std::string& log,
                         const std::vector<std::string>& command) {
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (out >= 0) {
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
  }
  const int nothing = open("/dev/null", O_RDONLY);
  if (nothing >= 0) dup2(nothing, STDIN_FILENO);
  if (user && (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
               setuid(user->pw_uid) != 0))
    _exit(126);
  if (chdir("/") != 0) _exit(126);
  unsetenv("PGDATA");
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

int run_as(const passwd* user, const std::string& log, const std::vector<std::string>& command) {
  const pid_t child = fork();
  if (child == 0) become(user, log, command);
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

/// In the guard: runs the server until the pipe closes, which the kernel does for a test process
/// that dies, then stops it and removes the folder.
[[noreturn]] void guard_server(int pipe_end, const passwd* user, const std::string& folder,
                               const std::vector<std::string>& command) {
  setsid();
  const pid_t server = fork();
  if (server == 0) {
    close(pipe_end);
    become(user, folder + "/log", command);
  }
  char byte = 0;
  while (read(pipe_end, &byte, 1) < 0) continue;
  kill(server, SIGQUIT);
  waitpid(server, nullptr, 0);
  std::error_code none;
  fs::remove_all(folder, none);
  _exit(0);
}

}  // namespace

PgServer::PgServer() {
  const passwd* user = server_user();
  std::string pattern = (fs::temp_directory_path() / "aloft-test-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
  folder_ = pattern;
  if (user && chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("cannot give " + folder_ + " to " + user->pw_name);
  const std::string bin = bin_dir().string(), data = folder_ + "/data", log_file = folder_ + "/log";
  if (run_as(user, log_file,
             {bin + "/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
              "--locale=C", "--no-sync"}) != 0)
    throw std::runtime_error("initdb failed:\n" + read_all(log_file));
  const std::string port = std::to_string(free_port());
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  guard_ = fork();
  if (guard_ == 0) {
    close(ends[1]);
    guard_server(ends[0], user, folder_,
                 {bin + "/postgres",
                  "-D",
                  data,
                  "-k",
                  folder_,
                  "-p",
                  port,
                  "-c",
                  "listen_addresses=127.0.0.1",
                  "-c",
                  "fsync=off",
                  "-c",
                  "synchronous_commit=off",
                  "-c",
                  "full_page_writes=off",
                  "-c",
                  "log_statement=all",
                  "-c",
                  "log_line_prefix=%m [%p] %a %d ",
                  "-c",
                  "max_connections=60",
                  "-c",
                  "max_prepared_transactions=5"});
  }
  close(ends[0]);
  keep_alive_ = ends[1];
  conninfo_ = "host=" + folder_ + " port=" + port + " user=postgres";
  for (int tries = 0;
       run_as(nullptr, "/dev/null",
              {client_program("pg_isready").string(), "-q", "-h", folder_, "-p", port}) != 0;
       ++tries) {
    if (tries == 600) throw std::runtime_error("the server did not start:\n" + log());
    usleep(50'000);
  }
}

PgServer::~PgServer() {
  close(keep_alive_);
  waitpid(guard_, nullptr, 0);
}

std::string PgServer::log() const {
  return read_all(folder_ + "/log");
}

const std::string& test_server() {
  static const char* const given = std::getenv("ALOFT_TEST_SERVER");
  if (given) {
    static const std::string named = given;
    return named;
  }
  static const PgServer own;
  return own.conninfo();
}

std::string run_pg_program(const std::string& program, const std::string& arguments,
                           const std::string& input) {
  std::string pattern = (fs::temp_directory_path() / "aloft-run-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
  const fs::path folder = pattern;
  std::ofstream(folder / "in") << input;
  const int status =
      std::system(("'" + client_program(program).string() + "' " + arguments + " < '" +
                   (folder / "in").string() + "' > '" + (folder / "out").string() + "' 2>&1")
                      .c_str());
  const std::string printed = read_all(folder / "out");
  fs::remove_all(folder);
  if (status != 0) throw std::runtime_error(program + " failed: " + printed);
  return printed;
}

}  // namespace aloft::test
