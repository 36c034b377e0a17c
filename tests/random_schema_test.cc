// Pairs of schemas drawn at random, the second a changed copy of the first: what leads from one to
// the other must end where a fresh load ends, with the rows, and nothing left to do; and back. A
// plan may be refused instead by a diagnostic that says so, and a run by the rows.
//
// ALOFT_RANDOM_PAIRS=N draws N pairs, RC_PARAMS="seed=..." others than every time.

#include "tests/random_schema.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <set>

#include "engine/base/file_reader.h"
#include "engine/execute/executor.h"
#include "engine/execute/system_clock.h"
#include "tests/case_run.h"
#include "tests/support/recording_observer.h"

namespace aloft {
namespace {

using test::Choices;
using test::RandomSchema;
using test::TestDatabase;

RandomSchema schema_of(const Choices::Answers& answers, int version) {
  Choices choices([&](const std::string& question, int) {
    const auto it = answers.find(question);
    return it == answers.end() ? 0 : it->second;
  });
  return make_schema(choices, version);
}

struct Pair {
  int version = 15;
  Choices::Answers from{}, to{};
  bool operator==(const Pair&) const = default;
};

void showValue(const Pair& pair, std::ostream& out) {
  const RandomSchema from = schema_of(pair.from, pair.version);
  out << "\n-- from.sql\n"
      << from.sql << "\n-- seed.sql\n"
      << from.rows << "\n-- to.sql\n"
      << schema_of(pair.to, pair.version).sql;
}

std::set<std::string> questions_of(const Pair& pair) {
  std::set<std::string> questions;
  for (const auto* answers : {&pair.from, &pair.to})
    for (const auto& [question, answer] : *answers) questions.insert(question);
  return questions;
}

/// The pair with the answers of these questions made plain, or those of `to` made those of `from`.
template <class Questions>
Pair simplified(Pair pair, const Questions& questions, bool alike) {
  for (const std::string& question : questions) {
    if (!alike) pair.from.erase(question);
    const auto it = pair.from.find(question);
    if (it == pair.from.end())
      pair.to.erase(question);
    else
      pair.to[question] = it->second;
  }
  return pair;
}

/// Simpler pairs, the boldest first: without whole objects, then chunks of answers.
rc::Seq<Pair> simpler(const Pair& pair) {
  const std::set<std::string> all = questions_of(pair);
  std::map<std::string, std::vector<std::string>> by_object;
  for (const std::string& question : all)
    by_object[question.substr(0, question.find(' '))].push_back(question);
  std::vector<Pair> pairs;
  const auto add = [&](Pair candidate) {
    if (candidate != pair) pairs.push_back(std::move(candidate));
  };
  for (const auto& [object, questions] : by_object) add(simplified(pair, questions, false));
  const std::vector<std::string> list(all.begin(), all.end());
  for (std::size_t size = list.size() / 2; size > 0; size /= 2)
    for (std::size_t at = 0; at < list.size(); at += size) {
      const std::vector<std::string> chunk(
          list.begin() + static_cast<std::ptrdiff_t>(at),
          list.begin() + static_cast<std::ptrdiff_t>(std::min(at + size, list.size())));
      add(simplified(pair, chunk, true));
      add(simplified(pair, chunk, false));
    }
  return rc::seq::fromContainer(std::move(pairs));
}

rc::Gen<Pair> pairs(int version) {
  return [version](const rc::Random& given, int) {
    rc::Random random = given;
    const auto draw = [&](int answers) {
      return static_cast<int>(random.next() % static_cast<std::uint64_t>(answers));
    };
    Choices from([&](const std::string&, int answers) { return draw(answers); });
    make_schema(from, version);
    const int kept = 70 + draw(28);
    Choices to([&](const std::string& question, int answers) {
      const auto it = from.answers().find(question);
      if (it == from.answers().end()) return draw(answers);
      // Where the files give no name, the one that is there stays: not what a fresh load chooses.
      return question.ends_with(" unnamed") || draw(100) < kept ? it->second : draw(answers);
    });
    make_schema(to, version);
    return rc::shrinkable::shrinkRecur(
        Pair{.version = version, .from = from.answers(), .to = to.answers()}, &simpler);
  };
}

enum class End { Reached, Refused, StoppedByRows };

/// A desired-state file that goes with the object.
class File {
 public:
  explicit File(const std::string& text)
      : path_(::testing::TempDir() + "aloft_random_" + std::to_string(getpid()) + "_" +
              std::to_string(++count_) + ".sql") {
    write_file(path_, text);
  }
  ~File() { std::remove(path_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return path_; }

 private:
  inline static int count_ = 0;
  std::string path_;
};

bool may_refuse(const Diagnostic& d) {
  return d.severity == Severity::Warning || d.code == "impossible-change" ||
         d.code == "type-in-use" || d.code == "dependency-cycle";
}

/// Why there is no plan: refused by what may refuse, else a failure with the diagnostics.
End refused(const Diagnostics& diagnostics, const Sources& sources) {
  std::string text;
  bool rightly = diagnostics.has_errors();
  for (const Diagnostic& d : diagnostics.sorted()) {
    text += to_string(d, sources);
    rightly &= may_refuse(d);
  }
  if (!rightly) RC_FAIL("no plan:\n" + text);
  return End::Refused;
}

void expect_nothing_to_do(const TestDatabase& database, const std::string& file,
                          const std::string& when) {
  const auto session = database.connect();
  Sources sources;
  Diagnostics diagnostics;
  const auto comparison = compare_with_server({.desired = {file}}, *session, sources, diagnostics);
  if (!comparison) RC_FAIL("not read:\n" + to_string(diagnostics.sorted().front(), sources));
  if (!comparison->changes.empty()) RC_FAIL(when + ":\n" + test::describe(*comparison));
}

void expect_rows_kept(const TestDatabase& database,
                      const std::map<std::string, std::int64_t>& before) {
  const auto after = test::rows_of(database);
  for (const auto& [table, rows] : before)
    if (const auto it = after.find(table); it != after.end() && it->second < rows)
      RC_FAIL(table + " has lost rows");
}

/// Leads the database to the schema and checks all that must hold there.
End lead(const TestDatabase& database, const std::string& sql) {
  const File file(sql);
  const auto before = test::rows_of(database);
  const auto session = database.connect();
  Sources sources;
  Diagnostics diagnostics;
  const auto comparison =
      compare_with_server({.desired = {file.path()}}, *session, sources, diagnostics);
  if (!comparison) RC_FAIL("not read:\n" + to_string(diagnostics.sorted().front(), sources));
  const auto plan = plan_of(*comparison, session.get(), {}, diagnostics);
  if (!plan) return refused(diagnostics, sources);
  session->execute("ROLLBACK");
  std::atomic<bool> stop{false};
  SystemClock clock(stop);
  test::RecordingObserver observer;
  const Outcome outcome = run_plan(
      *plan, {.contract = true, .planned_now = true}, *session, [] { return nullptr; }, clock,
      observer, stop);
  if (const auto* failed = std::get_if<Failed>(&outcome)) {
    // What the rows do not allow: a constraint (23), or a value that the new type cannot hold (22).
    if (failed->sqlstate.starts_with("23") || failed->sqlstate.starts_with("22"))
      return End::StoppedByRows;
    RC_FAIL("step " + failed->step + " failed: " + failed->message);
  }
  if (!std::holds_alternative<Applied>(outcome)) RC_FAIL("the run did not end");
  const TestDatabase fresh;
  test::load(fresh, file.path());
  expect_nothing_to_do(fresh, file.path(), "the plan for a fresh load is not empty");
  Diagnostics none;
  const auto same = compare_servers(*session, *fresh.connect(), none);
  if (!same->changes.empty()) RC_FAIL("against a fresh load:\n" + test::describe(*same));
  session->execute("ROLLBACK");
  expect_nothing_to_do(database, file.path(), "the plan is not empty afterwards");
  expect_rows_kept(database, before);
  return End::Reached;
}

End there_and_back(const Pair& pair) {
  const RandomSchema from = schema_of(pair.from, pair.version);
  const TestDatabase database;
  const File start(from.sql);
  test::load(database, start.path());
  database.run(from.rows);
  const End end = lead(database, schema_of(pair.to, pair.version).sql);
  return end == End::Reached ? lead(database, from.sql) : end;
}

TEST(RandomSchemas, LeadToEachOtherWithTheirRows) {
  const char* given = std::getenv("ALOFT_RANDOM_PAIRS");
  const std::string count = given ? given : "40";
  setenv("RC_PARAMS", ("seed=1 max_success=" + count).c_str(), 0);
  std::map<End, int> ends;
  int runs_after_failure = 0;
  bool failed = false;
  const int version = TestDatabase().connect()->server_version() / 10000;
  const bool good = rc::check([&] {
    const Pair pair = *pairs(version);
    // Making a failure simpler takes a run each: not without end.
    if (failed && ++runs_after_failure > 300) return;
    try {
      ++ends[there_and_back(pair)];
    } catch (...) {
      failed = true;
      throw;
    }
  });
  std::printf("reached %d, refused %d, stopped by rows %d\n", ends[End::Reached],
              ends[End::Refused], ends[End::StoppedByRows]);
  EXPECT_TRUE(good);
  EXPECT_GT(ends[End::Reached], ends[End::Refused] + ends[End::StoppedByRows]);
}

}  // namespace
}  // namespace aloft
