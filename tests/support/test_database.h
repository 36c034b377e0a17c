#pragma once

#include <memory>
#include <string>

#include "engine/db/session.h"
#include "tests/support/pg_server.h"

namespace aloft::test {

/// A fresh, empty database on the test server, or on another (keywords for libpq without a
/// database), dropped at the end with whoever is still connected.
class TestDatabase {
 public:
  TestDatabase() : TestDatabase(test_server()) {}
  explicit TestDatabase(const std::string& server) : TestDatabase(server, "template0") {}
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  const std::string& name() const { return name_; }
  const std::string& conninfo() const { return conninfo_; }
  /// Another database with the same content. Nobody may be connected to this one.
  TestDatabase copy() const { return TestDatabase(server_, name_); }
  /// Runs any SQL text with psql, which stops at the first error. Returns what it printed,
  /// unaligned and without headers. Throws std::runtime_error.
  std::string run(const std::string& sql) const;
  /// The same for a file.
  std::string run_file(const std::string& path) const;
  std::unique_ptr<Session> connect() const { return open_session(conninfo_); }

 private:
  TestDatabase(const std::string& server, const std::string& original);

  std::string server_, name_, conninfo_;
};

}  // namespace aloft::test
