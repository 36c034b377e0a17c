// A table that changes by way of a second one: what is carried over from whoever writes, what stops
// the cut-over, and what keeps a table from going that way.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "tests/online_run.h"
#include "tests/support/let_wait.h"

namespace aloft {
namespace {

using test::TestDatabase;

constexpr std::int64_t kHour = 3'600'000;

class SwapTable : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(file_, "CREATE TABLE public.t (id int PRIMARY KEY, n int, note text);");
    database_.run(
        "CREATE UNLOGGED TABLE public.t (id int PRIMARY KEY, n int, note text);"
        "INSERT INTO t SELECT i, i, 'note' FROM generate_series(1, 500) i");
  }
  void TearDown() override { std::remove(file_.c_str()); }

  /// The plan, carried out until it waits.
  void expand() {
    const auto session = database_.connect();
    plan_ = test::online_plan(*session, file_);
    expect_waits(test::run_online(plan_, *session, false));
  }

  void expect_waits(const Outcome& outcome) {
    if (const auto* failed = std::get_if<Failed>(&outcome)) FAIL() << failed->message;
    const auto* applied = std::get_if<Applied>(&outcome);
    ASSERT_TRUE(applied != nullptr && applied->contract_waits);
  }

  /// The table that is there for the run alone and is called so for now.
  std::string second(const std::string& infix) const {
    const auto it = std::ranges::find_if(plan_.scaffold, [&](const ObjectId& id) {
      return id.kind == Kind::Table && id.name.find(infix) != std::string::npos;
    });
    return it == plan_.scaffold.end() ? "" : name_of(*it);
  }

  void expect_same_rows(const std::string& other) {
    EXPECT_EQ(database_.run("(TABLE t EXCEPT ALL TABLE " + other + ") UNION ALL (TABLE " + other +
                            " EXCEPT ALL TABLE t)"),
              "");
  }

  /// What contract fails with.
  std::string failure_of_contract() {
    const auto session = database_.connect();
    const Outcome outcome = test::run_online(plan_, *session, true);
    const auto* failed = std::get_if<Failed>(&outcome);
    return failed == nullptr ? "" : failed->message;
  }

  const TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
  Plan plan_{};
};

TEST_F(SwapTable, CarriesOverWhatAnySessionWrites) {
  const std::string login = "writer_" + database_.name();
  database_.run("CREATE ROLE " + login + "; GRANT SELECT, INSERT, UPDATE, DELETE ON t TO " + login);
  write_file(file_,
             "CREATE TABLE public.t (id int PRIMARY KEY, n int, note text);"
             "GRANT SELECT, INSERT, UPDATE, DELETE ON t TO " +
                 login);
  expand();
  if (HasFailure()) return;
  database_.run("SET ROLE " + login +
                "; INSERT INTO t VALUES (501, 1, NULL); UPDATE t SET n = 7 WHERE id < 10;"
                "UPDATE t SET id = id + 1000 WHERE id < 5; DELETE FROM t WHERE id = 6");
  database_.run("SET session_replication_role = replica; UPDATE t SET id = 600 - id WHERE id = 9");
  expect_same_rows(second("__new_"));
  EXPECT_EQ(database_.run("SELECT count(*) FROM " + second("__new_")), "500\n");
  database_.run("TRUNCATE t; INSERT INTO t VALUES (1, 1, 'again')");
  expect_same_rows(second("__new_"));
  database_.run("DROP OWNED BY " + login + "; DROP ROLE " + login);
}

// An event's own row is not the last word where another trigger writes the row too.
TEST_F(SwapTable, CarriesOverTheRowAsItIsAndNotAsAnEventHasIt) {
  const std::string counting =
      "CREATE FUNCTION public.count_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET "
      "n = n + 1 WHERE id = NEW.id + 1; UPDATE t SET note = 'seen' WHERE id = NEW.id; RETURN NULL; "
      "END $$; CREATE TRIGGER a AFTER UPDATE OF id ON public.t FOR EACH ROW EXECUTE FUNCTION "
      "public.count_up();";
  database_.run(counting);
  write_file(file_, read_file(file_) + counting);
  expand();
  if (HasFailure()) return;
  database_.run("UPDATE t SET id = id, n = 0 WHERE id < 100");
  expect_same_rows(second("__new_"));
  EXPECT_EQ(database_.run("SELECT count(*) FROM t WHERE note = 'seen'"), "99\n");
}

