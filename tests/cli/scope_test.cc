// What `manage`, `ignore` and the directive of that name leave as it is.

#include <gtest/gtest.h>

#include <cstdio>

#include "cli/commands.h"
#include "cli/config.h"
#include "engine/base/file_reader.h"
#include "tests/support/test_database.h"

namespace aloft {
namespace {

constexpr const char* kLive =
    "CREATE SCHEMA jobs; CREATE TABLE jobs.queue (id bigserial PRIMARY KEY, n integer);"
    "CREATE INDEX ON jobs.queue (n);"
    "CREATE FUNCTION jobs.take() RETURNS bigint LANGUAGE sql AS 'SELECT max(id) FROM jobs.queue';"
    "CREATE TABLE public.orders (id bigint PRIMARY KEY, tmp integer);"
    "CREATE TABLE public.tmp_load (id bigint);"
    "INSERT INTO jobs.queue (n) SELECT generate_series(1, 10)";

class ScopeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    database_.run(kLive);
    options_.db = database_.conninfo();
    options_.db_said = options_.yes = options_.contract = true;
  }
  void TearDown() override {
    for (const std::string& path : files_) std::remove(path.c_str());
  }
  std::string file(const std::string& name, const std::string& text) {
    files_.push_back(::testing::TempDir() + "/" + database_.name() + "_" + name);
    write_file(files_.back(), text);
    return files_.back();
  }
  /// `apply --contract` of the files, gates and all, under this aloft.toml.
  ExitCode apply(const std::string& config, const std::string& desired) {
    options_.config = file("aloft.toml", config);
    options_.desired = {file("desired.sql", desired)};
    apply_config(options_);
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const ExitCode code = apply_command(options_);
    out_ = ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr();
    return code;
  }
  std::string ask(const std::string& sql) const { return database_.run(sql); }
  bool said(const std::string& text) const { return out_.find(text) != std::string::npos; }

  test::TestDatabase database_;
  CommandOptions options_;
  std::string out_;
  std::vector<std::string> files_;
};

TEST_F(ScopeTest, IgnoredSchemaStaysAndFilesMayStandOnIt) {
  ASSERT_EQ(apply("ignore = ['jobs', 'public.tmp_*']\n",
                  "CREATE TABLE orders (id bigint PRIMARY KEY, tmp integer,"
                  " job bigint REFERENCES jobs.queue (id));"
                  "CREATE VIEW waiting AS SELECT q.id, q.n, jobs.take() FROM jobs.queue q;"),
            ExitCode::Ok)
      << out_;
  EXPECT_EQ(ask("SELECT count(*) FROM jobs.queue"), "10\n");
  EXPECT_EQ(ask("SELECT to_regclass('tmp_load') IS NOT NULL, to_regclass('waiting') IS NOT NULL"),
            "t|t\n");
}

TEST_F(ScopeTest, OnlyWhatIsManagedChanges) {
  ASSERT_EQ(apply("manage = ['public.orders']\n", "CREATE TABLE orders (id bigint PRIMARY KEY);"),
            ExitCode::Gated)
      << out_;
  EXPECT_TRUE(said("drop    column public.orders.tmp")) << out_;
  EXPECT_FALSE(said("jobs")) << out_;
  EXPECT_FALSE(said("tmp_load")) << out_;
}

TEST_F(ScopeTest, WhatTheFilesSayOfItIsNamed) {
  ASSERT_EQ(apply("ignore = ['jobs']\n",
                  "CREATE SCHEMA jobs; CREATE TABLE jobs.queue (id bigint);"
                  "CREATE TABLE orders (id bigint PRIMARY KEY, tmp integer, note text);"
                  "CREATE TABLE tmp_load (id bigint);"),
            ExitCode::Ok)
      << out_;
  EXPECT_TRUE(said("left as they are")) << out_;
  EXPECT_TRUE(said("schema jobs, table")) << out_;
  EXPECT_EQ(ask("SELECT format_type(atttypid, -1) FROM pg_attribute"
                " WHERE attrelid = 'jobs.queue'::regclass AND attname = 'n'"),
            "integer\n");
}

TEST_F(ScopeTest, WhatStandsOnAnIgnoredObjectThatIsNotThereIsAnError) {
  EXPECT_EQ(apply("ignore = ['jobs', 'public.tmp_*']\n",
                  "CREATE TABLE jobs.later (id bigint);"
                  "CREATE TABLE orders (id bigint PRIMARY KEY, tmp integer);"
                  "CREATE VIEW v AS SELECT id FROM jobs.later;"),
            ExitCode::Error);
  EXPECT_TRUE(said("jobs.later")) << out_;
}

TEST_F(ScopeTest, DirectiveLeavesAnObjectOrAColumnAsItIs) {
  ASSERT_EQ(apply("ignore = ['jobs']\n",
                  "CREATE TABLE orders (\n"
                  "  id bigint PRIMARY KEY,\n"
                  "  tmp text  -- aloft: ignore\n"
                  ");\n"
                  "-- aloft: ignore\n"
                  "CREATE TABLE tmp_load (id text, more text);\n"),
            ExitCode::Ok)
      << out_;
  EXPECT_EQ(ask("SELECT format_type(atttypid, -1) FROM pg_attribute"
                " WHERE attrelid = 'orders'::regclass AND attname = 'tmp'"),
            "integer\n");
  EXPECT_EQ(ask("SELECT count(*) FROM pg_attribute"
                " WHERE attrelid = 'tmp_load'::regclass AND attnum > 0"),
            "1\n");
}

TEST_F(ScopeTest, AnIgnoredColumnOfANewTableIsNamed) {
  ASSERT_EQ(
      apply("ignore = ['jobs', 'public.*']\nmanage = ['*']\n", "CREATE TABLE fresh (id int);"),
      ExitCode::Ok);
  EXPECT_TRUE(said("table public.fresh")) << out_;
  options_.scope = {};
  ASSERT_EQ(apply("ignore = ['jobs', 'public.orders', 'public.tmp_load']\n",
                  "CREATE TABLE fresh (\n  id int,\n  extra int  -- aloft: ignore\n);\n"),
            ExitCode::Ok)
      << out_;
  EXPECT_TRUE(said("public.fresh.extra")) << out_;
}

TEST_F(ScopeTest, FaultyPatternIsSaidWithItsPlace) {
  try {
    apply("ignore = ['jobs', 'tabel:x']\n", "");
    FAIL() << out_;
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("aloft.toml:1:10: \"tabel\" is no kind of object"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace aloft
