// `status --check`: what a sample of the rows says of what a run keeps equal while it waits.

#include <gtest/gtest.h>

#include <cstdio>

#include "engine/base/file_reader.h"
#include "tests/cli/captured_command.h"
#include "tests/support/test_database.h"

namespace aloft {
namespace {

constexpr const char* kOld =
    "CREATE TABLE public.t (id integer PRIMARY KEY, a text NOT NULL, b integer);"
    "CREATE INDEX t_b ON public.t (b);"
    "INSERT INTO public.t SELECT i, 'x', i FROM generate_series(1, 2000) i;";
/// With a column in another type instead.
constexpr const char* kBig =
    "CREATE TABLE public.t (id integer PRIMARY KEY, a text NOT NULL, b bigint);"
    "CREATE INDEX t_b ON public.t (b);";

/// With a column in two parts instead.
constexpr const char* kParts =
    "CREATE TABLE public.t (id integer PRIMARY KEY, a text NOT NULL,\n"
    "tens integer, -- aloft: using b / 10\n"
    "-- aloft: using b % 10\n-- aloft: reverse b = tens * 10 + ones\n"
    "ones integer DEFAULT 0);";

/// With a column in another unit instead.
constexpr const char* kUnit =
    "CREATE TABLE public.t (id integer PRIMARY KEY, a text NOT NULL,\n"
    "-- aloft: using b / 10.0\n-- aloft: reverse round(b * 10)::integer\n"
    "b numeric);"
    "CREATE INDEX t_b ON public.t (b);";
/// With a column that a second table brings.
constexpr const char* kComputed =
    "CREATE TABLE public.t (id integer PRIMARY KEY, a text NOT NULL, b integer,"
    "twice integer GENERATED ALWAYS AS (b * 2) STORED);"
    "CREATE INDEX t_b ON public.t (b);";

/// Without a column.
constexpr const char* kLess = "CREATE TABLE public.t (id integer PRIMARY KEY, b integer);";

class SampleOfRows : public test::CapturedCommand {
 protected:
  void SetUp() override {
    database_.run(kOld);
    options_.db = database_.conninfo();
    options_.db_said = options_.yes = options_.check = true;
    options_.allow = {Hazard::DataLoss, Hazard::Irreversible, Hazard::AppBreaking};
    options_.planning.moment_ms = -1;
  }
  void TearDown() override { std::remove(file_.c_str()); }