TEST_F(SwapTable, LeavesNoCopyOfARowWhoseDeletionCannotSeeIt) {
  const auto reader = database_.connect();
  reader->execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
  reader->query("SELECT 1");  // its snapshot is from before the copy
  expand();
  if (HasFailure()) return;
  try {
    reader->execute("DELETE FROM public.t WHERE id = 7");
    ADD_FAILURE() << "the copy of the row is still there";
  } catch (const DbError& error) {
    EXPECT_EQ(error.sqlstate, "40001") << error.what();
  }
  reader->execute("ROLLBACK");
  expect_same_rows(second("__new_"));
}

/// A batch and a write of one of its rows, either of which begins and holds what the other needs.
class SwapTableRace : public SwapTable {
 protected:
  void SetUp() override {
    SwapTable::SetUp();
    const auto session = database_.connect();
    plan_ = test::online_plan(*session, file_);
    session->execute("CREATE SCHEMA IF NOT EXISTS aloft");
    for (const std::string& statement : plan_.steps.at(0).sql) session->execute(statement);
  }

  /// The first is carried out and commits when the second waits for it.
  void let_wait(const std::string& first, const std::string& second) {
    test::let_wait(database_, first, second);
    database_.run(copy());
    expect_same_rows(second_table());
  }

  std::string second_table() const { return second("__new_"); }
  std::string copy() const { return plan_.steps.at(1).sql.at(0); }
};

TEST_F(SwapTableRace, ABatchWaitsForADeletionAndPassesTheRowOver) {
  let_wait("DELETE FROM public.t WHERE id = 7", copy());
}

TEST_F(SwapTableRace, ADeletionWaitsForABatchAndTakesTheCopyAlong) {
  let_wait(copy(), "DELETE FROM public.t WHERE id = 7");
}

TEST_F(SwapTableRace, ABatchWaitsForAnotherKey) {
  let_wait("UPDATE public.t SET id = 1007 WHERE id = 7", copy());
}

TEST_F(SwapTableRace, AnotherKeyWaitsForABatch) {
  let_wait(copy(), "UPDATE public.t SET id = 1007 WHERE id = 7");
}

TEST_F(SwapTableRace, ABatchLeavesTheCopyOfAnUpdate) {
  let_wait("UPDATE public.t SET n = -1 WHERE id = 7", copy());
}

TEST_F(SwapTableRace, AnUpdateSetsTheCopyOfABatchRight) {
  let_wait(copy(), "UPDATE public.t SET n = -1 WHERE id = 7");
}

TEST_F(SwapTable, IsNotCutOverWhereATriggerWasOff) {
  expand();
  if (HasFailure()) return;
  database_.run("ALTER TABLE t DISABLE TRIGGER USER");
  EXPECT_NE(failure_of_contract().find("are there and enabled"), std::string::npos);
  test::take_back(database_);
  EXPECT_EQ(database_.run("SELECT count(*) FROM t"), "500\n");
}

TEST_F(SwapTable, IsNotCutOverWhereTheRowsDiffer) {
  expand();
  if (HasFailure()) return;
  database_.run("UPDATE " + second("__new_") + " SET note = NULL WHERE id = 3");
  EXPECT_NE(failure_of_contract().find("does not hold the same rows"), std::string::npos);
}

TEST_F(SwapTable, IsNotCutOverWhereACrashHasEmptiedAnUnloggedTable) {
  expand();
  if (HasFailure()) return;
  // As the server does after a crash, and then both are written to.
  database_.run(
      "DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || string_agg(oid::regclass::text, ', ') "
      "FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'); END $$");
  database_.run("INSERT INTO t VALUES (9, 9, 'after')");
  EXPECT_NE(failure_of_contract().find("no crash of the server has emptied"), std::string::npos);
  test::take_back(database_);
  EXPECT_EQ(database_.run("SELECT note FROM t"), "after\n");
}

