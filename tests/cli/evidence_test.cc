// What is still used of what contract takes away stops it, and is told while the run waits.

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "engine/base/file_reader.h"
#include "engine/execute/usage.h"
#include "tests/cli/captured_command.h"
#include "tests/support/test_database.h"

namespace aloft {
namespace {

constexpr const char* kOld =
    "CREATE TABLE public.t (id integer PRIMARY KEY, a text NOT NULL, b integer);"
    "CREATE INDEX t_b ON public.t (b);"
    "CREATE TABLE public.gone (id integer PRIMARY KEY);"
    "INSERT INTO public.t SELECT i, 'x', i FROM generate_series(1, 2000) i;";
constexpr const char* kNew = "CREATE TABLE public.t (id integer PRIMARY KEY, b integer);";
constexpr const char* kExtension = "CREATE EXTENSION pg_stat_statements;";

const std::string& counting_server() {
  static const test::PgServer server({"shared_preload_libraries=pg_stat_statements"});
  return server.conninfo();
}

class EvidenceOfUse : public test::CapturedCommand {
 protected:
  void SetUp() override {
    database_.run(kOld);
    options_.db = database_.conninfo();
    options_.db_said = options_.yes = true;
    options_.allow = {Hazard::DataLoss, Hazard::Irreversible};
    options_.planning.moment_ms = -1;
    options_.soak_ms = 1;
  }
  void TearDown() override {
    std::remove(file_.c_str());
    if (!options_.archive_dir.empty()) std::filesystem::remove_all(options_.archive_dir);
  }

  using CapturedCommand::call;
  ExitCode call(ExitCode (*command)(const CommandOptions&)) { return call(command, options_); }
  bool said(const std::string& text) const { return unfolded().find(text) != std::string::npos; }
  void expand(const std::string& desired) {
    file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
    write_file(file_, desired);
    options_.desired = {file_};
    ASSERT_EQ(call(apply_command), ExitCode::Ok) << err_;
  }
  bool has_column(const std::string& name) {
    return database_.run(
               "SELECT count(*) FROM pg_attribute WHERE attrelid = 't'::regclass AND"
               " attname = '" +
               name + "' AND NOT attisdropped") == "1\n";
  }

