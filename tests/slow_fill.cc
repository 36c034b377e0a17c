#include "tests/slow_fill.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "engine/base/file_reader.h"
#include "engine/plan/plan_json.h"
#include "tests/aloft_process.h"
#include "tests/online_run.h"

namespace aloft::test {
namespace {

/// A trigger for each statement, which fires in a session that plays the replica too.
std::string schema(const std::string& type) {
  return "CREATE TABLE public.pace (seconds double precision);"
         "CREATE TABLE public.t (id integer PRIMARY KEY, v " +
         type +
         " NOT NULL, pad text) WITH (fillfactor = 10);"
         "CREATE FUNCTION public.take_time() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"
         " PERFORM pg_sleep((SELECT max(seconds) FROM public.pace)); RETURN NULL; END$$;"
         "CREATE TRIGGER take_time BEFORE UPDATE ON public.t FOR EACH STATEMENT"
         " EXECUTE FUNCTION public.take_time();"
         "ALTER TABLE public.t ENABLE ALWAYS TRIGGER take_time;";
}

std::string temporary_file() {
  static int count = 0;
  return std::filesystem::temp_directory_path() /
         ("aloft-fill-" + std::to_string(getpid()) + "-" + std::to_string(++count));
}

}  // namespace

const PgServer& mortal_server() {
  static const PgServer own;
  return own;
}

std::string ask(const std::string& conninfo, const std::string& sql) {
  std::string answer =
      run_pg_program("psql", "-X -q -A -t -v ON_ERROR_STOP=1 -d \"" + conninfo + "\"", sql);
  while (answer.ends_with('\n')) answer.pop_back();
  return answer;
}

bool wait_for(const std::string& conninfo, const std::string& query, const std::string& answer) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < end) {
    try {
      if (ask(conninfo, query) == answer) return true;
    } catch (const std::exception&) {
      // The server or the table is not there yet.
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

SlowFill::SlowFill(const std::string& conninfo, int rows)
    : desired_(temporary_file() + ".sql"), plan_(temporary_file() + ".json"), rows_(rows) {
  // The test servers do not wait for their disk at COMMIT. Here they do, as others do, but for the
  // batches: a crash loses the newest of those and nothing else.
  ask(conninfo,
      "SELECT format('ALTER DATABASE %I SET synchronous_commit = on', "
      "current_database())\n\\gexec");
  ask(conninfo, schema("integer") +
                    "INSERT INTO public.pace VALUES (0.1);"
                    "INSERT INTO public.t SELECT i, i, repeat('x', 800) FROM generate_series(1, " +
                    std::to_string(rows) + ") i; ANALYZE;");
  write_file(desired_, schema("bigint"));
  write_file(plan_, plan_to_json(online_plan(*open_session(conninfo), desired_)));
}

SlowFill::~SlowFill() {
  std::remove(desired_.c_str());
  std::remove(plan_.c_str());
}

std::vector<std::string> SlowFill::apply(const std::string& conninfo,
                                         const std::vector<std::string>& more) const {
  std::vector<std::string> words{"apply",   "--db", conninfo, "--plan",     plan_, "--contract",
                                 "--allow", "all",  "--yes",  "--batch-ms", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

void SlowFill::hurry(const std::string& conninfo) {
  ask(conninfo, "UPDATE public.pace SET seconds = 0");
}

void SlowFill::expect_end(const std::string& conninfo) const {
  EXPECT_EQ(ask(conninfo,
                "SELECT count(*), count(*) FILTER (WHERE v = id), (SELECT sum(rows) FROM"
                " aloft.backfill) FROM public.t"),
            std::to_string(rows_) + "|" + std::to_string(rows_) + "|" + std::to_string(rows_));
  EXPECT_EQ(ask(conninfo, "SELECT state FROM aloft.run"), "done");
  EXPECT_EQ(ask(conninfo, kLeftovers), "");
  AloftProcess plan({"plan", "--db", conninfo, "--desired", desired_, "--detailed-exitcode"});
  EXPECT_EQ(plan.wait(), 0) << plan.output();
}

}  // namespace aloft::test
