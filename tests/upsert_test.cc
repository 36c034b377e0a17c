// Two upserts of one new key that meet while a change of the key's column is under way, from step
// to step and back: both go through, as they did before.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <future>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "engine/plan/plan_json.h"
#include "engine/plan/rollback.h"
#include "tests/online_run.h"
#include "tests/support/recording_observer.h"

namespace aloft {
namespace {

using test::TestDatabase;

/// Filling this index takes a moment. PostgreSQL fills a table's indexes in the order in which they
/// were made: one that is older than the key holds a row up between the look for a conflict and the
/// key's own index.
constexpr const char* kNap =
    "CREATE FUNCTION nap(n integer) RETURNS integer IMMUTABLE LANGUAGE plpgsql AS 'BEGIN IF n < 0"
    " THEN PERFORM pg_sleep(0.2); END IF; RETURN n; END';\n";
constexpr const char* kNapIndex = "CREATE INDEX stock_nap ON stock (nap(n));\n";

struct Change {
  std::string name;
  std::string table;          ///< "(...)" and what follows, without its key
  std::string key;            ///< the statement that makes it
  std::string wanted;         ///< the table in the files, followed by its key if that is `key`
  std::string before = "id";  ///< what ON CONFLICT names
  std::string after = "";     ///< the same of the next application; empty: it is the same one
  bool key_in_table = true;   ///< does `wanted` say the key itself?
};

void PrintTo(const Change& change, std::ostream* out) {
  *out << change.name;
}

/// After each step two upserts of one new key meet, as each application says it.
struct Meetings : test::RecordingObserver {
  Meetings(const TestDatabase& on, const Change& of) : database(on), change(of) {}

  void step_finished(const Step& step, std::int64_t) override {
    const bool next = !change.after.empty();
    keyed |= std::ranges::any_of(step.sql, [](const std::string& statement) {
      return statement.starts_with("CREATE UNIQUE INDEX");
    });
    ends |= next && step.after_soak;
    if (!ends) meet(change.before, change.before, step);
    if (next && keyed) meet(change.after, change.after, step);
    if (next && keyed && !ends) meet(change.before, change.after, step);
  }

  /// Where the second one is late it finds the row there: then it was no meeting, but right.
  void meet(const std::string& one, const std::string& other, const Step& step) {
    ++key;
    const auto upsert = [&](const std::string& target) {
      const auto session = database.connect();
      const std::string column = target.substr(0, target.find_first_of(",)"));
      const std::string number = std::to_string(key);
      try {
        session->execute("INSERT INTO public.stock (" + column + ", n) VALUES (" + number +
                         ", -1) ON CONFLICT (" + target + ") " +
                         (key % 3 == 0 ? "DO NOTHING" : "DO UPDATE SET n = 0"));
      } catch (const DbError& error) {
        ADD_FAILURE() << one << ", " << other << " after step " << step.id << ": " << error.what();
      }
    };
    auto first = std::async(std::launch::async, upsert, one);
    upsert(other);
    first.get();
  }

  const TestDatabase& database;
  const Change& change;
  int key = 1000;
  bool keyed = false, ends = false;
};

class Upserts : public ::testing::TestWithParam<Change> {
 protected:
  void SetUp() override {
    const Change& change = GetParam();
    database_.run(kNap + ("CREATE TABLE stock " + change.table + ";\n") + kNapIndex + change.key);
    database_.run("INSERT INTO stock (id, n) SELECT g, g FROM generate_series(1, 50) g");
    write_file(file_, kNap + change.wanted + kNapIndex + (change.key_in_table ? "" : change.key));
    session_ = database_.connect();
    plan_ = test::online_plan(*session_, file_);
  }
  void TearDown() override { std::remove(file_.c_str()); }

  void expect_every_key_once(const std::string& column) {
    EXPECT_EQ(
        database_.run("SELECT count(*), count(DISTINCT " + column + ") FROM stock"),
        std::to_string(meetings_.key - 950) + "|" + std::to_string(meetings_.key - 950) + "\n");
  }

