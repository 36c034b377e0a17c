// The connection lost and the process killed at every statement of a run with a backfill.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "engine/execute/journal.h"
#include "tests/execute/filled_table.h"
#include "tests/support/faulty_session.h"

namespace aloft::test {
namespace {

constexpr const char* kSmallTable =
    "CREATE TABLE t (id int PRIMARY KEY, pad text);"
    "INSERT INTO t SELECT i, repeat('x', 350) FROM generate_series(1, 120) i";

/// Expand, backfill, and the proof that nothing was left out.
Plan whole_run() {
  return plan_of(
      {in_transaction(
           {"ALTER TABLE public.t ADD COLUMN big bigint",
            "ALTER TABLE public.t ADD CONSTRAINT sync CHECK (big IS NOT DISTINCT FROM id)"
            " NOT VALID"}),
       fill_big(), in_transaction({"ALTER TABLE public.t VALIDATE CONSTRAINT sync"})});
}

/// Carries the plan out again, on a whole connection.
void expect_resumes(const TestDatabase& db) {
  const auto session = db.connect();
  std::string holder;
  while (!take_run_lock(*session, holder)) db.run("SELECT pg_sleep(0.01)");
  SmallBatches runner;
  if (!is_carried_out(*session, whole_run().id)) {
    const Outcome outcome = runner.run(whole_run(), *session);
    EXPECT_TRUE(std::holds_alternative<Applied>(outcome)) << describe(outcome);
  }
  EXPECT_EQ(
      db.run("SELECT count(*) FILTER (WHERE big = id), (SELECT sum(rows) FROM aloft.backfill),"
             " (SELECT state FROM aloft.run), (SELECT count(*) FROM aloft.step WHERE state ="
             " 'done') FROM t"),
      "120|120|done|3\n");
}

bool lost_at(const TestDatabase& db, int at, Fault fault, Victim victim) {
  SmallBatches runner;
  FaultySession session(db.connect(), at, fault, victim);
  try {
    runner.run(whole_run(), session);
  } catch (const DbError& error) {
    EXPECT_TRUE(error.is_connection_lost()) << error.what();
  }
  return session.lost();
}

TEST(BackfillCrash, EndsInTheSamePlaceWhereverTheConnectionWasLost) {
  const TestDatabase db;
  for (const Fault fault : {Fault::BeforeItTookEffect, Fault::AfterItTookEffect}) {
    int at = 0;
    for (;; ++at) {
      SCOPED_TRACE(testing::Message() << "lost at statement " << at);
      start_over(db, kSmallTable);
      if (!lost_at(db, at, fault, Victim::Connection)) break;
      expect_resumes(db);
      if (HasFailure()) return;
    }
    EXPECT_GT(at, 40);
  }
}

TEST(BackfillCrash, EndsInTheSamePlaceWhereverTheProcessWasKilled) {
  const TestDatabase db;
  for (int at = 0;; ++at) {
    SCOPED_TRACE(testing::Message() << "killed at statement " << at);
    start_over(db, kSmallTable);
    const pid_t child = fork();
    if (child == 0) {
      lost_at(db, at, at % 2 == 0 ? Fault::BeforeItTookEffect : Fault::AfterItTookEffect,
              Victim::Process);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status)) break;
    expect_resumes(db);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace aloft::test
