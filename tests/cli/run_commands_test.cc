// The commands that carry a run with a scaffold from its first step to its last, or back.

#include "tests/cli/run_fixture.h"

namespace aloft::test {
namespace {

TEST_F(RunCommands, LeadFromTheFirstStepToTheLast) {
  EXPECT_EQ(call(status_command, options_), ExitCode::Ok);
  EXPECT_EQ(out_, "No run is open.\n");
  expand();
  EXPECT_TRUE(said("run aloft contract")) << out_;
  EXPECT_EQ(call(status_command, options_), ExitCode::Changes);
  for (const char* text :
       {"Run 1 waits for contract.", "2 of 3 done", "step 2: 500 rows", "next       step 3",
        "locks      1 try, none of them gave up", "aloft rollback takes it back"})
    EXPECT_TRUE(said(text)) << text << "\n" << out_;
  EXPECT_EQ(call(contract_command, options_), ExitCode::Gated);
  EXPECT_TRUE(said("--allow irreversible")) << err_;
  options_.allow = {Hazard::Irreversible};
  EXPECT_EQ(call(contract_command, options_), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("Done: 1 step")) << out_;
  EXPECT_EQ(call(status_command, options_), ExitCode::Ok);
  EXPECT_EQ(call(plan_command, options_), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("No changes.")) << out_;
  EXPECT_EQ(database_.run("SELECT count(*) FROM t WHERE id = v"), "500\n");
  EXPECT_EQ(call(contract_command, options_), ExitCode::Ok);
}

TEST_F(RunCommands, TakeTheRunBack) {
  expand();
  EXPECT_EQ(call(rollback_command, options_), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("ALTER TABLE public.t DROP COLUMN id_x;")) << out_;
  options_ = desiring(kOld);
  EXPECT_EQ(call(plan_command, options_), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("No changes.")) << out_;
  EXPECT_EQ(call(rollback_command, options_), ExitCode::Ok);
  EXPECT_TRUE(said("No run is open")) << out_;
}

TEST_F(RunCommands, DoNotTakeBackWhatHasNoWayBack) {
  Plan plan = shadow_plan();
  plan.steps[0].undo.clear();
  plan.id = plan_hash(plan);
  options_.plan_file = file("plan.json", plan_to_json(plan));
  ASSERT_EQ(call(apply_command, options_), ExitCode::Ok) << err_;
  EXPECT_EQ(call(rollback_command, options_), ExitCode::Error);
  EXPECT_TRUE(said("step 1: step of the test")) << err_;
  EXPECT_EQ(call(status_command, options_), ExitCode::Changes);
}

TEST_F(RunCommands, GoOnWithTheOpenRunsPlanAndNoOther) {
  expand();
  EXPECT_EQ(call(apply_command, options_), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("going on with its plan")) << err_;
  EXPECT_EQ(database_.run("SELECT count(*) FROM aloft.run"), "1\n");
  Plan other;
  other.id = plan_hash(other);
  options_.plan_file = file("another.json", plan_to_json(other));
  EXPECT_EQ(call(apply_command, options_), ExitCode::OtherDatabase);
  EXPECT_TRUE(said("aloft contract") && said("aloft rollback")) << err_;
}

TEST_F(RunCommands, PlanOnlyWhatTheOpenRunDoesNotDo) {
  expand();
  EXPECT_EQ(call(plan_command, options_), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("run 1 of ") && !said("bigint") && !said("id_x")) << out_;
  const CommandOptions more =
      desiring(std::string(kNew) + "CREATE TABLE public.third (id integer);");
  EXPECT_EQ(call(plan_command, more), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("third") && !said("bigint") && !said("id_x")) << out_;
}

TEST_F(RunCommands, PlanNothingThatCrossesTheOpenRun) {
  expand();
  const CommandOptions crossing = desiring(
      "CREATE TABLE public.t (id bigint NOT NULL, v bigint);"
      "CREATE TABLE public.other (id integer);");
  EXPECT_EQ(call(plan_command, crossing), ExitCode::Error);
  EXPECT_TRUE(said("[run-under-way]") && said("other.sql:1:")) << err_;
  const CommandOptions elsewhere = desiring(
      "CREATE TABLE public.t (id numeric NOT NULL, v integer);"
      "CREATE TABLE public.other (id integer);");
  EXPECT_EQ(call(plan_command, elsewhere), ExitCode::Error);
  EXPECT_TRUE(said("[run-under-way]")) << err_;
}

TEST_F(RunCommands, DumpNothingOfTheScaffold) {
  expand();
  EXPECT_EQ(call(dump_command, options_), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("CREATE TABLE public.t") && !said("id_x")) << out_;
}

TEST_F(RunCommands, AreToldThatTheJournalIsNotTheirsToRead) {
  expand();
  const std::string role = database_.name() + "_reader";
  database_.run("CREATE ROLE " + role + " LOGIN");
  options_.db += " user=" + role;
  call(plan_command, options_);
  EXPECT_TRUE(said("may not read the journal")) << out_ << err_;
  database_.run("DROP ROLE " + role);
}

TEST_F(RunCommands, SayTheSameInJson) {
  expand();
  options_.format = Format::Json;
  EXPECT_EQ(call(status_command, options_), ExitCode::Changes);
  EXPECT_TRUE(said("{\"open\":true,\"run\":\"1\"") && said("\"phase\":\"contract\"") &&
              said("\"rows\":500") && said("\"locks\":{\"tries\":1,\"gave_up\":0,\"stall_ms\":") &&
              said("\"index_builds\":{\"all\":0,\"done\":0}"))
      << out_;
}

TEST_F(RunCommands, PauseAndResumeOnlyWhatIsThere) {
  EXPECT_EQ(call(pause_command, options_), ExitCode::Error);
  expand();
  EXPECT_EQ(call(pause_command, options_), ExitCode::Ok);
  EXPECT_EQ(call(status_command, options_), ExitCode::Changes);
  EXPECT_TRUE(said("paused     by postgres from ")) << out_;
  EXPECT_EQ(call(resume_command, options_), ExitCode::Ok);
}

TEST_F(RunCommands, LeavesRoomForAnotherPlanWhereTheFirstStepFailed) {
  database_.run(
      "CREATE TYPE state AS ENUM ('new', 'held'); ALTER TABLE t ADD s state DEFAULT 'held'");
  const auto with = [](const std::string& column) {
    return "CREATE TYPE state AS ENUM ('new');"
           "CREATE TABLE public.t (id integer NOT NULL, v integer,\n" +
           column + "\ns state DEFAULT 'new');CREATE TABLE public.other (id integer);";
  };
  options_.planning.moment_ms = -1;
  options_.allow = {Hazard::AppBreaking};
  options_.desired = {file("held.sql", with(""))};
  EXPECT_EQ(call(apply_command, options_), ExitCode::Error);
  EXPECT_TRUE(said("no row of public.t holds 'held'")) << err_;
  options_.desired = {
      file("using.sql", with("-- aloft: using CASE s WHEN 'held' THEN 'new' ELSE s END"))};
  EXPECT_EQ(call(apply_command, options_), ExitCode::Ok) << err_;
  EXPECT_EQ(call(contract_command, options_), ExitCode::Ok) << err_;
  EXPECT_EQ(database_.run("SELECT DISTINCT s FROM t"), "new\n");
}

}  // namespace
}  // namespace aloft::test