  const TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + database_.name() + ".sql";
  std::unique_ptr<Session> session_;
  Plan plan_;
  Meetings meetings_{database_, GetParam()};
};

TEST_P(Upserts, OfOneNewKeyMeetAtEveryStep) {
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan_, *session_, meetings_)));
  EXPECT_TRUE(meetings_.keyed);
  expect_every_key_once(GetParam().after.empty() ? "id" : GetParam().after);
  test::expect_no_changes(database_, file_);
}

TEST_P(Upserts, OfOneNewKeyMeetOnTheWayBack) {
  ASSERT_TRUE(
      std::holds_alternative<Applied>(test::run_online(plan_, *session_, true, {}, 3'600'000)));
  const auto open = read_open_run(*session_);
  ASSERT_TRUE(open);
  const auto back = rollback_plan(plan_from_json(open->plan), open->done);
  ASSERT_TRUE(std::holds_alternative<Plan>(back));
  ASSERT_TRUE(std::holds_alternative<Applied>(
      test::run_online(std::get<Plan>(back), *session_, meetings_, open->id)));
  expect_every_key_once("id");
}

TEST_P(Upserts, OfARowThatIsThereWaitForNobody) {
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan_, *session_, false)));
  const auto nothing = [&](Session& session, int id) {
    session.execute("INSERT INTO public.stock (id, n) VALUES (" + std::to_string(id) +
                    ", 1) ON CONFLICT (" + GetParam().before + ") DO NOTHING");
  };
  const auto other = database_.connect(), own = database_.connect();
  other->execute("BEGIN");
  other->execute("UPDATE public.stock SET n = 7 WHERE id = 1");
  other->execute("SELECT FROM public.stock WHERE id = 2 FOR KEY SHARE");
  own->execute("SET lock_timeout = '2s'");
  for (int id : {2, 3}) {
    nothing(*other, id);
    nothing(*own, id);
  }
  // As it is without a guard: who writes it, or has just put it in, is waited for.
  other->execute("DELETE FROM public.stock WHERE id = 4");
  nothing(*other, 5000);
  own->execute("SET lock_timeout = '100ms'");
  for (int id : {1, 4, 5000}) EXPECT_THROW(nothing(*own, id), DbError) << id;
}

TEST_P(Upserts, NeedNoMoreRightsThanBefore) {
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan_, *session_, false)));
  const std::string role = "writer_of_" + database_.name();
  EXPECT_EQ(database_.run("BEGIN; CREATE ROLE " + role + "; GRANT INSERT ON stock TO " + role +
                          "; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO " + role +
                          "; SET LOCAL ROLE " + role +
                          "; INSERT INTO stock (id, n) VALUES (5000, 1); RESET ROLE; SELECT n FROM"
                          " stock WHERE id = 5000; ROLLBACK"),
            "1\n");
}

TEST(UpsertsOverMoreThanKeys, AreGuardedOrToldOf) {
  const TestDatabase database;
  const std::string rest =
      " n integer, data json, twice integer GENERATED ALWAYS AS (n * 2) STORED);"
      "CREATE UNIQUE INDEX stock_data ON stock (id) INCLUDE (data);"
      "CREATE UNIQUE INDEX stock_twice ON stock (id, twice);";
  database.run("CREATE TABLE stock (id integer NOT NULL," + rest +
               "INSERT INTO stock VALUES (1, 1, '{}')");
  const std::string file = ::testing::TempDir() + database.name() + ".sql";
  write_file(file, "CREATE TABLE stock (id bigint NOT NULL," + rest);
  const auto session = database.connect();
  const Plan plan = test::online_plan(*session, file);
  std::string told;
  for (const Step& step : plan.steps)
    for (const HazardNote& note : step.hazards)
      if (note.why.find("23505") != std::string::npos) told += note.why + "\n";
  EXPECT_NE(told.find("stock_twice"), std::string::npos);
  EXPECT_EQ(told.find("stock_data"), std::string::npos);
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan, *session, false)));
  database.run("UPDATE stock SET data = '[]'; UPDATE stock SET id = 2");
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan, *session, true)));
  test::expect_no_changes(database, file);
  std::remove(file.c_str());
}

