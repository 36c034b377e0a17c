// --metrics and --metrics-listen of a run on a server.

#include "cli/metrics_output.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "tests/cli/exposition_lines.h"
#include "tests/cli/run_fixture.h"

namespace aloft::test {
namespace {

namespace fs = std::filesystem;
using Series = std::map<std::string, double>;

const std::string kBackfill = "{step=\"2\",table=\"public.t\"}";

/// The body of GET `url`; "" where nobody answers.
std::string get(const std::string& url) {
  std::string body;
  CURL* curl = curl_easy_init();
  const auto take = +[](char* data, std::size_t, std::size_t size, void* to) {
    static_cast<std::string*>(to)->append(data, size);
    return size;
  };
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  curl_easy_perform(curl);
  curl_easy_cleanup(curl);
  return body;
}

/// A port of this machine that is listened on while it lives.
class TakenPort {
 public:
  TakenPort() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&at), size), 0);
    EXPECT_EQ(listen(socket_, 1), 0);
    EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size), 0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  }
  ~TakenPort() { close(socket_); }
  TakenPort(const TakenPort&) = delete;
  TakenPort& operator=(const TakenPort&) = delete;
  const std::string& address() const { return address_; }

 private:
  int socket_;
  std::string address_;
};

class MetricsOfARun : public RunCommands {
 protected:
  MetricsOfARun() { fs::create_directory(folder_); }
  ~MetricsOfARun() override { fs::remove_all(folder_); }

  Series written() const { return read_exposition(read_file(file_)); }
  double journal(const std::string& query) { return std::stod(database_.run(query)); }
  void expect_nothing_changed() {
    EXPECT_EQ(database_.run("SELECT to_regnamespace('aloft') IS NULL"), "t\n");
  }

  const std::string folder_ = ::testing::TempDir() + "/" + database_.name() + "_metrics";
  const std::string file_ = folder_ + "/aloft.prom";
};