TEST_F(SwapTable, IsNotTakenBackToRowsThatAreOthers) {
  expand();
  if (HasFailure()) return;
  {
    const auto session = database_.connect();
    expect_waits(test::run_online(plan_, *session, true, {}, kHour));
  }
  database_.run("INSERT INTO t VALUES (700, 1, 'new')");
  expect_same_rows(second("__old_"));
  database_.run("DELETE FROM " + second("__old_") + " WHERE id = 700");
  const auto session = database_.connect();
  EXPECT_THROW(session->execute(plan_.steps[plan_.steps.size() - 3].undo.front()), DbError);
  database_.run("UPDATE t SET note = 'newer' WHERE id = 700");
  session->execute(plan_.steps[plan_.steps.size() - 3].undo.front());
}

TEST_F(SwapTable, ChangesTheAccessMethod) {
  const std::string table =
      "CREATE UNLOGGED TABLE public.t (id int PRIMARY KEY, n int, note text) USING ";
  database_.run("CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler");
  write_file(file_, table + "heap_too;");
  const auto session = database_.connect();
  plan_ = test::online_plan(*session, file_);
  EXPECT_TRUE(std::ranges::none_of(plan_.steps, &Step::rewrites));
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan_, *session, true)));
  EXPECT_EQ(database_.run("SELECT amname, count(*) FROM pg_am a JOIN pg_class c ON c.relam = a.oid,"
                          " t WHERE c.oid = 't'::regclass GROUP BY 1"),
            "heap_too|500\n");
}

TEST_F(SwapTable, MovesToAnotherTablespace) {
  const std::string space = "space_of_" + database_.name();
  const auto session = database_.connect();
  session->execute("SET allow_in_place_tablespaces = on");
  session->execute("CREATE TABLESPACE " + space + " LOCATION ''");
  write_file(file_,
             "CREATE UNLOGGED TABLE public.t (id int PRIMARY KEY, n int, note text) "
             "TABLESPACE " +
                 space + ";");
  plan_ = test::online_plan(*session, file_);
  EXPECT_FALSE(plan_.scaffold.empty());
  EXPECT_TRUE(std::ranges::none_of(plan_.steps, &Step::rewrites));
  ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan_, *session, true)));
  EXPECT_EQ(database_.run("SELECT spcname, count(*) FROM pg_tablespace s JOIN pg_class c ON"
                          " c.reltablespace = s.oid, t WHERE c.oid = 't'::regclass GROUP BY 1"),
            space + "|500\n");
  test::expect_no_changes(database_, file_);
  session->execute("DROP TABLE public.t");
  session->execute("DROP TABLESPACE " + space);
}

TEST_F(SwapTable, LetsViewsReadTheTableThatHasTheName) {
  const std::string views =
      "CREATE VIEW public.v AS SELECT id, note FROM public.t WHERE n > 0;"
      "CREATE VIEW public.above AS SELECT count(*) FROM public.v;";
  database_.run(views);
  write_file(file_, read_file(file_) + views);
  expand();
  if (HasFailure()) return;
  const std::string reads =
      "SELECT DISTINCT refobjid::regclass FROM pg_depend JOIN pg_rewrite r ON r.oid = objid WHERE "
      "ev_class = 'v'::regclass AND refclassid = 'pg_class'::regclass AND refobjid <> ev_class";
  {
    const auto session = database_.connect();
    expect_waits(test::run_online(plan_, *session, true, {}, kHour));
  }
  EXPECT_EQ(database_.run(reads), "t\n");
  database_.run("UPDATE v SET note = 'through it' WHERE id < 10");
  expect_same_rows(second("__old_"));
  test::take_back(database_);
  EXPECT_EQ(database_.run(reads), "t\n");
  EXPECT_EQ(database_.run("SELECT count(*) FROM v WHERE note = 'through it'"), "9\n");
  EXPECT_EQ(database_.run("TABLE above"), "500\n");
}

struct Obstacle {
  const char* sql;
  const char* says;
};

