#include "planner/planner.h"

#include "tests/planner/plan_fixture.h"

namespace aloft {
namespace {

TEST_F(PlanTest, NothingToDoMakesNoSteps) {
  live.table("t", {"id"});
  desired.table("t", {"id"});
  const Plan made = plan();
  EXPECT_TRUE(made.steps.empty());
  EXPECT_TRUE(made.changes.empty());
}

TEST_F(PlanTest, NewTablesTakeTheirKeysAlongAndForeignKeysComeAfter) {
  // a and b refer to each other.
  desired.table("a", {"id", "b_id"});
  desired.table("b", {"id", "a_id"});
  const ObjectId a = desired.key("a", "a_pkey", "id"), b = desired.key("b", "b_pkey", "id");
  desired.foreign_key("a", "a_fk", "b_id", "b", b);
  desired.foreign_key("b", "b_fk", "a_id", "a", a);
  desired.index("a", "a_idx", "b_id");
  const Plan made = plan();
  expect_order(made, {"CREATE TABLE public.a", "CREATE TABLE public.b", "a_idx", "a_fk", "b_fk"});
  EXPECT_EQ(step_with(made, "a_pkey"), step_with(made, "CREATE TABLE public.a"));
  ASSERT_EQ(made.changes.size(), 3u);  // keys are said with their tables
}

TEST_F(PlanTest, DroppedTableTakesItsPartsAlongButForeignKeysGoFirst) {
  live.table("parent", {"id"});
  const ObjectId key = live.key("parent", "parent_pkey", "id");
  live.table("child", {"id", "parent_id"});
  live.index("child", "child_idx", "parent_id");
  live.foreign_key("child", "child_fk", "parent_id", "parent", key);
  live.table("stays", {"parent_id"});
  desired.table("stays", {"parent_id"});
  live.foreign_key("stays", "stays_fk", "parent_id", "parent", key);
  const Plan made = plan();
  expect_order(made, {"stays_fk", "child_fk", "DROP TABLE public.child"});
  expect_order(made, {"child_fk", "DROP TABLE public.parent"});
  EXPECT_EQ(step_with(made, "child_idx"), -1);
  EXPECT_EQ(phase_of(made, "DROP CONSTRAINT stays_fk"), Phase::Expand);
  EXPECT_EQ(phase_of(made, "DROP TABLE public.child"), Phase::Contract);
  EXPECT_EQ(made.changes.size(), 3u);
}

TEST_F(PlanTest, ViewIsRemadeAroundATypeChangeInOneTransaction) {
  for (Side* side : {&live, &desired}) {
    side->table("t", {"id", "note"});
    const ObjectId v = side->view("v", "SELECT id FROM public.t", {Side::column("t", "id")});
    side->view("w", "SELECT id FROM public.v", {v});
    side->view("other", "SELECT note FROM public.t", {Side::column("t", "note")});
  }
  desired.snapshot.columns[Side::column("t", "id")].said.edit().in_place = true;
  desired.snapshot.columns[Side::column("t", "id")].type = "bigint";
  const Plan made = plan();
  expect_order(made, {"DROP VIEW public.w", "DROP VIEW public.v", "TYPE bigint",
                      "CREATE VIEW public.v", "CREATE VIEW public.w"});
  EXPECT_EQ(step_with(made, "DROP VIEW public.w"), step_with(made, "CREATE VIEW public.w"));
  EXPECT_EQ(step_with(made, "public.other"), -1);
  ASSERT_EQ(made.changes.size(), 1u);
  EXPECT_EQ(made.changes[0].details, std::vector<std::string>{"type: integer -> bigint"});
}

TEST_F(PlanTest, DroppedColumnComesAfterWhatUsedIt) {
  live.table("t", {"id", "old"});
  desired.table("t", {"id"});
  live.index("t", "t_old_idx", "old");
  live.view("v", "SELECT id, old FROM public.t",
            {Side::column("t", "id"), Side::column("t", "old")});
  desired.view("v", "SELECT id FROM public.t", {Side::column("t", "id")});
  const Plan made = plan();
  expect_order(made, {"CREATE VIEW public.v", "t_old_idx", "DROP COLUMN old"});
  EXPECT_EQ(phase_of(made, "VIEW public.v"), Phase::Expand);
  EXPECT_EQ(phase_of(made, "DROP COLUMN old"), Phase::Contract);
}

TEST_F(PlanTest, NewCheckComesBeforeTheOldOneGoes) {
  for (Side* side : {&live, &desired}) side->table("t", {"id"});
  live.check("t", "old_check", "CHECK ((id > 0))");
  desired.check("t", "a_new_check", "CHECK ((id > 1))");
  const Plan made = plan();
  expect_order(made, {"a_new_check", "DROP CONSTRAINT old_check"});
  EXPECT_EQ(phase_of(made, "DROP CONSTRAINT old_check"), Phase::Expand);
}

TEST_F(PlanTest, TakenNameIsFreedFirst) {
  live.table("thing", {"id"});
  desired.table("base", {"id"});
  desired.view("thing", "SELECT id FROM public.base", {Side::column("base", "id")});
  const Plan made = plan();
  expect_order(made,
               {"CREATE TABLE public.base", "DROP TABLE public.thing", "CREATE VIEW public.thing"});
  EXPECT_EQ(phase_of(made, "CREATE TABLE public.base"), Phase::Expand);
  EXPECT_EQ(phase_of(made, "CREATE VIEW public.thing"), Phase::Contract);
}

TEST_F(PlanTest, CheckThatNeedsTheTablesRowTypeIsMadeAfterwards) {
  const ObjectId t = desired.table("t", {"id"});
  const ObjectId f = desired.function("f", "public.t", "boolean", {t});
  desired.check("t", "t_check", "CHECK (public.f(t.*))", {f});
  const Plan made = plan();
  expect_order(made, {"CREATE TABLE public.t", "FUNCTION public.f", "t_check"});
}

TEST_F(PlanTest, CycleIsExplained) {
  const ObjectId f = desired.function("f", "", "integer");
  const ObjectId g = desired.function("g", "", "integer");
  desired.needs(f, g);
  desired.needs(g, f);
  EXPECT_FALSE(plan(diff(live.snapshot, desired.snapshot)).has_value());
  EXPECT_NE(messages().find("function public.f() needs function public.g() needs function "
                            "public.f()"),
            std::string::npos)
      << messages();
  EXPECT_NE(messages().find("dependency-cycle"), std::string::npos);
}

TEST_F(PlanTest, DefaultStepsAsideForItsFunction) {
  // The function gets another return type, so it is dropped and made again.
  for (Side* side : {&live, &desired}) {
    side->table("t", {"id"});
    const ObjectId f = side->function("f", "", side == &live ? "integer" : "bigint");
    side->snapshot.columns[Side::column("t", "id")].default_value = {"public.f()", "public.f()"};
    side->needs(Side::column("t", "id"), f);
  }
  const Plan made = plan();
  expect_order(made, {"DROP DEFAULT", "DROP FUNCTION public.f",
                      "FUNCTION public.f() RETURNS bigint", "SET DEFAULT public.f()"});
  EXPECT_EQ(made.steps.size(), 1u) << script(made);
}

TEST_F(PlanTest, OverloadThatGoesTakesItsUsersAround) {
  // The view's text is the same, but means f(bigint) once f(integer) is gone.
  const ObjectId was = live.function("f", "integer", "integer");
  const ObjectId now = desired.function("f", "bigint", "integer");
  live.view("v", "SELECT public.f(1) AS f", {was});
  desired.view("v", "SELECT public.f(1) AS f", {now});
  const Plan made = plan();
  expect_order(made, {"FUNCTION public.f(bigint)", "DROP VIEW public.v",
                      "DROP FUNCTION public.f(integer)", "CREATE VIEW public.v"});
  EXPECT_EQ(phase_of(made, "FUNCTION public.f(bigint)"), Phase::Expand);
  EXPECT_EQ(phase_of(made, "DROP VIEW public.v"), Phase::Contract);
}

TEST_F(PlanTest, ForeignKeyIsRemadeAroundItsChangedKey) {
  for (Side* side : {&live, &desired}) {
    side->table("p", {"id", "k"});
    const ObjectId key =
        side->key("p", "p_key", side == &live ? "id" : "k", Constraint::Type::Unique);
    side->table("c", {"p_id"});
    side->foreign_key("c", "c_fk", "p_id", "p", key);
  }
  const Plan made = plan();
  expect_order(made, {"DROP CONSTRAINT c_fk", "DROP CONSTRAINT p_key", "ADD CONSTRAINT c_fk"});
}

TEST_F(PlanTest, ReplacedPrimaryKeyIsDroppedBeforeTheNewOneIsMade) {
  for (Side* side : {&live, &desired}) side->table("t", {"id", "k"});
  live.key("t", "z_key", "id");
  desired.key("t", "a_key", "k");
  for (Side* side : {&live, &desired})
    for (const char* c : {"id", "k"}) side->snapshot.columns[Side::column("t", c)].not_null = true;
  const Plan made = plan();
  expect_order(made, {"DROP CONSTRAINT z_key", "ADD CONSTRAINT a_key PRIMARY KEY"});
}

TEST_F(PlanTest, RoomIsMadeForAnOverlappingPartitionOnly) {
  for (Side* side : {&live, &desired}) {
    side->table("p", {"id"});
    side->snapshot.tables[table_id("public", "p")].partition_key = {"RANGE (id)", "RANGE (id)"};
  }
  const auto partition = [](Side& side, const std::string& name, const std::string& bound) {
    const ObjectId id = side.table(name, {"id"});
    side.snapshot.columns[Side::column(name, "id")].local = false;
    side.snapshot.tables[id].partition_of = {"public", "p"};
    side.snapshot.tables[id].partition_bound = {bound, bound};
    side.needs(id, table_id("public", "p"));
  };
  partition(live, "p_old", "FOR VALUES FROM (0) TO (10)");
  partition(live, "p_wide", "FOR VALUES FROM (20) TO (40)");
  partition(desired, "p_new", "FOR VALUES FROM (10) TO (20)");
  partition(desired, "p_half", "FOR VALUES FROM (20) TO (30)");
  const Plan made = plan();
  EXPECT_EQ(phase_of(made, "public.p_new"), Phase::Expand);
  EXPECT_EQ(phase_of(made, "public.p_half"), Phase::Contract);
  expect_order(made, {"DROP TABLE public.p_wide", "CREATE TABLE public.p_half"});
}

TEST_F(PlanTest, ColumnOfAPartitionFollowsItsParents) {
  for (Side* side : {&live, &desired}) {
    side->table("p", {"id"});
    const ObjectId c = side->table("c", {"id"});
    side->snapshot.tables[table_id("public", "p")].partition_key = {"RANGE (id)", "RANGE (id)"};
    side->snapshot.tables[c].partition_of = {"public", "p"};
    side->snapshot.tables[c].partition_bound = {"DEFAULT", "DEFAULT"};
    side->snapshot.columns[Side::column("c", "id")].local = false;
  }
  for (const char* t : {"p", "c"}) {
    desired.snapshot.columns[Side::column(t, "extra")] = {.type = "text", .local = t[0] == 'p'};
    desired.snapshot.tables[table_id("public", t)].column_order.push_back("extra");
  }
  const Plan made = plan();
  EXPECT_EQ(made.steps.size(), 1u) << script(made);
  EXPECT_EQ(made.changes.size(), 1u);
}

TEST_F(PlanTest, ColumnOrderThatStaysIsNoted) {
  live.table("t", {"a", "b"});
  desired.table("t", {"b", "a"});
  const Plan made = plan();
  ASSERT_TRUE(made.steps.empty());
  ASSERT_EQ(made.notes.size(), 1u);
  EXPECT_NE(made.notes[0].find("table public.t"), std::string::npos);
}

TEST_F(PlanTest, SerialSequenceComesBeforeItsTableAndGoesWithIt) {
  const auto serial = [](Side& side) {
    side.table("t", {"id"});
    const ObjectId seq = Side::named(Kind::Sequence, "t_id_seq");
    side.snapshot.sequences[seq].owned_by = Side::column("t", "id");
    side.snapshot.columns[Side::column("t", "id")].default_value = {
        "nextval('public.t_id_seq'::regclass)", "nextval('public.t_id_seq'::regclass)"};
    side.needs(Side::column("t", "id"), seq);
    side.needs(seq, Side::column("t", "id"));
  };
  serial(desired);
  expect_order(plan(), {"CREATE SEQUENCE public.t_id_seq", "CREATE TABLE public.t"});
  std::swap(live, desired);
  const Plan back = plan();
  EXPECT_EQ(back.steps.size(), 1u) << script(back);
  EXPECT_EQ(step_with(back, "DROP SEQUENCE"), -1);
}

TEST_F(PlanTest, SearchPathTakesExtensionSchemasIn) {
  for (Side* side : {&live, &desired}) {
    side->snapshot.search_path = {"app", "public"};
    side->snapshot.extensions[{.kind = Kind::Extension, .name = "citext"}].schema = "Ext";
    side->snapshot.extensions[{.kind = Kind::Extension, .name = "hstore"}].schema = "public";
  }
  EXPECT_EQ(plan().search_path, "app, public, \"Ext\"");
}

TEST_F(PlanTest, IndexThatGoesMakesWayForAnotherType) {
  for (Side* side : {&live, &desired}) side->table("t", {"doc"});
  live.index("t", "t_doc_idx", "doc");
  desired.snapshot.columns[Side::column("t", "doc")].said.edit().in_place = true;
  desired.snapshot.columns[Side::column("t", "doc")].type = "text";
  const Plan made = plan();
  expect_order(made, {"DROP INDEX CONCURRENTLY public.t_doc_idx", "TYPE text"});
  EXPECT_EQ(phase_of(made, "TYPE text"), Phase::Expand);
}

TEST_F(PlanTest, CheckThatSaysSomethingElseIsRemadeAroundATypeChange) {
  for (Side* side : {&live, &desired}) {
    side->table("t", {"n"});
    side->check("t", "n_check", side == &live ? "CHECK ((n > 0))" : "CHECK ((n <> ''::text))",
                {Side::column("t", "n")});
  }
  desired.snapshot.columns[Side::column("t", "n")].said.edit().in_place = true;
  desired.snapshot.columns[Side::column("t", "n")].type = "text";
  expect_order(plan(), {"DROP CONSTRAINT n_check", "TYPE text", "ADD CONSTRAINT n_check"});
}

TEST_F(PlanTest, NewForeignKeyWaitsUntilTheOldKeyIsGone) {
  // While both are there, PostgreSQL would tie it to the older one.
  for (Side* side : {&live, &desired}) {
    side->table("p", {"id"});
    side->table("c", {"p_id"});
  }
  live.key("p", "p_old", "id", Constraint::Type::Unique);
  const ObjectId key = desired.key("p", "p_new", "id", Constraint::Type::Unique);
  desired.foreign_key("c", "c_fk", "p_id", "p", key);
  expect_order(plan(), {"ADD CONSTRAINT p_new", "DROP CONSTRAINT p_old", "ADD CONSTRAINT c_fk"});
}

TEST_F(PlanTest, WhatAFunctionsTextNamesIsMadeFirst) {
  const ObjectId a = desired.function("a", "", "bigint");
  desired.function("z", "", "bigint");
  desired.snapshot.functions[a].body = {"SELECT public.z()", "SELECT public.z()"};
  expect_order(plan(), {"FUNCTION public.z()", "FUNCTION public.a()"});
}

TEST_F(PlanTest, DefaultsDoNotTieDroppedPartitionsToEachOther) {
  live.table("p", {"id"});
  live.table("c", {"id"});
  live.snapshot.tables[table_id("public", "p")].partition_key = {"LIST (id)", "LIST (id)"};
  live.snapshot.tables[table_id("public", "c")].partition_of = {"public", "p"};
  live.snapshot.columns[Side::column("c", "id")].local = false;
  live.needs(table_id("public", "c"), table_id("public", "p"));
  const ObjectId seq = Side::named(Kind::Sequence, "p_id_seq");
  live.snapshot.sequences[seq].owned_by = Side::column("p", "id");
  for (const char* t : {"p", "c"}) live.needs(Side::column(t, "id"), seq);
  expect_order(plan(), {"DROP TABLE public.c", "DROP TABLE public.p"});
}

TEST_F(PlanTest, SamePlanTwice) {
  for (const char* name : {"a", "b", "c"}) {
    desired.table(name, {"id", "x"});
    desired.index(name, std::string(name) + "_idx", "x");
  }
  EXPECT_EQ(plan(), plan());
}

}  // namespace
}  // namespace aloft