TEST_F(MetricsOfARun, AgreeWithTheJournal) {
  Plan plan = shadow_plan();
  plan.steps[0].sql.push_back("SELECT pg_sleep(0.05)");  // under the lock of the statement before
  plan.id = plan_hash(plan);
  CommandOptions options = options_;
  options.plan_file = file("plan.json", plan_to_json(plan));
  options.metrics_file = file_;
  ASSERT_EQ(call(apply_command, options), ExitCode::Ok) << err_;
  EXPECT_TRUE(said("Locks: 1 try, none of them gave up; writes may have waited for ")) << out_;
  const Series now = written();
  EXPECT_EQ(now.count("aloft_run_info{phase=\"backfill\",plan_id=\"" + plan.id + "\",run=\"1\"}"),
            1u);
  EXPECT_EQ(now.at("aloft_run_under_way"), 0);
  EXPECT_EQ(now.at("aloft_run_result{result=\"contract_waits\"}"), 1);
  EXPECT_EQ(now.at("aloft_run_steps"), 3);
  EXPECT_EQ(now.at("aloft_run_steps_done"),
            journal("SELECT count(*) FROM aloft.step WHERE state = 'done'"));
  EXPECT_EQ(now.at("aloft_backfill_filled_rows_total" + kBackfill), 500);
  EXPECT_EQ(now.at("aloft_backfill_filled_rows_total" + kBackfill),
            journal("SELECT sum(rows) FROM aloft.backfill"));
  EXPECT_EQ(now.at("aloft_backfill_blocks_done" + kBackfill),
            journal("SELECT sum(next_block) FROM aloft.backfill"));
  EXPECT_EQ(now.at("aloft_lock_tries_total"), journal("SELECT tries FROM aloft.stall"));
  EXPECT_EQ(now.at("aloft_lock_stall_seconds_total"),
            journal("SELECT total_ms / 1000.0 FROM aloft.stall"));
  EXPECT_GE(now.at("aloft_lock_stall_seconds_total"), 0.05);
  EXPECT_NEAR(now.at("aloft_last_success_timestamp_seconds"),
              journal("SELECT extract(epoch FROM clock_timestamp())"), 60);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(MetricsOfARun, GoOnFromTheJournalInTheNextCommand) {
  expand();
  const double expanded = journal("SELECT extract(epoch FROM max(finished)) FROM aloft.step");
  options_.metrics_file = file_;
  database_.run("UPDATE t SET id_x = 0 WHERE id = 7");  // so that contract's proof does not hold
  options_.allow = {Hazard::Irreversible};
  EXPECT_EQ(call(contract_command, options_), ExitCode::Error);
  EXPECT_EQ(written().at("aloft_run_result{result=\"failed\"}"), 1);
  EXPECT_NEAR(written().at("aloft_last_success_timestamp_seconds"), expanded, 0.01);
  EXPECT_EQ(written().at("aloft_run_steps_done"), 2);
  EXPECT_EQ(call(rollback_command, options_), ExitCode::Ok) << err_;
  EXPECT_EQ(written().count("aloft_run_info{phase=\"rollback\",plan_id=\"" +
                            database_.run("SELECT plan_id FROM aloft.run WHERE id = 2")
                                .substr(0, shadow_plan().id.size()) +
                            "\",run=\"2\"}"),
            1u)
      << read_file(file_);
}

TEST_F(MetricsOfARun, AreServedAndWrittenWhileItsBackfillPauses) {
  database_.run("CREATE TABLE public.closed ()");
  CommandOptions options = applying();
  options.metrics_file = file_;
  options.metrics_listen = TakenPort().address();  // free again
  options.backfill.limits.query = "SELECT to_regclass('public.closed') IS NOT NULL";
  auto run = std::async(std::launch::async, [&] { return call(apply_command, options); });
  const std::string url = "http://" + options.metrics_listen + "/metrics";
  const std::string paused = "aloft_backfill_paused{reason=\"throttle_query\"} 1";
  std::string scraped, file;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while ((scraped.find(paused) == scraped.npos || file.find(paused) == file.npos) &&
         std::chrono::steady_clock::now() < deadline) {
    database_.run("SELECT pg_sleep(0.05)");
    scraped = get(url);
    file = fs::exists(file_) ? read_file(file_) : "";
  }
  const Series live = read_exposition(file);
  database_.run("DROP TABLE public.closed");
  EXPECT_EQ(run.get(), ExitCode::Ok) << err_;
  EXPECT_NE(scraped.find(paused), scraped.npos) << scraped;
  EXPECT_NE(scraped.find("aloft_run_steps_done 1\n"), scraped.npos) << scraped;
  EXPECT_NE(scraped.find("# TYPE aloft_backfill_filled_rows_total counter"), scraped.npos);
  EXPECT_EQ(live.at("aloft_run_under_way"), 1);
  EXPECT_EQ(live.at("aloft_backfill_filled_rows_total" + kBackfill), 0);
  EXPECT_EQ(live.count("aloft_backfill_left_seconds" + kBackfill), 0u);
  EXPECT_TRUE(said("metrics at " + url)) << err_;
  EXPECT_EQ(get(url), "");
  EXPECT_EQ(written().at("aloft_backfill_paused{reason=\"throttle_query\"}"), 0);
  EXPECT_GT(written().at("aloft_backfill_pause_seconds_total{reason=\"throttle_query\"}"), 0);
}

TEST_F(MetricsOfARun, HaveAFolderThatIsThereBeforeAnythingIsDone) {
  CommandOptions options = applying();
  options.metrics_file = folder_ + "/missing/aloft.prom";
  EXPECT_THROW(apply_command(options), IoError);
  options.metrics_file = folder_;
  EXPECT_THROW(apply_command(options), IoError);
  EXPECT_THROW(contract_command(options), IoError);
  EXPECT_THROW(rollback_command(options), IoError);
  expect_nothing_changed();
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(MetricsOfARun, HaveAPortThatIsFreeBeforeAnythingIsDone) {
  const TakenPort taken;
  CommandOptions options = applying();
  for (const std::string& address :
       {taken.address(), std::string("9187"), std::string("127.0.0.1:70000"),
        std::string("127.0.0.1:1,127.0.0.1:2"), std::string("127.0.0.1:9187s")}) {
    options.metrics_listen = address;
    EXPECT_THROW(apply_command(options), IoError) << address;
  }
  expect_nothing_changed();
}

TEST_F(MetricsOfARun, LeaveTheFileAloneWhereThereIsNothingToDo) {
  options_.metrics_file = file_;
  write_file(file_, "as it was\n");
  EXPECT_EQ(call(contract_command, options_), ExitCode::Ok);
  EXPECT_EQ(read_file(file_), "as it was\n");
}

TEST_F(MetricsOfARun, ThatCanNoLongerBeWrittenDoNotStopIt) {
  CommandOptions options = applying();
  options.metrics_file = file_;
  MetricsOutput metrics(options);
  fs::remove_all(folder_);
  write_file(folder_, "");  // now a file, in which no file can be made
  ::testing::internal::CaptureStderr();
  metrics.start([] { return RunFigures{}; });
  metrics.stop();
  const std::string told = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(told.find("the run goes on without"), told.npos) << told;
  EXPECT_EQ(told.find("the run goes on"), told.rfind("the run goes on")) << told;
}

}  // namespace
}  // namespace aloft::test
