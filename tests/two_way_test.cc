// Columns in the place of others, while the run waits: what either application writes, and what
// becomes of it on the other side.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "engine/plan/plan_json.h"
#include "tests/online_run.h"
#include "tests/support/recording_observer.h"

namespace aloft {
namespace {

using test::TestDatabase;

constexpr const char* kLive =
    "CREATE TABLE people (id bigint PRIMARY KEY, full_name text, note text);\n"
    "INSERT INTO people VALUES (1, 'Ada Lovelace'), (2, 'Jean  van Damme'), (3, NULL);\n";

constexpr const char* kDesired =
    "CREATE TABLE people (id bigint PRIMARY KEY, note text,\n"
    "  first_name text, -- aloft: using split_part(full_name, ' ', 1)\n"
    "  -- aloft: using split_part(full_name, ' ', 2)\n"
    "  -- aloft: reverse full_name = concat_ws(' ', first_name, last_name)\n"
    "  last_name text);\n";

/// One of the applications' statements, and the row that it leaves behind.
struct Write {
  const char* name;
  const char* sql;
  const char* row;  ///< full_name|first_name|last_name; "ERROR": it is refused
};

class TwoWay : public ::testing::TestWithParam<Write> {
 protected:
  void SetUp() override {
    database_.run(kLive);
    write_file(file_, kDesired);
  }
  void TearDown() override { std::remove(file_.c_str()); }

  /// Carries it out up to contract.
  void expand() const {
    const auto session = database_.connect();
    const Plan plan = test::online_plan(*session, file_);
    const Outcome outcome = test::run_online(plan, *session, false);
    const auto* applied = std::get_if<Applied>(&outcome);
    ASSERT_TRUE(applied != nullptr && applied->contract_waits);
  }
  std::string row(int id) const {
    return database_.run(
        "SELECT coalesce(full_name, '-'), coalesce(first_name, '-'), coalesce(last_name, '-')"
        " FROM people WHERE id = " +
        std::to_string(id));
  }

