#include "engine/db/session.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "engine/db/db_error.h"
#include "tests/db/scripted_server.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

class SessionTest : public testing::Test {
 protected:
  static const TestDatabase& database() {
    static const TestDatabase only;
    return only;
  }
  /// The SQLSTATE and message with which the server refuses.
  static DbError error_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const DbError& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was refused";
    return {"", ""};
  }
  std::unique_ptr<Session> session_ = database().connect();
};

TEST_F(SessionTest, ReturnsTextAndNull) {
  const Rows rows = session_->query("SELECT 1, NULL, 'x' UNION ALL SELECT 2, '', NULL");
  EXPECT_EQ(rows, (Rows{{"1", std::nullopt, "x"}, {"2", "", std::nullopt}}));
}

TEST_F(SessionTest, PinsSettingsWhateverTheRoleSays) {
  database().run(
      "CREATE ROLE pinned LOGIN SUPERUSER; ALTER ROLE pinned SET timezone = 'Asia/Tokyo';"
      "ALTER ROLE pinned SET search_path = public;"
      "ALTER ROLE pinned SET quote_all_identifiers = on;"
      "ALTER ROLE pinned SET intervalstyle = iso_8601");
  const auto other =
      open_session(database().conninfo() + " user=pinned options='-c datestyle=SQL'");
  EXPECT_EQ(other->query("SELECT current_setting('search_path'), current_setting('timezone'),"
                         " current_setting('datestyle'), current_setting('intervalstyle'),"
                         " quote_ident('a'), current_setting('application_name')"),
            (Rows{{"", "UTC", "ISO, MDY", "postgres", "a", "aloft"}}));
  database().run("DROP ROLE pinned");
}

TEST_F(SessionTest, PipelineReturnsTheRowsOfEachStatement) {
  const auto all = session_->pipeline({"BEGIN", "SELECT 1", "SELECT 2 WHERE false",
                                       "SELECT 'a' UNION ALL SELECT 'b' ORDER BY 1", "COMMIT"});
  ASSERT_EQ(all.size(), 5U);
  EXPECT_TRUE(all[0].empty());
  EXPECT_EQ(all[1], (Rows{{"1"}}));
  EXPECT_TRUE(all[2].empty());
  EXPECT_EQ(all[3], (Rows{{"a"}, {"b"}}));
}

TEST_F(SessionTest, PipelineStopsAtTheFirstError) {
  session_->execute("CREATE TABLE public.stopped (a int)");
  session_->execute("BEGIN");
  const DbError error = error_of([&] {
    session_->pipeline({"INSERT INTO public.stopped VALUES (1)", "SELECT 1 / 0",
                        "INSERT INTO public.stopped VALUES (2)"});
  });
  EXPECT_EQ(error.sqlstate, "22012");
  EXPECT_NE(std::string(error.what()).find("while: SELECT 1 / 0"), std::string::npos);
  session_->execute("ROLLBACK");
  EXPECT_EQ(session_->query("SELECT count(*) FROM public.stopped"), (Rows{{"0"}}));
}

/// A timeout or a cancel that comes when all of a pipeline is done, and before its end is told.
TEST_F(SessionTest, AnErrorAtThePipelinesEndLeavesTheSessionUsable) {
  const ScriptedServer server(3);  // the settings of a new session are the first statement
  const auto session = open_session(server.conninfo());
  const DbError error = error_of([&] { session->pipeline({"SELECT 1", "SELECT 2"}); });
  EXPECT_TRUE(error.is_canceled()) << error.sqlstate;
  EXPECT_EQ(session->query("ROLLBACK"), (Rows{{"row 4"}}));
  EXPECT_EQ(session->pipeline({"SELECT 5", "SELECT 6"}),
            (std::vector<Rows>{{{"row 5"}}, {{"row 6"}}}));
}

TEST_F(SessionTest, SendsMoreThanTheSocketHolds) {
  std::vector<std::string> statements{"BEGIN"};
  for (int i = 0; i < 2000; ++i)
    statements.push_back("SELECT repeat('x', 5000), '" + std::string(2000, 'y') + "'");
  std::size_t rows = 0;
  session_->stream(statements, [&](std::size_t, RowView row) { rows += row[0]->size() == 5000; });
  EXPECT_EQ(rows, 2000U);
}

TEST_F(SessionTest, ASinkThatThrowsLeavesTheSessionUsable) {
  EXPECT_THROW(session_->stream({"SELECT 1", "SELECT 2"},
                                [](std::size_t, RowView) { throw std::logic_error("no"); }),
               std::logic_error);
  EXPECT_EQ(session_->query("SELECT 3"), (Rows{{"3"}}));
}

TEST_F(SessionTest, RefusesTwoStatementsInOne) {
  EXPECT_EQ(error_of([&] { session_->query("SELECT 1; DROP TABLE x"); }).sqlstate, "42601");
}

TEST_F(SessionTest, KeepsTheServersDetailAndHint) {
  session_->execute("CREATE TABLE public.kept (a int UNIQUE)");
  session_->execute("INSERT INTO public.kept VALUES (1)");
  const DbError error = error_of([&] { session_->execute("INSERT INTO public.kept VALUES (1)"); });
  EXPECT_EQ(error.sqlstate, "23505");
  EXPECT_NE(std::string(error.what()).find("DETAIL: Key (a)=(1) already exists."),
            std::string::npos);
}

TEST_F(SessionTest, ALostConnectionIsToldFromARefusedStatement) {
  const Rows pid = session_->query("SELECT pg_backend_pid()");
  database().connect()->execute("SELECT pg_terminate_backend(" + *pid[0][0] + ", 5000)");
  EXPECT_TRUE(error_of([&] { session_->query("SELECT 1"); }).is_connection_lost());
  EXPECT_TRUE(error_of([&] { session_->pipeline({"SELECT 1"}); }).is_connection_lost());
}

TEST_F(SessionTest, CancelsFromAnotherThread) {
  std::jthread canceller([&] {
    const auto watcher = database().connect();
    const std::string running =
        "SELECT count(*) FROM pg_stat_activity WHERE datname ="
        " current_database() AND query LIKE 'SELECT pg_sleep%'";
    while (*watcher->query(running)[0][0] == "0") std::this_thread::yield();
    session_->cancel();
  });
  EXPECT_TRUE(error_of([&] { session_->query("SELECT pg_sleep(60)"); }).is_canceled());
}

TEST(OpenSessionTest, NeverShowsAPassword) {
  for (const char* conninfo : {"postgres://u:hunter2%ZZ@h/db", "hunter2",
                               "host=127.0.0.1 port=1 password=hunter2", "password='hunter2"}) {
    try {
      open_session(conninfo);
      ADD_FAILURE() << conninfo;
    } catch (const DbError& error) {
      EXPECT_EQ(error.sqlstate, "08001");
      EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace aloft::test
