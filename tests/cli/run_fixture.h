#pragma once

#include <gtest/gtest.h>

#include <cstdio>

#include "cli/compare.h"
#include "engine/base/file_reader.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/plan_json.h"
#include "tests/cli/captured_command.h"
#include "tests/support/test_database.h"

namespace aloft::test {

inline constexpr const char* kOld =
    "CREATE TABLE public.t (id integer NOT NULL, v integer);"
    "CREATE TABLE public.other (id integer);";
inline constexpr const char* kNew =
    "CREATE TABLE public.t (id bigint NOT NULL, v integer);"
    "CREATE TABLE public.other (id integer);";

inline Step step(std::vector<std::string> sql, std::vector<std::string> undo, Phase phase) {
  Step made;
  made.phase = phase;
  made.object = table_id("public", "t");
  made.sql = std::move(sql);
  made.undo = std::move(undo);
  made.why = "step of the test";
  return made;
}

/// What leads from kOld to kNew by a shadow column, in its simplest form.
inline Plan shadow_plan() {
  Plan plan;
  plan.tool_version = "test";
  plan.search_path = "public";
  plan.steps = {
      step({"ALTER TABLE public.t ADD COLUMN id_x bigint"},
           {"ALTER TABLE public.t DROP COLUMN id_x"}, Phase::Expand),
      step({"UPDATE public.t SET id_x = id WHERE (id_x IS DISTINCT FROM id)"}, {}, Phase::Backfill),
      step({"LOCK TABLE public.t", "ALTER TABLE public.t DROP COLUMN id",
            "ALTER TABLE public.t RENAME id_x TO id", "ALTER TABLE public.t ALTER id SET NOT NULL"},
           {}, Phase::Contract)};
  plan.steps[0].locks = {{"public.t", LockLevel::AccessExclusive}};
  plan.steps[1].batch = "public.t";
  plan.steps[1].undone_by_others = true;
  plan.steps[2].hazards = {{Hazard::Irreversible, "the old column goes"}};
  plan.steps[2].proofs = {
      {"SELECT NOT EXISTS (SELECT FROM public.t WHERE id_x IS DISTINCT FROM id)",
       "every row is copied"}};
  for (std::size_t i = 0; i < plan.steps.size(); ++i) plan.steps[i].id = std::to_string(i + 1);
  const ObjectId id = child_id(Kind::Column, table_id("public", "t"), "id");
  Snapshot desired;
  desired.columns[id] = {.type = "bigint", .not_null = true};
  plan.scaffold = {child_id(Kind::Column, table_id("public", "t"), "id_x")};
  plan.leads_to = {{to_string(id), fingerprint(desired, id)}};
  plan.id = plan_hash(plan);
  return plan;
}

/// A database as kOld has it, and commands that lead it to kNew.
class RunCommands : public CapturedCommand {
 protected:
  void SetUp() override {
    database_.run(std::string(kOld) + "INSERT INTO t SELECT i, i FROM generate_series(1, 500) i");
    options_.db = database_.conninfo();
    options_.db_said = options_.yes = true;
    options_.desired = {file("desired.sql", kNew)};
  }
  void TearDown() override {
    for (const std::string& path : files_) std::remove(path.c_str());
  }

  std::string file(const std::string& name, const std::string& text) {
    const std::string path = ::testing::TempDir() + "/" + database_.name() + "_" + name;
    write_file(path, text);
    files_.push_back(path);
    return path;
  }
  bool said(const std::string& text) const { return (out_ + err_).find(text) != std::string::npos; }
  /// The options of an apply of the plan.
  CommandOptions applying() {
    CommandOptions options = options_;
    options.plan_file = file("plan.json", plan_to_json(shadow_plan()));
    return options;
  }
  /// Carries the plan out up to contract.
  void expand() { ASSERT_EQ(call(apply_command, applying()), ExitCode::Ok) << err_; }
  /// The options with other desired files.
  CommandOptions desiring(const std::string& sql) {
    CommandOptions options = options_;
    options.desired = {file("other.sql", sql)};
    return options;
  }

  TestDatabase database_;
  CommandOptions options_;

 private:
  std::vector<std::string> files_;
};

}  // namespace aloft::test
