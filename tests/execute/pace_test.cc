#include "engine/execute/pace.h"

#include <gtest/gtest.h>

#include "tests/execute/filled_table.h"

namespace aloft::test {
namespace {

TEST(Pace, RestsSoThatAllSessionsTogetherTakeTheirShare) {
  const struct {
    int sessions, share;
    std::int64_t rest;
  } cases[] = {{1, 50, 100}, {2, 50, 300}, {1, 25, 300}, {1, 100, 0}, {2, 100, 100},
               {2, 200, 0},  {2, 400, 0},  {2, 0, 0},    {2, 1, 1000}};
  for (const auto& c : cases)
    EXPECT_EQ(rest_ms(100, c.sessions, c.share), c.rest) << c.sessions << " at " << c.share;
  EXPECT_EQ(rest_ms(0, 2, 50), 0);
}

constexpr std::int64_t kMegabyte = 1'000'000;

TEST(ServerRates, PausesWhileTheAverageOfTheLastMinuteIsAboveTheLimit) {
  ServerRates rates;
  const RateLimits limits{.wal_bytes_per_second = 10 * kMegabyte};
  EXPECT_TRUE(rates.look(limits, 0, {}).none());
  EXPECT_TRUE(rates.look(limits, 4'000, {.wal_bytes = 80 * kMegabyte}).none());
  const PauseReason reason = rates.look(limits, 5'000, {.wal_bytes = 100 * kMegabyte});
  EXPECT_EQ(reason.kind, PauseKind::WalRate);
  EXPECT_EQ(reason.text, "the server writes more than 10.0 MB of WAL a second");
  EXPECT_FALSE(rates.look(limits, 9'000, {.wal_bytes = 100 * kMegabyte}).none());
  EXPECT_TRUE(rates.look(limits, 10'000, {.wal_bytes = 100 * kMegabyte}).none());
  EXPECT_TRUE(rates.look({}, 10'001, {.wal_bytes = 900 * kMegabyte}).none());
}

TEST(ServerRates, ForgetsWhatIsLongerAgoThanAMinute) {
  ServerRates rates;
  const RateLimits limits{.checkpoints = 1};
  EXPECT_TRUE(rates.look(limits, 0, {.checkpoints = 7}).none());
  EXPECT_TRUE(rates.look(limits, 1'000, {.checkpoints = 8}).none());
  const PauseReason reason = rates.look(limits, 30'000, {.checkpoints = 9});
  EXPECT_EQ(reason.kind, PauseKind::Checkpoints);
  EXPECT_EQ(reason.text, "2 checkpoints were forced within the last minute");
  EXPECT_FALSE(rates.look(limits, 60'999, {.checkpoints = 9}).none());
  EXPECT_TRUE(rates.look(limits, 61'000, {.checkpoints = 9}).none());
}

/// The rests of a backfill while another session, named as an application's, has just been at work.
std::vector<std::int64_t> rests_beside(const TestDatabase& db, const std::string& application,
                                       int share, Runner& runner) {
  const auto other = db.connect();
  other->execute("SET application_name = '" + application + "'");
  runner.options.backfill.share = share;
  runner.clock.on_sleep = [&] { other->query("SELECT 1"); };
  other->query("SELECT 1");
  EXPECT_EQ(describe(runner.run(filling(), *db.connect())), "applied 2");
  EXPECT_EQ(db.run("SELECT count(*) FROM t WHERE big = id"), "1000\n");
  return runner.clock.sleeps;
}

TEST(Backfill, RestsBetweenBatchesWhileOthersAreAtWork) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  const auto rests = rests_beside(db, "shop", 50, runner);
  ASSERT_FALSE(rests.empty());
  for (const std::int64_t rest : rests) EXPECT_GE(rest, runner.clock.each_look);
  EXPECT_EQ(runner.observer.lines("note while").size(), 1u);
}

TEST(Backfill, DoesNotRestWhereItsShareIsNotLimitedNorBesideItsOwnKind) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches unlimited;
  EXPECT_TRUE(rests_beside(db, "shop", 0, unlimited).empty());
  start_over(db);
  SmallBatches alone;
  EXPECT_TRUE(rests_beside(db, "aloft", 50, alone).empty());
  EXPECT_TRUE(alone.observer.lines("note while").empty());
}

}  // namespace
}  // namespace aloft::test
