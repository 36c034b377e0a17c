// A plain table that becomes one with partitions: what is carried over of rows that move between
// them, what stops the run, and what keeps a table from going that way.

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

constexpr const char* kPlain =
    "CREATE TABLE public.t (id int PRIMARY KEY, part int NOT NULL, note text);";
constexpr const char* kTree =
    "CREATE TABLE public.t (id int, part int NOT NULL, note text, PRIMARY KEY (id, part)) "
    "PARTITION BY LIST (part);"
    "CREATE TABLE public.t_1 PARTITION OF public.t FOR VALUES IN (1);"
    "CREATE TABLE public.t_2 PARTITION OF public.t FOR VALUES IN (2);";

class SwapPartitions : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(file_, kTree);
    database_.run(kPlain + std::string("INSERT INTO t SELECT i, i % 2 + 1, 'note' FROM "
                                       "generate_series(1, 500) i"));
  }
  void TearDown() override { std::remove(file_.c_str()); }

  /// The plan, carried out until it waits or fails.
  Outcome carry_out(bool contract, std::int64_t soak_ms = 0) {
    const auto session = database_.connect();
    plan_ = test::online_plan(*session, file_);
    return test::run_online(plan_, *session, contract, {}, soak_ms);
  }

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

  /// The first is carried out and commits when the second waits for it.
  void let_wait(const std::string& first, const std::string& second_statement) {
    test::let_wait(database_, first, second_statement);
  }

  const TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
  Plan plan_{};
};

/// A batch and a row that moves to another partition, which is no change of the first table's key.
class SwapPartitionsRace : public SwapPartitions {
 protected:
  void SetUp() override {
    SwapPartitions::SetUp();
    const auto session = database_.connect();
    plan_ = test::online_plan(*session, file_);
    session->execute("CREATE SCHEMA IF NOT EXISTS aloft");
    for (const Step& step : plan_.steps) {
      if (step.phase == Phase::Backfill) break;
      for (const std::string& statement : step.sql) session->execute(statement);
    }
  }

  std::string copy() const {
    return std::ranges::find(plan_.steps, Phase::Backfill, &Step::phase)->sql.at(0);
  }
};

TEST_F(SwapPartitionsRace, ARowThatMovesWaitsForABatchAndTakesTheCopyAlong) {
  let_wait(copy(), "UPDATE public.t SET part = 3 - part WHERE id = 7");
  database_.run(copy());
  expect_same_rows(second("__new_"));
}

TEST_F(SwapPartitionsRace, ABatchWaitsForARowThatMoves) {
  let_wait("UPDATE public.t SET part = 3 - part WHERE id = 7", copy());
  database_.run(copy());
  expect_same_rows(second("__new_"));
}

TEST_F(SwapPartitions, EndsBeforeItsTriggersWhereARowHasNoPartition) {
  database_.run("INSERT INTO t VALUES (501, 3, 'beyond')");
  const Outcome outcome = carry_out(false);
  const auto* failed = std::get_if<Failed>(&outcome);
  ASSERT_NE(failed, nullptr);
  EXPECT_NE(failed->message.find("in none of the partitions"), std::string::npos)
      << failed->message;
  EXPECT_EQ(database_.run("INSERT INTO t VALUES (502, 4, 'too'); SELECT count(*) FROM t"), "502\n");
  test::take_back(database_);
  EXPECT_EQ(database_.run("SELECT count(*) FROM pg_class WHERE relname LIKE 't\\_%' AND relkind IN "
                          "('r', 'p')"),
            "0\n");
}

TEST_F(SwapPartitions, KeepsTheFirstTableUpAfterTheCutOver) {
  const Outcome outcome = carry_out(true, 3'600'000);
  ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
  database_.run(
      "UPDATE t SET part = 3 - part WHERE id < 50; UPDATE t SET id = id + 1 WHERE id > 400;"
      "DELETE FROM t WHERE id BETWEEN 100 AND 150; INSERT INTO t VALUES (1000, 2, 'new');"
      "SET session_replication_role = replica; UPDATE t SET note = 'seen' WHERE part = 2");
  expect_same_rows(second("__old_"));
  EXPECT_EQ(database_.run("SELECT count(*) FROM " + second("__old_")), "450\n");
  database_.run("TRUNCATE t; INSERT INTO t VALUES (1, 1, 'again')");
  expect_same_rows(second("__old_"));
}

/// An event's own row is not the last word where another trigger moves the row on.
TEST_F(SwapPartitions, FollowsARowThatItsOwnTriggerMovesOn) {
  const std::string moving =
      "CREATE FUNCTION public.move_on() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET "
      "part = 1, note = 'moved on' WHERE id = NEW.id AND part = 2; RETURN NULL; END $$; CREATE "
      "TRIGGER a AFTER UPDATE OF note ON public.t FOR EACH ROW WHEN (NEW.part = 2) EXECUTE "
      "FUNCTION "
      "public.move_on();";
  database_.run(moving);
  write_file(file_, kTree + moving);
  ASSERT_TRUE(std::holds_alternative<Applied>(carry_out(true, 3'600'000)));
  database_.run("UPDATE t SET note = 'x', part = 2 WHERE id < 20");
  expect_same_rows(second("__old_"));
  EXPECT_EQ(database_.run("SELECT count(*) FROM t WHERE note = 'moved on' AND part = 1"), "10\n");
}

struct Obstacle {
  const char* before;
  const char* after;
  const char* says;
};

TEST_F(SwapPartitions, SaysWhatKeepsATableFromIt) {
  const std::string tree = kTree;
  const std::string keyless =
      "CREATE TABLE public.t (id int NOT NULL, part int NOT NULL, note text) PARTITION BY LIST "
      "(part); CREATE TABLE public.t_1 PARTITION OF public.t FOR VALUES IN (1);";
  const std::string bare = tree.substr(0, tree.find("CREATE TABLE public.t_1"));
  const Obstacle obstacles[] = {
      {"", keyless.c_str(), "does not hold the columns of the old one"},
      {"", bare.c_str(), "say no partition"},
      {"CREATE TABLE public.t_1 (id int NOT NULL, part int NOT NULL, note text);", tree.c_str(),
       "table public.t_1 is there already"},
      {"ALTER TABLE public.t SET UNLOGGED;", tree.c_str(), "is unlogged"},
      {"CREATE TABLE public.child () INHERITS (public.t);", tree.c_str(),
       "one of a tree of tables"},
      {"ALTER TABLE public.t ALTER COLUMN part DROP NOT NULL;", tree.c_str(),
       "column public.t.part changes in the same plan"},
  };
  for (const Obstacle& obstacle : obstacles) {
    SCOPED_TRACE(obstacle.says);
    database_.run("SET client_min_messages = error; DROP TABLE IF EXISTS t, t_1, child CASCADE;" +
                  std::string(kPlain) + obstacle.before + "INSERT INTO t VALUES (1, 1, 'n')");
    write_file(file_, obstacle.after);
    const Plan plan = test::online_plan(*database_.connect(), file_);
    EXPECT_TRUE(std::ranges::any_of(plan.steps, [&](const Step& step) {
      return !step.hazards.empty() && step.why.find(obstacle.says) != std::string::npos;
    }));
  }
}

}  // namespace
}  // namespace aloft