TEST_F(SwapTable, SaysWhatKeepsATableFromIt) {
  const Obstacle obstacles[] = {
      {"CREATE UNLOGGED TABLE public.other (id int REFERENCES public.t) PARTITION BY LIST (id);",
       "from a table with partitions"},
      {"CREATE UNLOGGED TABLE public.other (id int REFERENCES public.t ON DELETE CASCADE "
       "DEFERRABLE);",
       "is deferrable and acts on a deletion"},
      {"ALTER TABLE public.t ADD CONSTRAINT up FOREIGN KEY (n) REFERENCES public.t;",
       "constraint public.t.up refers to it, from the table itself"},
      {"CREATE MATERIALIZED VIEW public.v AS SELECT id FROM public.t;",
       "view public.v stands on it"},
      {"ALTER TABLE public.t FORCE ROW LEVEL SECURITY;", "holds for its owner too"},
      {"CREATE TABLE public.child () INHERITS (public.t);", "one of a tree of tables"},
      {"ALTER TABLE public.t ADD CONSTRAINT small CHECK (n < 9) NOT VALID;",
       "constraint small is NOT VALID"},
      {"CREATE STATISTICS public.both ON n, note FROM public.t;", "statistics"},
      {"CREATE PUBLICATION p FOR ALL TABLES;", "publication p"},
  };
  const std::string table = read_file(file_);
  for (const Obstacle& obstacle : obstacles) {
    SCOPED_TRACE(obstacle.sql);
    const TestDatabase database;
    database.run("CREATE UNLOGGED TABLE public.t (id int PRIMARY KEY, n int, note text);" +
                 std::string(obstacle.sql));
    const bool managed = std::string(obstacle.says).find("statistics") == std::string::npos &&
                         std::string(obstacle.says).find("publication") == std::string::npos;
    write_file(file_, table + (managed ? obstacle.sql : ""));
    const auto session = database.connect();
    const Plan plan = test::online_plan(*session, file_);
    const auto plain = std::ranges::find_if(plan.steps, &Step::rewrites);
    ASSERT_NE(plain, plan.steps.end());
    EXPECT_NE(plain->why.find(obstacle.says), std::string::npos) << plain->why;
  }
}

constexpr const char* kApart =
    "CREATE UNLOGGED TABLE public.t (id int PRIMARY KEY, n int, note text,"
    " CONSTRAINT apart EXCLUDE USING btree (n WITH =));";

TEST_F(SwapTable, HoldsAnExclusionConstraintFromExpandOn) {
  write_file(file_, kApart);
  expand();
  if (HasFailure()) return;
  EXPECT_THROW(database_.run("INSERT INTO t VALUES (501, 7, NULL)"), std::runtime_error);
  EXPECT_THROW(database_.run("UPDATE t SET n = 7 WHERE id = 8"), std::runtime_error);
  database_.run("DELETE FROM t WHERE id = 7; INSERT INTO t VALUES (501, 7, NULL)");
  expect_same_rows(second("__new_"));
  EXPECT_EQ(failure_of_contract(), "");
  EXPECT_THROW(database_.run("INSERT INTO t VALUES (502, 7, NULL)"), std::runtime_error);
  test::expect_no_changes(database_, file_);
}

TEST_F(SwapTable, EndsWhereRowsExcludeEachOtherAndIsTakenBack) {
  database_.run("UPDATE t SET n = 1 WHERE id = 2");
  write_file(file_, kApart);
  {
    const auto session = database_.connect();
    plan_ = test::online_plan(*session, file_);
    const Outcome outcome = test::run_online(plan_, *session, false);
    const auto* failed = std::get_if<Failed>(&outcome);
    ASSERT_NE(failed, nullptr);
    EXPECT_NE(failed->message.find("exclusion constraint"), std::string::npos) << failed->message;
  }
  test::take_back(database_);
  database_.run("INSERT INTO t VALUES (501, 7, NULL)");
  EXPECT_EQ(database_.run("SELECT count(*) FROM t"), "501\n");
}

}  // namespace
}  // namespace aloft
