// downtime ROWS [CLIENTS [SECONDS [once | back | alone]]]: what an application feels of a change of
// its keys from integer to bigint. On a throw-away PostgreSQL that flushes as in production it
// measures the application alone for SECONDS, then through apply, cut-over and rollback, and then
// through apply and contract to the end (`once`: only the last; `back`: all but the last; `alone`:
// none of these, for a worst case of its own over as long a time). Prints the statements' times for
// each phase; exits with 1 where a statement failed, where the second record differs, or where
// aloft fails.

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "engine/base/file_reader.h"
#include "tests/application.h"

namespace {

using namespace aloft::test;
using Time = std::chrono::steady_clock;

struct Arguments {
  Habits habits{.rows = 1'000'000, .clients = 8, .think_ms = 5};
  int seconds = 30;
  bool goes_back = true, goes_to_the_end = true;
};

/// Throws std::invalid_argument for what is no number.
Arguments read_arguments(int argc, char** argv) {
  Arguments a;
  if (argc > 1) a.habits.rows = std::stoi(argv[1]);
  if (argc > 2) a.habits.clients = std::stoi(argv[2]);
  if (argc > 3) a.seconds = std::stoi(argv[3]);
  const std::string ways = argc > 4 ? argv[4] : "both";
  if (ways != "both" && ways != "once" && ways != "back" && ways != "alone")
    throw std::invalid_argument(ways);
  a.goes_back = ways != "once" && ways != "alone";
  a.goes_to_the_end = ways != "back" && ways != "alone";
  return a;
}

/// The application and the commands that change its tables meanwhile.
class Bench {
 public:
  explicit Bench(const Arguments& arguments)
      : arguments_(arguments), application_(database_, arguments.habits) {
    aloft::write_file(file_, application_schema(true, false));
  }
  ~Bench() {
    std::remove(file_.c_str());
    std::remove(log_.c_str());
  }

  void wait(const std::string& phase, int seconds) {
    application_.begin_phase(phase);
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
  }

  /// Carries out `aloft COMMAND` as a phase of its own.
  void carry_out(const std::string& phase, const std::string& command) {
    application_.begin_phase(phase);
    const auto start = Time::now();
    const std::string line = std::string("'" ALOFT_PROGRAM "' ") + command + " --db '" +
                             database_.conninfo() + "' --yes > '" + log_ + "' 2>&1";
    const int status = std::system(line.c_str());
    const std::chrono::duration<double> took = Time::now() - start;
    std::printf("aloft %s: %.1f s\n", command.c_str(), took.count());
    std::fflush(stdout);
    // With a contract that waits aloft ends with 0 as well.
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      throw std::runtime_error("aloft " + command + " failed:\n" + end_of_log());
  }

  void go_through_all() {
    const int pause = std::max(1, arguments_.seconds / 3);
    wait("warm-up", 5);
    wait("alone", arguments_.seconds);
    const std::string apply = "apply --allow all --desired '" + file_ + "'";
    if (arguments_.goes_back) {
      carry_out("expand, backfill", apply);
      wait("run waits", pause);
      carry_out("cut-over", "contract --allow all --soak 24h");
      wait("both may write", pause);
      carry_out("rollback", "rollback");
      wait("taken back", pause);
    }
    if (arguments_.goes_to_the_end) {
      carry_out("expand, backfill", apply);
      wait("run waits", pause);
      carry_out("contract", "contract --allow all");
      wait("afterwards", pause);
    }
    application_.finish();
  }

  /// True where the application was not troubled.
  bool report() const {
    std::printf("%-18s %9s %9s %8s %8s %10s %9s\n", "phase", "transact.", "statem.", "p50_ms",
                "p99_ms", "longest_ms", "40001/1000");
    for (const PhaseSeen& phase : application_.seen()) {
      if (phase.name.empty() || phase.name == "warm-up") continue;
      std::printf(
          "%-18s %9d %9zu %8.2f %8.2f %10.0f %9.2f\n", phase.name.c_str(), phase.transactions,
          phase.statement_ms.size(), static_cast<double>(phase.percentile(0.5)),
          static_cast<double>(phase.percentile(0.99)), static_cast<double>(phase.percentile(1)),
          1000.0 * phase.serialization_failures / std::max(1, phase.transactions));
    }
    const std::string differences = application_.differences();
    std::printf("errors: %zu\n%sdifferences: %s\n", application_.errors().size(),
                application_.errors().empty() ? "" : (application_.errors()[0] + "\n").c_str(),
                differences.empty() ? "0" : ("\n" + differences).c_str());
    return application_.errors().empty() && differences.empty();
  }

 private:
  std::string end_of_log() const {
    const std::string log = aloft::read_file(log_);
    return log.substr(log.size() - std::min<std::size_t>(log.size(), 1000));
  }

  Arguments arguments_;
  PgServer server_{{"fsync=on", "synchronous_commit=on", "full_page_writes=on",
                    "log_statement=none", "log_min_duration_statement=200", "log_lock_waits=on",
                    "shared_buffers=1GB", "max_wal_size=8GB"}};
  TestDatabase database_{server_.conninfo()};
  std::string file_ = server_.host() + "-desired.sql", log_ = server_.host() + "-log";
  Application application_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    Bench bench(read_arguments(argc, argv));
    bench.go_through_all();
    return bench.report() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "downtime: %s\n", error.what());
    return 1;
  }
}
