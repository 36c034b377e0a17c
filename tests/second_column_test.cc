// A column that gets another name by a second column: what stood on it serves the application that
// says the old name until the column goes, and what stands on the new one the other application.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "tests/online_run.h"
#include "tests/support/recording_observer.h"

namespace aloft {
namespace {

using test::TestDatabase;

/// A table with a key and an index on the column, under names that stay or not.
struct Names {
  std::string key_before, key_after;
};

/// `said`: what the files say of the column first.
std::string schema(const std::string& said, const std::string& column, const std::string& key,
                   const std::string& more) {
  return "CREATE TABLE people (id bigserial PRIMARY KEY,\n" + said + column +
         " text NOT NULL, CONSTRAINT " + key + " UNIQUE (" + column + "), note text" + more +
         ");\nCREATE INDEX people_idx ON people (lower(" + column + "));\n";
}

/// After each step it writes as the application does that says `mail`, until the column's end
/// begins, and as the one that says `email` once its key is there.
struct Upserts : test::RecordingObserver {
  explicit Upserts(const TestDatabase& on) : session(on.connect()) {
    session->execute("SET search_path = public");
  }
  void step_finished(const Step& step, std::int64_t) override {
    ends |= step.after_soak;
    keyed |= std::ranges::any_of(step.sql, [](const std::string& statement) {
      return statement.starts_with("CREATE UNIQUE INDEX");
    });
    if (!ends) write("mail", step);
    if (keyed) write("email", step);
  }
  void write(const std::string& column, const Step& step) {
    try {
      const std::string insert =
          "INSERT INTO people (" + column + ") VALUES ('" + std::to_string(++count) + "') ";
      session->execute(insert);
      session->execute(insert + "ON CONFLICT (" + column + ") DO UPDATE SET note = 'again'");
      EXPECT_THROW(session->execute(insert), DbError) << "twice after step " << step.id;
    } catch (const DbError& error) {
      ADD_FAILURE() << column << " after step " << step.id << ": " << error.what();
    }
  }
  std::unique_ptr<Session> session;
  bool ends = false, keyed = false;
  int count = 0;
};

class SecondColumn : public ::testing::TestWithParam<Names> {
 protected:
  ~SecondColumn() override { std::remove(file_.c_str()); }

  const TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + database_.name() + ".sql";
};

TEST_P(SecondColumn, KeepsWhatBothApplicationsGoBy) {
  database_.run(schema("", "mail", GetParam().key_before, ""));
  database_.run("INSERT INTO people (mail) SELECT 'a' || g FROM generate_series(1, 50) g");
  // The other change of the table rules out a view that stands for both names.
  write_file(file_,
             schema("-- aloft: renamed from mail\n", "email", GetParam().key_after, ", more text"));
  Upserts applications(database_);
  {
    const auto session = database_.connect();
    const Plan plan = test::online_plan(*session, file_);
    test::run_online(plan, *session, applications);
  }
  EXPECT_TRUE(applications.ends && applications.keyed);
  EXPECT_EQ(
      database_.run("SELECT count(*) FILTER (WHERE note = 'again'), count(*) FROM people"),
      std::to_string(applications.count) + "|" + std::to_string(applications.count + 50) + "\n");
  test::expect_no_changes(database_, file_);
}

/// What the plan says of the rename of column a, in a table that is `made` so and has one column
/// more in the files.
std::string ways_of(const std::string& made, const std::string& wanted) {
  const TestDatabase database;
  database.run(made);
  const std::string file = ::testing::TempDir() + database.name() + ".sql";
  write_file(file, wanted);
  const auto session = database.connect();
  const Plan plan = test::online_plan(*session, file);
  std::remove(file.c_str());
  std::string ways;
  for (const Step& step : plan.steps)
    for (const std::string& statement : step.sql) {
      if (statement.find("RENAME COLUMN a TO b") != std::string::npos) ways += "renamed ";
      if (statement.find("ADD COLUMN b integer") != std::string::npos) ways += "second ";
      if (statement.starts_with("CREATE VIEW")) ways += "view ";
    }
  const bool told = std::ranges::any_of(plan.notes, [](const std::string& note) {
    return note.find("becomes b by a second column") != std::string::npos;
  });
  return ways + (told ? "told" : "");
}

TEST(SecondColumnOrRename, IsTheNextBestWayAfterAView) {
  const std::string is = "CREATE TABLE t (id integer PRIMARY KEY, a integer";
  const std::string was = "CREATE TABLE t (id integer PRIMARY KEY,\n-- aloft: renamed from a\nb ";
  EXPECT_EQ(ways_of(is + ")", was + "integer)"), "view renamed ");
  const std::string more = ", more text)";
  const std::string other = was + "integer" + more;
  EXPECT_EQ(ways_of(is + ")", other), "second told");
  EXPECT_EQ(ways_of(is + "); CREATE PUBLICATION p FOR TABLE t", was + "integer)"), "second told");
  EXPECT_EQ(
      ways_of("CREATE TABLE u (id integer PRIMARY KEY); " + is + " REFERENCES u)",
              "CREATE TABLE u (id integer PRIMARY KEY);\n" + was + "integer REFERENCES u" + more),
      "second told");
  EXPECT_EQ(ways_of(is + "); CREATE VIEW v AS SELECT a AS x FROM t",
                    other + "; CREATE VIEW v AS SELECT b AS x FROM t"),
            "second view told");
  // What does not follow it, and what changes with its name.
  EXPECT_EQ(
      ways_of(is + " UNIQUE); CREATE TABLE u (a integer REFERENCES t (a))",
              was + "integer UNIQUE" + more + "; CREATE TABLE u (a integer REFERENCES t (b))"),
      "renamed ");
  EXPECT_EQ(
      ways_of("CREATE TYPE digit AS ENUM ('1', '2'); CREATE TABLE t (id integer PRIMARY KEY, a"
              " digit)",
              "CREATE TYPE digit AS ENUM ('1', '2', '3');\n" + was + "digit" + more),
      "renamed ");
  EXPECT_EQ(ways_of(is + "); CREATE STATISTICS s ON id, a FROM t", other), "renamed ");
  EXPECT_EQ(ways_of(is + ") PARTITION BY HASH (id)", other + " PARTITION BY HASH (id)"),
            "second told");
  EXPECT_EQ(ways_of(is + ")", was + "bigint" + more), "renamed ");
  EXPECT_EQ(ways_of(is + ")", was + "integer DEFAULT 1" + more), "renamed ");
  EXPECT_EQ(ways_of(is + " DEFAULT 1)", was + "integer DEFAULT 1" + more), "renamed ");
  EXPECT_EQ(ways_of(is + " NOT NULL DEFAULT 1)", was + "integer NOT NULL DEFAULT 1" + more),
            "second told");
  EXPECT_EQ(ways_of(is + ")",
                    "CREATE TABLE t (id integer PRIMARY KEY,\n-- aloft: renamed from a\n"
                    "-- aloft: in place\nb integer" +
                        more),
            "renamed ");
}

INSTANTIATE_TEST_SUITE_P(Keys, SecondColumn,
                         ::testing::Values(Names{"people_mail_key", "people_email_key"},
                                           Names{"people_key", "people_key"}),
                         [](const auto& param) { return param.param.key_after; });

}  // namespace
}  // namespace aloft
