// What other tools fell into, made to happen at the worst moment: the application writes before
// and after each step of a run, whatever its search_path; and contract meets a run whose proof
// somebody took away.

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "tests/online_run.h"
#include "tests/support/recording_observer.h"

namespace aloft {
namespace {

using test::TestDatabase;

constexpr const char* kOld = "CREATE TABLE public.t (id integer PRIMARY KEY, v integer NOT NULL";
constexpr const char* kRows =
    "INSERT INTO t SELECT i, i FROM generate_series(1, 2000) i; CREATE SCHEMA later;"
    "ANALYZE";

/// Somebody who does something before the first step and after each.
struct BetweenSteps : test::RecordingObserver {
  explicit BetweenSteps(std::function<void(const Step&)> what) : what_(std::move(what)) {}
  void step_started(const Step& step) override {
    if (lines().empty()) what_(step);
    RecordingObserver::step_started(step);
  }
  void step_finished(const Step& step, std::int64_t elapsed_ms) override {
    RecordingObserver::step_finished(step, elapsed_ms);
    what_(step);
  }

 private:
  std::function<void(const Step&)> what_;
};

class Traps : public ::testing::Test {
 protected:
  void SetUp() override { database_.run(std::string(kOld) + ");" + kRows); }
  void TearDown() override { std::remove(file_.c_str()); }

  /// The plan that leads to these columns.
  Plan plan_to(const std::string& columns) const {
    write_file(file_, "CREATE TABLE public.t (" + columns + ");\nCREATE SCHEMA later;");
    return test::online_plan(*database_.connect(), file_);
  }
  /// Carries it out to the end, with `application` before the first step and after each.
  void carry_out(const Plan& plan, const std::function<void(const Step&)>& application) {
    BetweenSteps observer([&](const Step& step) {
      try {
        application(step);
      } catch (const DbError& error) {
        ADD_FAILURE() << "at step " << step.id << ", " << step.sql[0] << ": " << error.what();
      }
      ++steps_;
    });
    const Outcome outcome = test::run_online(plan, *database_.connect(), observer);
    if (const auto* failed = std::get_if<Failed>(&outcome))
      FAIL() << "step " << failed->step << ": " << failed->message;
    ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
  }
  /// The plan that adds a column, beside a role with these rights on the table that says
  /// `statements` before the first step and after each.
  void beside_a_role(const std::string& rights, const std::string& column,
                     const std::vector<std::string>& statements) {
    const std::string role = "writer_" + database_.name();
    const std::string grant = "GRANT " + rights + " ON t TO " + role;
    database_.run("CREATE ROLE " + role + "; " + grant);
    write_file(file_,
               std::string(kOld) + ", " + column + ");\nCREATE SCHEMA later;\n" + grant + ";");
    const auto session = database_.connect();
    session->execute("SET ROLE " + role);
    carry_out(test::online_plan(*database_.connect(), file_), [&](const Step&) {
      for (const std::string& statement : statements) session->execute(statement);
    });
    session->execute("RESET ROLE");
    database_.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
  }
  /// Rows that no step has seen yet, as one that reads its bound too early would miss them; a row
  /// that is not filled yet, updated for another reason; and one whose value changes.
  void write(Session& session) {
    const std::string first = std::to_string(10'000 + 1'000 * steps_);
    session.execute("INSERT INTO public.t (id, v) SELECT i, i FROM generate_series(" + first +
                    ", " + first + " + 499) i");
    session.execute("UPDATE public.t SET id = -id WHERE id = 1999 - " + std::to_string(steps_));
    session.execute("UPDATE public.t SET v = v + 1 WHERE id = 1000");
  }

  TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
  int steps_ = 0;  ///< times that the application wrote
};

TEST_F(Traps, TheApplicationWritesAfterEachStepOfATypeChange) {
  const auto application = database_.connect();
  carry_out(plan_to("id integer PRIMARY KEY, v bigint NOT NULL"), [&](const Step&) {
    application->execute(steps_ % 2 == 0 ? "SET search_path = later" : "SET search_path = public");
    write(*application);
  });
  EXPECT_GT(steps_, 4);
  EXPECT_EQ(database_.run("SELECT pg_typeof(v), count(*) FROM t WHERE v = abs(id) GROUP BY 1"),
            "bigint|" + std::to_string(1999 + 500 * steps_) + "\n");
  EXPECT_EQ(database_.run("SELECT v FROM t WHERE id = 1000"), std::to_string(1000 + steps_) + "\n");
}

TEST_F(Traps, TheApplicationWritesAfterEachStepOfAFill) {
  const auto application = database_.connect();
  int written = 0;
  carry_out(plan_to("id integer PRIMARY KEY, v integer NOT NULL,\n-- aloft: backfill 'v' || v\n"
                    "label text NOT NULL"),
            [&](const Step& step) {
              // From contract on the new application gives the value itself.
              if (step.phase == Phase::Contract) return;
              write(*application);
              ++written;
            });
  EXPECT_GT(written, 3);
  EXPECT_EQ(
      database_.run("SELECT count(*), count(label) FROM t WHERE v = abs(id)"),
      std::to_string(1999 + 500 * written) + "|" + std::to_string(1999 + 500 * written) + "\n");
}

/// The run carried out up to contract, `sabotage` done to it, and contract asked for.
class TrapsOfContract : public Traps {
 protected:
  void expect_refused(const std::string& sabotage, const std::string& why) {
    const Plan plan = plan_to("id integer PRIMARY KEY, v bigint NOT NULL");
    const auto session = database_.connect();
    ASSERT_TRUE(std::holds_alternative<Applied>(test::run_online(plan, *session, false)));
    database_.run(sabotage);
    const Outcome outcome = test::run_online(plan, *session, true);
    const auto* failed = std::get_if<Failed>(&outcome);
    ASSERT_NE(failed, nullptr);
    EXPECT_NE(failed->message.find(why), std::string::npos) << failed->message;
    EXPECT_EQ(database_.run("SELECT pg_typeof(v), count(*) FROM t GROUP BY 1"), "integer|2000\n");
  }
};

constexpr const char* kCheckAgain =
    "SELECT format('ALTER TABLE t DROP CONSTRAINT %1$I; ALTER TABLE t ADD CONSTRAINT %1$I %2$s"
    " NOT VALID', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid ="
    " 't'::regclass AND conname LIKE 't_v_sync%'\n\\gexec";

TEST_F(TrapsOfContract, NeedsItsCheckToBeValidated) {
  expect_refused(kCheckAgain, "every row of public.t has its new value");
}

TEST_F(TrapsOfContract, NeedsItsTriggerToBeEnabled) {
  expect_refused("ALTER TABLE t DISABLE TRIGGER ALL", "the trigger that keeps the new column");
}

TEST_F(Traps, NumbersANewIdentityForWhoMayNotUseSequences) {
  beside_a_role("INSERT, SELECT, UPDATE", "number bigint GENERATED ALWAYS AS IDENTITY",
                {"INSERT INTO public.t (id, v) SELECT max(id) + 1, 1 FROM public.t",
                 "UPDATE public.t SET v = v + 1 WHERE id = 1000"});
  EXPECT_EQ(database_.run("SELECT count(*) = count(DISTINCT number) FROM t"), "t\n");
}

TEST_F(Traps, NumbersARowThatIsChangedByWhoMayNotUseSequences) {
  beside_a_role("SELECT, UPDATE", "number bigserial",
                {"UPDATE public.t SET v = v + 1 WHERE id = 1000"});
  EXPECT_EQ(database_.run("SELECT count(*) = count(DISTINCT number) FROM t"), "t\n");
}

// The batches may have been where its new version lies.
TEST_F(Traps, FillsARowThatIsChangedBeforeItsBatch) {
  int unfilled = 0;
  carry_out(plan_to("id integer PRIMARY KEY, v integer NOT NULL,"
                    " token uuid DEFAULT gen_random_uuid()"),
            [&](const Step&) {
              if (steps_ == 0) return;
              const std::string id = std::to_string(steps_);
              database_.run("UPDATE t SET v = v + 1 WHERE id = " + id);
              if (database_.run("SELECT token FROM t WHERE id = " + id) == "\n") ++unfilled;
            });
  EXPECT_GT(steps_, 2);
  EXPECT_EQ(unfilled, 0);
}

}  // namespace
}  // namespace aloft