  test::TestDatabase database_{counting_server()};
  CommandOptions options_;
  std::string file_;
};

class EvidenceOfStatements : public EvidenceOfUse {
 protected:
  void SetUp() override {
    EvidenceOfUse::SetUp();
    database_.run("CREATE EXTENSION pg_stat_statements; SELECT a FROM t;");
    expand(std::string(kNew) + kExtension);
  }
};

TEST_F(EvidenceOfStatements, StopsContractWhileTheOldApplicationAsksForTheColumn) {
  database_.run(
      "SELECT x.b,\n  x.a FROM t x WHERE id = 1; SELECT a FROM t; SELECT a FROM t;"
      "SELECT b FROM t; INSERT INTO gone VALUES (1);");
  EXPECT_EQ(call(contract_command), ExitCode::Gated);
  for (const char* text :
       {"stopped at a gate",
        "1 call by postgres, naming public.t.a: SELECT x.b, x.a FROM t x WHERE id = $1",
        "2 calls by postgres, naming public.t.a: SELECT a FROM t 1 call", "naming public.gone:",
        "--allow app_breaking", "(contract), column public.t.a: The files no longer name it"})
    EXPECT_TRUE(said(text)) << text << "\n" << err_;
  EXPECT_FALSE(said("SELECT b FROM t")) << err_;
  EXPECT_TRUE(has_column("a"));

  options_.contract = true;
  EXPECT_EQ(call(apply_command), ExitCode::Gated);
  EXPECT_TRUE(said("SELECT a FROM t")) << err_;
  options_.contract = false;
  options_.allow.insert(Hazard::AppBreaking);
  EXPECT_EQ(call(contract_command), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("SELECT a FROM t") && !said("stopped")) << err_;
  EXPECT_FALSE(has_column("a"));
}

TEST_F(EvidenceOfStatements, IsToldWhileTheRunWaits) {
  database_.run("SELECT a FROM t; SELECT a FROM t;");
  EXPECT_EQ(call(status_command), ExitCode::Changes);
  EXPECT_TRUE(said("Still called since") && said("2 calls by postgres")) << out_;
  options_.format = Format::Json;
  EXPECT_EQ(call(status_command), ExitCode::Changes);
  EXPECT_TRUE(
      said("{\"text\":\"SELECT a FROM t\",\"names\":[\"public.t.a\"],"
           "\"login\":\"postgres\",\"calls\":2}"))
      << out_;
}

TEST_F(EvidenceOfStatements, IsNotWhatTheServerAsksForAForeignKey) {
  database_.run(
      "SET pg_stat_statements.track = 'all'; CREATE TABLE child (id integer REFERENCES gone);"
      "INSERT INTO gone VALUES (1); INSERT INTO child VALUES (1);");
  ASSERT_EQ(database_.run("SELECT calls FROM pg_stat_statements WHERE query ~ 'ONLY \"public\"'"),
            "1\n");
  EXPECT_EQ(call(status_command), ExitCode::Changes);
  EXPECT_TRUE(said("INSERT INTO gone") && !said("ONLY")) << out_;
}

TEST_F(EvidenceOfStatements, LetsContractGoWhereNobodyAsksAnyMore) {
  database_.run("SELECT b FROM t; SELECT * FROM t; ANALYZE t; SELECT a FROM (SELECT 1 AS a) t;");
  EXPECT_EQ(call(contract_command), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("Nothing that contract takes away was used since")) << err_;
  EXPECT_FALSE(has_column("a"));
}

TEST_F(EvidenceOfStatements, CountsAnewWhenTold) {
  database_.run("SELECT a FROM t");
  EXPECT_EQ(call(contract_command), ExitCode::Gated);
  CommandOptions anew = options_;
  anew.new_baseline = true;
  EXPECT_EQ(call(status_command, anew), ExitCode::Changes);
  EXPECT_TRUE(said("Nothing that contract takes away was used since")) << out_;
  database_.run("SELECT a FROM t");
  EXPECT_EQ(call(contract_command), ExitCode::Gated);
  EXPECT_EQ(call(status_command, anew), ExitCode::Changes);
  EXPECT_EQ(call(contract_command), ExitCode::Ok) << err_;
  EXPECT_EQ(call(status_command, anew), ExitCode::Error);
}

TEST_F(EvidenceOfStatements, IsNotWhatAloftItselfDid) {
  // The table is copied, and then its step fails on what has come to stand on it.
  database_.run("CREATE VIEW stands_on_it AS SELECT id FROM gone");
  options_.archive_dir = ::testing::TempDir() + "/" + database_.name() + "_archive";
  CommandOptions anew = options_;
  anew.new_baseline = true;
  call(status_command, anew);
  EXPECT_EQ(call(contract_command), ExitCode::Error) << err_;
  ASSERT_NE(database_.run("SELECT count(*) FROM pg_stat_statements WHERE query ~ 'COPY .*gone'"),
            "0\n");
  database_.run("DROP VIEW stands_on_it");
  EXPECT_EQ(call(contract_command), ExitCode::Ok) << err_;
}

TEST_F(EvidenceOfStatements, StartsFromZeroWhereTheEntryWasThrownOut) {
  database_.run("SELECT a FROM t; SELECT pg_stat_statements_reset(); SELECT a FROM t;");
  EXPECT_EQ(call(contract_command), ExitCode::Gated);
  EXPECT_TRUE(said("1 call by postgres")) << err_;
}

TEST_F(EvidenceOfStatements, SaysWhatItMayNotRead) {
  const std::string role = database_.name() + "_blind";
  database_.run("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA aloft TO " + role +
                "; GRANT SELECT ON ALL TABLES IN SCHEMA aloft TO " + role + "; SELECT a FROM t;");
  options_.db += " user=" + role;
  EXPECT_EQ(call(status_command), ExitCode::Changes);
  EXPECT_TRUE(said("of other logins cannot be read") && said("pg_read_all_stats")) << out_;
  database_.run("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

TEST_F(EvidenceOfUse, BeginsWhereToldWithAnExtensionThatCameLater) {
  expand(kNew);
  EXPECT_EQ(call(status_command), ExitCode::Changes);
  EXPECT_TRUE(
      said("not known: extension pg_stat_statements is not in this database: put it into "
           "shared_preload_libraries"))
      << out_;
  database_.run(std::string(kExtension) + "SELECT a FROM t");
  EXPECT_EQ(call(status_command), ExitCode::Changes);
  EXPECT_TRUE(said("not known: pg_stat_statements could not be read when")) << out_;
  options_.new_baseline = true;
  EXPECT_EQ(call(status_command), ExitCode::Changes);
  EXPECT_TRUE(said("Nothing that contract takes away was used since")) << out_;
}

TEST_F(EvidenceOfStatements, IsKeptInAJournalThatAnEarlierVersionMade) {
  expand(kNew);
  database_.run("DROP TABLE aloft.baseline, aloft.statement_calls, aloft.index_scans");
  options_.new_baseline = true;
  EXPECT_EQ(call(status_command), ExitCode::Changes) << err_;
  database_.run("SELECT a FROM t");
  EXPECT_EQ(call(contract_command), ExitCode::Gated);
}

TEST_F(EvidenceOfUse, OfScansOfAnIndexStopsContract) {
  expand(kNew);
  database_.run("SELECT a FROM t; SET enable_seqscan = off; SELECT FROM t WHERE b = 7;");
  // The counts of a session that has ended come a moment later.
  database_.run(
      "DO $$ BEGIN FOR i IN 1..300 LOOP PERFORM pg_stat_clear_snapshot(); EXIT WHEN (SELECT"
      " idx_scan > 0 FROM pg_stat_user_indexes WHERE indexrelname = 't_b');"
      " PERFORM pg_sleep(0.02); END LOOP; END $$");
  EXPECT_EQ(call(contract_command), ExitCode::Gated);
  EXPECT_TRUE(said("public.t_b: 1 scan") && !said("FROM t")) << err_;
}

TEST_F(EvidenceOfUse, IsNoneOfAnIdleIndexWithoutTheExtension) {
  expand(kNew);
  database_.run("SELECT a FROM t");
  EXPECT_EQ(call(contract_command), ExitCode::Ok) << err_;
  EXPECT_FALSE(said("Still scanned")) << err_;
}

TEST(EvidenceOnAPlainServer, SaysThatTheExtensionIsNotLoaded) {
  const test::TestDatabase database;
  database.run(kExtension);
  const Usage usage = read_usage(*database.connect(), "1", {"a"}, {});
  EXPECT_NE(usage.no_statements.find("set that and restart the server"), std::string::npos)
      << usage.no_statements;
}

constexpr const char* kRename =
    "CREATE TABLE public.t (id integer PRIMARY KEY,\n"
    " title text NOT NULL, -- aloft: renamed from a\n"
    " b integer);"
    "CREATE INDEX t_b ON public.t (b);"
    "CREATE TABLE public.gone (id integer PRIMARY KEY);";

TEST_F(EvidenceOfUse, IsOfTheOldNameAloneWhereAViewShowsBoth) {
  database_.run(kExtension);
  options_.allow.insert(Hazard::AppBreaking);
  expand(std::string(kRename) + kExtension);
  options_.allow.erase(Hazard::AppBreaking);
  database_.run("SELECT title FROM t; UPDATE t SET a = 'y' WHERE id = 1;");
  EXPECT_EQ(call(contract_command), ExitCode::Gated);
  EXPECT_TRUE(said("naming public.t.a: UPDATE t SET a = $1") && !said("SELECT title")) << err_;
}

}  // namespace
}  // namespace aloft
