#pragma once

#include <pwd.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace aloft::test {

/// A throw-away PostgreSQL: a fresh cluster in a temporary folder, run by a user other than root,
/// stopped and removed when the object or the process ends, however it ends. Binaries come from
/// ALOFT_PG_BINDIR, else from the newest /usr/lib/postgresql/*/bin.
class PgServer {
 public:
  /// Which server a standby streams from; the test promotes it with pg_promote().
  struct StandbyOf {
    const PgServer& primary;
  };

  /// Starts it, with `settings` ("shared_preload_libraries=x") besides those that make it fast.
  /// Throws std::runtime_error with the tail of the log.
  explicit PgServer(const std::vector<std::string>& settings = {});
  /// The same for a copy that follows its primary asynchronously.
  explicit PgServer(StandbyOf of, const std::vector<std::string>& settings = {});
  ~PgServer();
  PgServer(const PgServer&) = delete;
  PgServer& operator=(const PgServer&) = delete;

  /// Keywords for libpq without a database: host, port, user (a superuser).
  const std::string& conninfo() const { return conninfo_; }
  const std::string& host() const { return folder_; }  ///< the folder of its socket
  const std::string& port() const { return port_; }
  /// Everything the server logged so far.
  std::string log() const;
  /// Ends it as a crash does: no checkpoint, what was not flushed is lost.
  void stop_immediately() const;
  /// Starts it again and returns when it takes connections.
  void start() const;

 private:
  const passwd* make_folder(const std::vector<std::string>& settings);
  void run_or_throw(const passwd* user, const std::vector<std::string>& command) const;
  void run(const passwd* user, const std::vector<std::string>& settings);
  void wait_until_up() const;
  void tell_guard(char what) const;

  std::string folder_, port_, conninfo_;
  int keep_alive_ = -1;  ///< the guard's other end: when this closes it stops the server
  pid_t guard_ = -1;
};

/// The server that all tests of this process share: the one that ALOFT_TEST_SERVER names, or one of
/// its own, started on first use. Keywords for libpq without a database.
const std::string& test_server();

/// Runs a client program of PostgreSQL (psql, ...), the server's own or another version's, `input`
/// on its standard input. Returns what it printed on both outputs; throws std::runtime_error with
/// that where it fails.
std::string run_pg_program(const std::string& program, const std::string& arguments,
                           const std::string& input = "");

}  // namespace aloft::test
