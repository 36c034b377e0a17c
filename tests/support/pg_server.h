#pragma once

#include <sys/types.h>

#include <string>

namespace aloft::test {

/// A throw-away PostgreSQL: a fresh cluster in a temporary folder, run by a user other than root,
/// stopped and removed when the object or the process ends, however it ends. Binaries come from
/// ALOFT_PG_BINDIR, else from the newest /usr/lib/postgresql/*/bin.
class PgServer {
 public:
  /// Starts it. Throws std::runtime_error with the tail of the log.
  PgServer();
  ~PgServer();
  PgServer(const PgServer&) = delete;
  PgServer& operator=(const PgServer&) = delete;

  /// Keywords for libpq without a database: host, port, user (a superuser).
  const std::string& conninfo() const { return conninfo_; }
  /// Everything the server logged so far.
  std::string log() const;

 private:
  std::string folder_, conninfo_;
  int keep_alive_ = -1;  ///< when this pipe closes, the guard stops the server
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