  using CapturedCommand::call;
  ExitCode call(ExitCode (*command)(const CommandOptions&)) { return call(command, options_); }
  bool said(const std::string& text) const { return unfolded().find(text) != std::string::npos; }
  void expand(const std::string& desired) {
    write_file(file_, desired);
    options_.desired = {file_};
    ASSERT_EQ(call(apply_command), ExitCode::Ok) << err_;
  }
  void cut_over() {
    options_.soak_ms = 3'600'000;
    ASSERT_EQ(call(contract_command), ExitCode::Ok) << err_;
    ASSERT_TRUE(said("aloft contract again")) << out_;
  }
  std::string one_of(const char* sql) {
    std::string text = database_.run(sql);
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

  test::TestDatabase database_;
  CommandOptions options_;
  const std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
};

TEST_F(SampleOfRows, NamesTheRowsThatDiffer) {
  expand(kBig);
  EXPECT_EQ(call(status_command), ExitCode::Changes);
  EXPECT_TRUE(
      said("public.t: 2,000 rows looked at (100 % of its blocks), the old and the new b agree"))
      << out_;
  database_.run("ALTER TABLE t DISABLE TRIGGER USER; ALTER TABLE t DROP CONSTRAINT " +
                one_of("SELECT quote_ident(conname) FROM pg_constraint WHERE conrelid = "
                       "'t'::regclass AND conname ~ '_sync_'") +
                "; UPDATE t SET b = 7 WHERE id IN (3, 5)");
  EXPECT_EQ(call(status_command), ExitCode::Error);
  EXPECT_TRUE(said("the old and the new b DIFFER in 2: id=3, id=5")) << out_;
  options_.format = Format::Json;
  EXPECT_EQ(call(status_command), ExitCode::Error);
  EXPECT_TRUE(said("\"differ\":2,\"keys\":[\"id=3\",\"id=5\"]")) << out_;
}

TEST_F(SampleOfRows, LooksAtTheOldColumnAfterTheCutOver) {
  expand(kBig);
  cut_over();
  database_.run("UPDATE t SET b = 3000000000 WHERE id = 4; INSERT INTO t VALUES (9001, 'x', 5)");
  EXPECT_EQ(call(status_command), ExitCode::Changes) << out_;
  EXPECT_TRUE(said("2,001 rows looked at")) << out_;
  database_.run("ALTER TABLE t DISABLE TRIGGER USER; UPDATE t SET b = 70 WHERE id = 8");
  EXPECT_EQ(call(status_command), ExitCode::Error);
  EXPECT_TRUE(said("DIFFER in 1: id=8")) << out_;
}

TEST_F(SampleOfRows, LooksAtTheOldColumnByWhatTheFilesSayItMeans) {
  expand(kUnit);
  cut_over();
  // 26 in the old unit, which is 2.6 in the new one.
  database_.run("UPDATE t SET b = 2.57 WHERE id = 4");
  EXPECT_EQ(call(status_command), ExitCode::Changes) << out_;
  EXPECT_TRUE(said("the old and the new b agree")) << out_;
  database_.run("ALTER TABLE t DISABLE TRIGGER USER; UPDATE t SET b = 70 WHERE id = 8");
  EXPECT_EQ(call(status_command), ExitCode::Error);
  EXPECT_TRUE(said("DIFFER in 1: id=8")) << out_;
}

TEST_F(SampleOfRows, LooksAtTheCopiesInASecondTable) {
  expand(kComputed);
  database_.run("UPDATE t SET b = 9 WHERE id = 4");
  EXPECT_EQ(call(status_command), ExitCode::Changes) << out_;
  EXPECT_TRUE(said("its rows and those of t__new_")) << out_;
  cut_over();
  database_.run("UPDATE t SET b = 8 WHERE id = 4");
  EXPECT_EQ(call(status_command), ExitCode::Changes) << out_;
  EXPECT_TRUE(said("its rows and those of t__old_")) << out_;
  database_.run(
      "ALTER TABLE t DISABLE TRIGGER USER; UPDATE t SET b = 7 WHERE id = 4;"
      "INSERT INTO t VALUES (9001, 'x', 5)");
  EXPECT_EQ(call(status_command), ExitCode::Error);
  EXPECT_TRUE(said("DIFFER in 2: id=4, id=9001")) << out_;
}

TEST_F(SampleOfRows, LooksAtColumnsInThePlaceOfOthers) {
  expand(kParts);
  EXPECT_TRUE(said("[1/7] column public.t.ones: New: ones, tens beside b")) << out_ << err_;
  database_.run(
      "UPDATE t SET tens = 70 WHERE id = 9; UPDATE t SET b = 34 WHERE id = 10;"
      "INSERT INTO t (id, a) VALUES (9001, 'x')");
  EXPECT_EQ(call(status_command), ExitCode::Changes) << out_;
  EXPECT_TRUE(said("2,001 rows looked at (100 % of its blocks), ones, tens and b agree")) << out_;
  EXPECT_TRUE(said("next step 5, column public.t.ones: Nothing is carried over")) << out_;
  database_.run(
      "ALTER TABLE t DISABLE TRIGGER USER; UPDATE t SET ones = ones + 1 WHERE id = 8;"
      "UPDATE t SET b = NULL WHERE id = 12");
  EXPECT_EQ(call(status_command), ExitCode::Error);
  EXPECT_TRUE(said("ones, tens and b DIFFER in 2: id=8, id=12")) << out_;
}

TEST_F(SampleOfRows, SaysWhereNothingSaysWhenTheyAgree) {
  expand(kLess);
  EXPECT_EQ(call(status_command), ExitCode::Changes) << out_;
  EXPECT_TRUE(said("there is nothing of which it is known when old and new agree")) << out_;
}

}  // namespace
}  // namespace aloft
