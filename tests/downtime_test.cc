// An application that writes and reads throughout a change of its keys from integer to bigint, with
// tables that refer to them: no statement of it fails, and every write it committed is there in the
// end, by its own second record.

#include <gtest/gtest.h>

#include "engine/base/file_reader.h"
#include "tests/application.h"
#include "tests/online_run.h"

namespace aloft::test {
namespace {

class Downtime : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(file_, application_schema(true, true));
    application_.work_for(50);
  }
  void TearDown() override { std::remove(file_.c_str()); }

  void expect_untroubled() {
    application_.finish();
    EXPECT_TRUE(application_.errors().empty())
        << application_.errors().size() << " errors, as " << application_.errors().front();
    EXPECT_EQ(application_.differences(), "");
    const PhaseSeen seen = application_.seen().front();
    std::printf("%d transactions, %d retried, the longest statement took %.0f ms\n",
                seen.transactions, seen.serialization_failures,
                static_cast<double>(seen.percentile(1)));
  }

  TestDatabase database_;
  std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
  Application application_{database_, {}};
};

void expect_end(const Outcome& outcome) {
  if (const auto* failed = std::get_if<Failed>(&outcome))
    FAIL() << "step " << failed->step << ": " << failed->message;
  ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
}

TEST_F(Downtime, NothingFailsAndNothingIsLostFromExpandToContract) {
  const auto session = database_.connect();
  const Plan plan = online_plan(*session, file_);
  ASSERT_FALSE(plan.scaffold.empty());
  expect_end(run_online(plan, *session, false));
  application_.work_for(100);
  application_.be_new();
  application_.work_for(100);  // what the old application had begun is over
  expect_end(run_online(plan, *session, true));
  application_.work_for(100);
  expect_untroubled();
  expect_no_changes(database_, file_);
}

TEST_F(Downtime, NothingFailsAndNothingIsLostWhenARunIsTakenBack) {
  {
    const auto session = database_.connect();
    const Plan plan = online_plan(*session, file_);
    expect_end(run_online(plan, *session, false));
  }
  application_.work_for(100);
  take_back(database_);
  application_.work_for(100);
  expect_untroubled();
  const TestDatabase fresh;
  fresh.run(application_schema(false, false));
  expect_same_schema(database_, fresh);
}

}  // namespace
}  // namespace aloft::test
