#include "tests/support/pg_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
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

/// Where a server's files go: into memory, where there is room for some servers and none is asked
/// to flush. A file system is busy for long with the hundreds of small files of each database that
/// is made and dropped (ext4 passes over the inodes of those that were deleted lately).
fs::path folder_for(const std::vector<std::string>& settings) {
  const fs::path memory = "/dev/shm";
  constexpr std::uintmax_t kRoom = std::uintmax_t{6} << 30;  // bytes
  std::error_code none;
  const bool flushes = std::ranges::find(settings, "fsync=on") != settings.end();
  if (flushes || std::getenv("TMPDIR") != nullptr || !fs::is_directory(memory, none))
    return fs::temp_directory_path();
  const fs::space_info space = fs::space(memory, none);
  return none || space.available < kRoom ? fs::temp_directory_path() : memory;
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

/// What the test asks its guard for, a byte each; the guard answers with the same when it is done.
constexpr char kStop = 'q', kStart = 's';

/// In the guard: runs the server, stops and starts it when told, until the socket closes, which the
/// kernel does for a test process that dies; then stops it and removes the folder.
[[noreturn]] void guard_server(int socket_end, const passwd* user, const std::string& folder,
                               const std::vector<std::string>& command) {
  setsid();
  const auto start = [&] {
    const pid_t server = fork();
    if (server == 0) become(user, folder + "/log", command);
    return server;
  };
  // As pg_ctl stop -m immediate does.
  const auto stop = [](pid_t server) {
    if (server <= 0) return;
    kill(server, SIGQUIT);
    waitpid(server, nullptr, 0);
  };
  pid_t server = start();
  for (;;) {
    char byte = 0;
    const ssize_t got = read(socket_end, &byte, 1);
    if (got == 0) break;
    if (got < 0) continue;
    if (byte == kStop) {
      stop(server);
      server = -1;
    } else if (byte == kStart && server < 0) {
      server = start();
    }
    if (write(socket_end, &byte, 1) != 1) break;
  }
  stop(server);
  std::error_code none;
  fs::remove_all(folder, none);
  _exit(0);
}

}  // namespace

PgServer::PgServer(const std::vector<std::string>& settings) {
  const passwd* user = make_folder(settings);
  run_or_throw(user, {(bin_dir() / "initdb").string(), "-D", folder_ + "/data", "-U", "postgres",
                      "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"});
  run(user, settings);
}

PgServer::PgServer(StandbyOf of, const std::vector<std::string>& settings) {
  const passwd* user = make_folder(settings);
  run_or_throw(user, {client_program("pg_basebackup").string(), "-d", of.primary.conninfo(), "-D",
                      folder_ + "/data", "-R", "-X", "stream", "-c", "fast", "--no-sync"});
  run(user, settings);
}

const passwd* PgServer::make_folder(const std::vector<std::string>& settings) {
  const passwd* user = server_user();
  std::string pattern = (folder_for(settings) / "aloft-test-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
  folder_ = pattern;
  if (user && chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("cannot give " + folder_ + " to " + user->pw_name);
  return user;
}

void PgServer::run_or_throw(const passwd* user, const std::vector<std::string>& command) const {
  if (run_as(user, folder_ + "/log", command) != 0)
    throw std::runtime_error(command[0] + " failed:\n" + log());
}

void PgServer::run(const passwd* user, const std::vector<std::string>& settings) {
  port_ = std::to_string(free_port());
  conninfo_ = "host=" + folder_ + " port=" + port_ + " user=postgres";
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::runtime_error("no socket for the guard");
  guard_ = fork();
  if (guard_ == 0) {
    close(ends[1]);
    std::vector<std::string> command{
        (bin_dir() / "postgres").string(), "-D", folder_ + "/data", "-k", folder_, "-p", port_};
    for (const char* setting : {"listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=off",
                                "full_page_writes=off", "log_line_prefix=%m [%p] %a %d ",
                                "max_connections=60", "max_prepared_transactions=5"}) {
      command.push_back("-c");
      command.push_back(setting);
    }
    for (const std::string& setting : settings) command.insert(command.end(), {"-c", setting});
    guard_server(ends[0], user, folder_, command);
  }
  close(ends[0]);
  keep_alive_ = ends[1];
  wait_until_up();
}

void PgServer::wait_until_up() const {
  for (int tries = 0;
       run_as(nullptr, "/dev/null",
              {client_program("pg_isready").string(), "-q", "-h", folder_, "-p", port_}) != 0;
       ++tries) {
    if (tries == 600) throw std::runtime_error("the server did not start:\n" + log());
    usleep(50'000);
  }
}

void PgServer::tell_guard(char what) const {
  char answer = 0;
  if (write(keep_alive_, &what, 1) != 1 || read(keep_alive_, &answer, 1) != 1)
    throw std::runtime_error("the guard of the server is gone");
}

void PgServer::stop_immediately() const {
  tell_guard(kStop);
}

void PgServer::start() const {
  tell_guard(kStart);
  wait_until_up();
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
  // Where ::testing::TempDir() is: the files of tests go with the server.
  setenv("TEST_TMPDIR", own.host().c_str(), 0);
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