  const TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + database_.name() + ".sql";
};

TEST_P(TwoWay, CarriesOverWhatIsWritten) {
  expand();
  EXPECT_EQ(row(1), "Ada Lovelace|Ada|Lovelace\n");
  EXPECT_EQ(row(2), "Jean  van Damme|Jean|\n");  // filling it did not touch what it is made of
  EXPECT_EQ(row(3), "-|-|-\n");
  const Write& write = GetParam();
  if (std::string(write.row) == "ERROR") {
    EXPECT_THROW(database_.run(write.sql), std::runtime_error);
    EXPECT_EQ(row(1), "Ada Lovelace|Ada|Lovelace\n");
    return;
  }
  database_.run(write.sql);
  EXPECT_EQ(row(1), std::string(write.row) + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Writes, TwoWay,
    ::testing::Values(
        Write{"OldUpdate", "UPDATE people SET full_name = 'Grace Hopper' WHERE id = 1",
              "Grace Hopper|Grace|Hopper"},
        Write{"OldInsert",
              "DELETE FROM people; INSERT INTO people (id, full_name) VALUES (1, 'A B')",
              "A B|A|B"},
        Write{"OldClears", "UPDATE people SET full_name = NULL WHERE id = 1", "-|-|-"},
        Write{"OldUpserts",
              "INSERT INTO people (id, full_name) VALUES (1, 'C D')"
              " ON CONFLICT (id) DO UPDATE SET full_name = excluded.full_name",
              "C D|C|D"},
        Write{"NewUpdatesAPart", "UPDATE people SET first_name = 'Augusta' WHERE id = 1",
              "Augusta Lovelace|Augusta|Lovelace"},
        Write{"NewInsert",
              "DELETE FROM people; INSERT INTO people (id, first_name, last_name) VALUES (1, 'E', "
              "'F')",
              "E F|E|F"},
        Write{"NewInsertsAPart",
              "DELETE FROM people; INSERT INTO people (id, last_name) VALUES (1, 'F')", "F|-|F"},
        Write{"NewClears", "UPDATE people SET first_name = NULL, last_name = NULL WHERE id = 1",
              "|-|-"},
        Write{"NewUpserts",
              "INSERT INTO people (id, first_name, last_name) VALUES (1, 'G', 'H')"
              " ON CONFLICT (id) DO UPDATE SET last_name = excluded.last_name",
              "Ada H|Ada|H"},
        Write{"BothTheSame",
              "UPDATE people SET full_name = 'I J', first_name = 'I', last_name = 'J' WHERE id = 1",
              "I J|I|J"},
        Write{"BothDifferently",
              "UPDATE people SET full_name = 'I J', first_name = 'K' WHERE id = 1", "ERROR"},
        Write{"InsertsBothDifferently",
              "INSERT INTO people (id, full_name, last_name) VALUES (4, 'I J', 'K')", "ERROR"},
        // As with a row that moves to another partition.
        Write{"InsertsWhatOneOfThemGives",
              "DELETE FROM people; INSERT INTO people (id, full_name, first_name, last_name)"
              " VALUES (1, 'Mary Ann Smith', 'Mary Ann', 'Smith')",
              "Mary Ann Smith|Mary Ann|Smith"},
        Write{"OtherColumns", "UPDATE people SET note = 'x'", "Ada Lovelace|Ada|Lovelace"},
        // A value that does not come back from its parts is left alone by who writes others.
        Write{"NoRoundTrip",
              "UPDATE people SET note = 'x' WHERE id = 2;"
              " DELETE FROM people WHERE id = 1; UPDATE people SET id = 1 WHERE id = 2",
              "Jean  van Damme|Jean|"},
        // A row that the batches have not come to: the new application writes a part of it.
        Write{
            "NotFilledYet",
            "ALTER TABLE people DISABLE TRIGGER USER; UPDATE people SET first_name = NULL,"
            " last_name = NULL; DO $$ DECLARE t name := (SELECT tgname FROM pg_trigger WHERE"
            " tgrelid = 'people'::regclass); BEGIN EXECUTE format('ALTER TABLE people ENABLE ALWAYS"
            " TRIGGER %I', t); END $$; UPDATE people SET first_name = 'Augusta' WHERE id = 1",
            "Augusta Lovelace|Augusta|Lovelace"}),
    [](const auto& param) { return param.param.name; });

class TwoWayRun : public TwoWay {};

TEST_F(TwoWayRun, FollowsForReplicationToo) {
  expand();
  database_.run(
      "SET session_replication_role = replica; UPDATE people SET full_name = 'L M' WHERE id = 1");
  EXPECT_EQ(row(1), "L M|L|M\n");
}

TEST_F(TwoWayRun, IsTakenBackWithWhatTheNewApplicationWrote) {
  expand();
  database_.run("UPDATE people SET first_name = 'Augusta' WHERE id = 1");
  test::take_back(database_);
  EXPECT_EQ(database_.run("SELECT full_name FROM people ORDER BY id"),
            "Augusta Lovelace\nJean  van Damme\n\n");
}

/// Writes as both applications do, after each step: as the old one until contract, and as the
/// new one once the rows are filled.
struct WritesBetweenSteps : test::RecordingObserver {
  explicit WritesBetweenSteps(const TestDatabase& on) : session(on.connect()) {}
  void step_finished(const Step& step, std::int64_t) override {
    filled |= !step.batch.empty();
    contracts |= step.phase == Phase::Contract;
    try {
      if (!contracts) write("full_name", "'N O'");
      if (filled) write("first_name, last_name", "'N', 'O'");
      session->execute("UPDATE public.people SET note = note || 'x'");
    } catch (const DbError& error) {
      ADD_FAILURE() << "after step " << step.id << ", " << step.sql[0] << ": " << error.what();
    }
  }
  void write(const std::string& columns, const std::string& values) {
    session->execute("INSERT INTO public.people (id, " + columns + ") SELECT max(id) + 1, " +
                     values + " FROM public.people");
    ++rows;
  }
  std::unique_ptr<Session> session;
  bool filled = false, contracts = false;
  int rows = 3;
};

TEST_F(TwoWayRun, RefusesNoWriteAtAnyStep) {
  database_.run(
      "UPDATE people SET full_name = 'P Q' WHERE id = 3;"
      " ALTER TABLE people ALTER full_name SET NOT NULL");
  std::string required = kDesired;
  required.replace(required.find("first_name text,"), 16, "first_name text NOT NULL,");
  write_file(file_, required);
  WritesBetweenSteps application(database_);
  const auto session = database_.connect();
  const Plan plan = test::online_plan(*session, file_);
  ASSERT_GT(plan.steps.size(), 3u);
  test::run_online(plan, *session, application);
  EXPECT_EQ(database_.run("SELECT count(*), count(first_name), count(last_name) FROM people"),
            fmt::format("{0}|{0}|{0}\n", application.rows));
  test::expect_no_changes(database_, file_);
}

TEST_F(TwoWayRun, DropsNothingOnceTheTriggerIsOff) {
  expand();
  database_.run("ALTER TABLE people DISABLE TRIGGER USER");
  const auto session = database_.connect();
  const auto open = read_open_run(*session);
  ASSERT_TRUE(open);
  const Outcome outcome = test::run_online(plan_from_json(open->plan), *session, true);
  const auto* failed = std::get_if<Failed>(&outcome);
  ASSERT_NE(failed, nullptr);
  EXPECT_NE(failed->message.find("is there and enabled"), std::string::npos) << failed->message;
  EXPECT_EQ(row(1), "Ada Lovelace|Ada|Lovelace\n");
}

// A function with a mistake in it would refuse every write from expand on.
TEST_F(TwoWayRun, ChangesNothingWhereAnExpressionCannotBeRead) {
  for (const char* wrong : {"using", "backfill"}) {
    write_file(file_,
               "CREATE TABLE people (id bigint PRIMARY KEY, full_name text, note text,\n"
               "  short text -- aloft: " +
                   std::string(wrong) + " no_such_function(note)\n);\n");
    {
      const auto session = database_.connect();
      const Plan plan = test::online_plan(*session, file_);
      EXPECT_TRUE(std::holds_alternative<Failed>(test::run_online(plan, *session, false))) << wrong;
    }
    database_.run("INSERT INTO people VALUES ((SELECT max(id) + 1 FROM people), 'a', 'b')");
    test::take_back(database_);
  }
}

}  // namespace
}  // namespace aloft