std::vector<Change> changes() {
  const std::string key = "ALTER TABLE stock ADD PRIMARY KEY (id);\n";
  return {
      {.name = "PrimaryKey",
       .table = "(id integer NOT NULL, n integer)",
       .key = key,
       .wanted = "CREATE TABLE stock (id bigint PRIMARY KEY, n integer);\n"},
      {.name = "UniqueIndex",
       .table = "(no bigserial PRIMARY KEY, id integer NOT NULL, n integer)",
       .key = "CREATE UNIQUE INDEX stock_id ON stock (id);\n",
       .wanted = "CREATE TABLE stock (no bigserial PRIMARY KEY, id bigint NOT NULL, n integer);\n",
       .key_in_table = false},
      {.name = "IndexOfSomeRows",
       .table = "(no bigserial PRIMARY KEY, id integer NOT NULL, n integer)",
       .key = "CREATE UNIQUE INDEX stock_id ON stock (id) WHERE n <> 6;\n",
       .wanted = "CREATE TABLE stock (no bigserial PRIMARY KEY, id bigint NOT NULL, n integer);\n",
       .before = "id) WHERE (n <> 6",
       .key_in_table = false},
      {.name = "KeyOfPartitions",
       .table = "(id integer NOT NULL, day integer NOT NULL DEFAULT 1, n integer) PARTITION BY "
                "LIST (day);\nCREATE TABLE stock_1 PARTITION OF stock FOR VALUES IN (1)",
       .key = "ALTER TABLE stock ADD PRIMARY KEY (id, day);\n",
       .wanted = "CREATE TABLE stock (id bigint NOT NULL, day integer NOT NULL DEFAULT 1, n "
                 "integer, PRIMARY KEY (id, day)) PARTITION BY LIST (day);\nCREATE TABLE stock_1 "
                 "PARTITION OF stock FOR VALUES IN (1);\n",
       .before = "id, day"},
      {.name = "SecondColumn",
       .table = "(no bigserial PRIMARY KEY, id integer NOT NULL, n integer)",
       .key = "ALTER TABLE stock ADD CONSTRAINT stock_key UNIQUE (id);\n",
       .wanted = "CREATE TABLE stock (no bigserial PRIMARY KEY,\n-- aloft: renamed from id\n"
                 "number integer NOT NULL, n integer, more text, CONSTRAINT stock_key UNIQUE "
                 "(number));\n",
       .after = "number"},
  };
}

TEST(UpsertsOfARunByALogin, NeedWhatItMayDoBeforeAnythingIsDone) {
  const TestDatabase database;
  const std::string file = ::testing::TempDir() + database.name() + ".sql";
  const std::string role = "runner_of_" + database.name();
  const auto run_as = [&](const std::string& login, const std::string& type) {
    write_file(file, "CREATE TABLE stock (id " + type + " PRIMARY KEY, n integer);");
    const auto session = open_session(database.conninfo() + login);
    const Plan plan = test::online_plan(*session, file);
    return test::run_online(plan, *session, false);
  };
  ASSERT_TRUE(std::holds_alternative<Applied>(run_as("", "integer")));
  database.run("CREATE ROLE " + role + " LOGIN; GRANT CREATE ON SCHEMA public TO " + role +
               "; ALTER TABLE stock OWNER TO " + role +
               "; GRANT USAGE, CREATE ON SCHEMA aloft TO " + role +
               "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA aloft TO " + role +
               "; REVOKE DELETE ON aloft.turn FROM " + role);
  const Outcome refused = run_as(" user=" + role, "bigint");
  ASSERT_TRUE(std::holds_alternative<Failed>(refused));
  EXPECT_EQ(std::get<Failed>(refused).step, "");
  EXPECT_NE(std::get<Failed>(refused).message.find("DELETE ON ALL TABLES"), std::string::npos)
      << std::get<Failed>(refused).message;
  EXPECT_EQ(database.run("SELECT count(*) FROM pg_attribute WHERE attrelid = 'stock'::regclass AND"
                         " attnum > 0"),
            "2\n");
  database.run("GRANT DELETE ON aloft.turn TO " + role);
  EXPECT_TRUE(std::holds_alternative<Applied>(run_as(" user=" + role, "bigint")));
  EXPECT_EQ(database.run("INSERT INTO stock VALUES (1, 1) ON CONFLICT (id) DO NOTHING RETURNING 1"),
            "1\n");
  database.run("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
  std::remove(file.c_str());
}

INSTANTIATE_TEST_SUITE_P(Changes, Upserts, ::testing::ValuesIn(changes()),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace aloft
