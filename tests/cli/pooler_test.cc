// Through PgBouncer: a run works in session mode and is refused at once in transaction mode, where
// its locks and settings would be somebody else's.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "cli/commands.h"
#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "tests/support/pg_server.h"
#include "tests/support/test_database.h"

namespace aloft {
namespace {

constexpr const char* kProgram = "/usr/sbin/pgbouncer";

/// A pooler before the test server, on a socket in a folder of its own; ends with the object.
class Pooler {
 public:
  explicit Pooler(const std::string& mode) {
    namespace fs = std::filesystem;
    folder_ = fs::temp_directory_path() / fmt::format("aloft-pooler-{}", getpid());
    fs::create_directories(folder_);
    fs::permissions(folder_, fs::perms::all);
    write_file(folder_ / "pgbouncer.ini",
               fmt::format("[databases]\n* = {}\n[pgbouncer]\npool_mode = {}\nauth_type = any\n"
                           "listen_port = 6432\nunix_socket_dir = {}\nlogfile = {}/log\n"
                           "default_pool_size = 10\n",
                           test::test_server(), mode, folder_.string(), folder_.string()));
    const bool root = getuid() == 0;
    child_ = fork();
    if (child_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      const std::string config = folder_ / "pgbouncer.ini";
      if (root)
        execl(kProgram, kProgram, "-q", "-u", "postgres", config.c_str(), nullptr);
      else
        execl(kProgram, kProgram, "-q", config.c_str(), nullptr);
      _exit(127);
    }
  }
  ~Pooler() {
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  std::string conninfo(const std::string& database) const {
    return fmt::format("host={} port=6432 user=postgres dbname={}", folder_.string(), database);
  }

 private:
  std::filesystem::path folder_;
  pid_t child_ = -1;
};

class PoolerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (access(kProgram, X_OK) != 0) GTEST_SKIP() << kProgram << " is not installed";
    database_.run("CREATE TABLE orders (id integer PRIMARY KEY); INSERT INTO orders VALUES (1)");
    write_file(file_,
               "CREATE TABLE orders (id integer PRIMARY KEY, note text);"
               "CREATE INDEX ON orders (note);");
  }
  void TearDown() override { std::filesystem::remove(file_); }

  ExitCode apply(const Pooler& pooler) {
    const std::string conninfo = pooler.conninfo(database_.name());
    wait_until_up(conninfo);
    CommandOptions options;
    options.db = conninfo;
    options.db_said = options.yes = true;
    options.desired = {file_};
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const auto start = std::chrono::steady_clock::now();
    const ExitCode code = apply_command(options);
    took_ = std::chrono::steady_clock::now() - start;
    out_ = ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr();
    return code;
  }
  static void wait_until_up(const std::string& conninfo) {
    for (int tries = 0;; ++tries) {
      try {
        open_session(conninfo)->query("SELECT 1");
        return;
      } catch (const DbError&) {
        if (tries == 100) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    }
  }
  std::string columns() const {
    return database_.run(
        "SELECT count(*), to_regnamespace('aloft') IS NOT NULL FROM pg_attribute"
        " WHERE attrelid = 'orders'::regclass AND attnum > 0");
  }

  test::TestDatabase database_;
  std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
  std::string out_;
  std::chrono::steady_clock::duration took_{};
};

TEST_F(PoolerTest, WorksInSessionMode) {
  const Pooler pooler("session");
  EXPECT_EQ(apply(pooler), ExitCode::Ok) << out_;
  EXPECT_EQ(columns(), "2|t\n");
}

TEST_F(PoolerTest, IsRefusedInTransactionMode) {
  const Pooler pooler("transaction");
  EXPECT_EQ(apply(pooler), ExitCode::Error);
  EXPECT_NE(out_.find("pooler"), std::string::npos) << out_;
  EXPECT_EQ(columns(), "1|f\n");
  EXPECT_LT(took_, std::chrono::seconds(3));
}

}  // namespace
}  // namespace aloft
