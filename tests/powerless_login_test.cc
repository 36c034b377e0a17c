// A login with only CONNECT and USAGE, read-only by default, without CREATEDB and TEMP, plans; and
// the server's log shows that nothing of the desired files was executed.

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <sstream>

#include "cli/compare.h"
#include "engine/base/file_reader.h"
#include "engine/plan/plan_json.h"
#include "tests/support/pg_server.h"
#include "tests/support/test_database.h"

namespace aloft {
namespace {

constexpr const char* kLive = R"(
CREATE TABLE customers (id bigint PRIMARY KEY, email text, level integer CHECK (level IN (1, 2, 3)));
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, note varchar(20) DEFAULT 'x');
CREATE VIEW busy AS SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id;
CREATE FUNCTION left_over() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE POLICY own ON orders USING (note = CURRENT_USER);
INSERT INTO customers SELECT g, 'e', 1 FROM generate_series(1, 100) g;
)";

constexpr const char* kDesired = R"(
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, level integer CHECK (level = 1 OR level = 2 OR level = 3), marker_column date);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, note varchar(40) DEFAULT lower('X'));
CREATE INDEX marker_index ON orders (customer_id);
CREATE VIEW busy AS SELECT orders.customer_id, count(*) AS n FROM orders WHERE 'marker_view' <> '' GROUP BY 1;
CREATE FUNCTION marker_function() RETURNS integer LANGUAGE sql AS 'SELECT 42';
CREATE POLICY own ON orders USING (note = CURRENT_USER AND 'marker_policy' <> '');
)";

class PowerlessLogin : public ::testing::Test {
 protected:
  void SetUp() override {
    database_.run(kLive);
    database_.run(
        "DO $$ BEGIN IF to_regrole('aloft_powerless') IS NULL THEN CREATE ROLE aloft_powerless "
        "LOGIN; ALTER ROLE aloft_powerless SET default_transaction_read_only = on; "
        "ALTER ROLE aloft_powerless SET search_path = 'nowhere'; ALTER ROLE "
        "aloft_powerless SET DateStyle = 'German'; END IF; END $$");
    database_.run("REVOKE ALL ON DATABASE " + database_.name() +
                  " FROM PUBLIC; GRANT CONNECT ON DATABASE " + database_.name() +
                  " TO aloft_powerless");
    write_file(file_, kDesired);
  }
  void TearDown() override { std::remove(file_.c_str()); }

  std::string conninfo() const { return database_.conninfo() + " user=aloft_powerless"; }

  test::TestDatabase database_;
  std::string file_ = ::testing::TempDir() + "/aloft_powerless_" + database_.name() + ".sql";
};

std::optional<Plan> plan_as(const std::string& conninfo, const std::string& file) {
  const auto session = open_session(conninfo);
  Sources sources;
  Diagnostics diagnostics;
  const auto comparison = compare_with_server({.desired = {file}}, *session, sources, diagnostics);
  if (!comparison) return std::nullopt;
  return plan_of(*comparison, session.get(), {}, diagnostics);
}

TEST_F(PowerlessLogin, MakesThePlanThatASuperuserMakes) {
  const auto powerless = plan_as(conninfo(), file_);
  ASSERT_TRUE(powerless);
  const auto superuser = plan_as(database_.conninfo(), file_);
  ASSERT_TRUE(superuser);
  EXPECT_FALSE(powerless->changes.empty());
  EXPECT_EQ(powerless->changes, superuser->changes);
  EXPECT_EQ(powerless->steps.size(), superuser->steps.size());
}

TEST_F(PowerlessLogin, PlansNoChangesForWhatIsThere) {
  write_file(file_, std::string(kLive).substr(0, std::string(kLive).find("INSERT")));
  const auto plan = plan_as(conninfo(), file_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->changes.size(), 0U) << plan_to_json(*plan);
}

/// What the sessions called aloft had the server do, as its log has it: text of each statement.
std::vector<std::string> statements_of_aloft(const std::string& log) {
  std::vector<std::string> statements;
  std::istringstream lines(log);
  bool ours = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('\t')) {
      if (ours) statements.back() += "\n" + line.substr(1);
      continue;
    }
    // "LOG:  statement: X" of the simple protocol, "LOG:  execute <unnamed>: X" of the extended.
    const auto what = line.find("LOG:  ");
    const auto text = what == std::string::npos ? what : line.find(": ", what + 6);
    ours = text != std::string::npos && line.find("] aloft ") < what &&
           (line.compare(what + 6, 10, "statement:") == 0 ||
            line.compare(what + 6, 7, "execute") == 0);
    if (ours) statements.push_back(line.substr(text + 2));
  }
  return statements;
}

TEST_F(PowerlessLogin, ExecutesNothingOfTheFiles) {
  const test::PgServer server({"log_statement=all"});
  const std::string conninfo = server.conninfo() + " dbname=postgres";
  test::run_pg_program("psql", "-X -q -v ON_ERROR_STOP=1 -d \"" + conninfo + "\"", kLive);
  const std::string before = server.log();
  ASSERT_TRUE(plan_as(conninfo, file_));
  const auto statements = statements_of_aloft(server.log().substr(before.size()));
  const std::set<std::string> harmless{"SELECT",    "WITH",    "EXPLAIN",  "BEGIN", "SET",
                                       "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT"};
  int asked = 0;
  for (const std::string& statement : statements) {
    const auto first = statement.find_first_not_of(" \n");
    const std::string verb =
        statement.substr(first, statement.find_first_of(" \n;(", first) - first);
    EXPECT_TRUE(harmless.contains(verb)) << statement;
    // Names of functions are asked for as constants, which call nothing.
    if (statement.find("'marker_function'") != std::string::npos) continue;
    if (statement.find("marker_") == std::string::npos) continue;
    EXPECT_EQ(verb, "EXPLAIN") << statement;
    ++asked;
  }
  EXPECT_GT(asked, 0) << "the log shows statements, and those that ask about the files";
}

}  // namespace
}  // namespace aloft
