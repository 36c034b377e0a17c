#include "tests/support/test_database.h"

#include <unistd.h>

namespace aloft::test {
namespace {

std::string psql(const std::string& conninfo, const std::string& more, const std::string& input) {
  return run_pg_program("psql", "-X -q -A -t -v ON_ERROR_STOP=1 -d \"" + conninfo + "\"" + more,
                        input);
}

}  // namespace

TestDatabase::TestDatabase(const std::string& server, const std::string& original)
    : server_(server) {
  static int count = 0;
  name_ = "aloft_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  psql(server_ + " dbname=postgres", "",
       "CREATE DATABASE " + name_ + " TEMPLATE " + original + ";");
  conninfo_ = server_ + " dbname=" + name_;
}

TestDatabase::~TestDatabase() {
  try {
    psql(server_ + " dbname=postgres", "", "DROP DATABASE " + name_ + " WITH (FORCE);");
  } catch (const std::exception&) {
    // The server goes with all its databases when the process ends.
  }
}

std::string TestDatabase::run(const std::string& sql) const {
  return psql(conninfo_, "", sql);
}

std::string TestDatabase::run_file(const std::string& path) const {
  return psql(conninfo_, " -f '" + path + "'", "");
}

}  // namespace aloft::test
