#include "engine/execute/pace.h"

#include <gtest/gtest.h>

#include "tests/execute/filled_table.h"
#include "tests/support/faulty_session.h"

namespace aloft::test {
namespace {

TEST(Pace, RestsSoThatAllSessionsTogetherTakeTheirShare) {
  const struct {
    int sessions, share;
    std::int64_t rest;
  } cases[] = {{1, 50, 700}, {2, 50, 2100}, {1, 25, 2100}, {1, 100, 0},    {2, 100, 700},
               {2, 200, 0},  {2, 400, 0},   {2, 0, 0},     {2, 1, 139'300}};
  for (const auto& c : cases)
    EXPECT_EQ(rest_us(700, c.sessions, c.share), c.rest) << c.sessions << " at " << c.share;
  EXPECT_EQ(rest_us(0, 2, 50), 0);
  EXPECT_EQ(rest_us(50'000, 1, 1), 1'000'000);
}

TEST(Pace, LetsAStatementTakeLessThanATurnOfAProcessor) {
  const struct {
    std::int64_t blocks, worked_us, next;
  } cases[] = {{1, 700, 1}, {1, 9000, 1}, {1, 100, 2},       {10, 100, 20},
               {10, 0, 20}, {10, 600, 5}, {65536, 1, 65536}, {10, 150, 20}};
  for (const auto& c : cases)
    EXPECT_EQ(stretch_blocks(c.blocks, c.worked_us), c.next) << c.blocks << " in " << c.worked_us;
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
  return runner.clock.rests;
}

constexpr const char* kBatches = "SELECT sum(batches) FROM aloft.backfill";

TEST(Backfill, RestsBetweenItsStatementsWhileOthersAreAtWork) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  runner.clock.each_look = 1;
  const auto rests = rests_beside(db, "shop", 50, runner);
  EXPECT_GT(std::stoll(db.run(kBatches)), 0);
  EXPECT_GT(std::ssize(rests), std::stoll(db.run(kBatches)));
  EXPECT_EQ(runner.observer.lines("note while").size(), 1u);
}

TEST(Backfill, RestsWithoutATransactionWhereItsBatchIsOver) {
  const TestDatabase db;
  db.run(kTable);
  SmallBatches runner;
  const auto rests = rests_beside(db, "shop", 50, runner);
  EXPECT_EQ(std::ssize(rests), std::stoll(db.run(kBatches)));
}

TEST(Backfill, FillsEachRowOnceThoughItsConnectionIsLostBetweenItsStatements) {
  const TestDatabase db;
  const std::string table = kTable + std::string("; ALTER TABLE t ADD COLUMN big bigint");
  const auto shop = db.connect();
  shop->execute("SET application_name = 'shop'");
  for (int at = 8; at < 22; ++at) {
    SCOPED_TRACE(at);
    start_over(db, table);
    SmallBatches runner;
    runner.clock.each_look = 1;
    runner.clock.on_sleep = [&] { shop->query("SELECT 1"); };
    shop->query("SELECT 1");
    FaultySession session(db.connect(), at, Fault::BeforeItTookEffect);
    EXPECT_THROW(runner.run(plan_of({fill_big()}), session), DbError);
    EXPECT_EQ(describe(runner.run(plan_of({fill_big()}), *db.connect())), "applied 1");
    EXPECT_EQ(db.run("SELECT count(*), (SELECT sum(rows) FROM aloft.backfill), (SELECT state FROM"
                     " aloft.run) FROM t WHERE big = id"),
              "1000|1000|done\n");
  }
}

/// Knows how long VACUUM rests in it.
class Vacuumed : public FaultySession {
 public:
  explicit Vacuumed(std::unique_ptr<Session> real)
      : FaultySession(std::move(real), 1'000'000, Fault::BeforeItTookEffect) {}
  void execute(const std::string& sql) override {
    if (sql.starts_with("VACUUM")) rested = delay();
    FaultySession::execute(sql);
  }
  std::string delay() { return query("SHOW vacuum_cost_delay").at(0).at(0).value_or(""); }
  std::string rested{};
};

TEST(Backfill, LetsItsVacuumRestWhileOthersAreAtWork) {
  const TestDatabase db;
  const std::string table = kTable + std::string("; ALTER TABLE t ADD COLUMN big bigint");
  const auto other = db.connect();
  for (const auto& [application, rested] : {std::pair{"shop", "2ms"}, std::pair{"aloft", "0"}}) {
    SCOPED_TRACE(application);
    start_over(db, table);
    other->execute("SET application_name = '" + std::string(application) + "'");
    SmallBatches runner;
    runner.clock.each_look = 300;
    runner.clock.on_sleep = [&] { other->query("SELECT 1"); };
    runner.options.backfill.vacuum_rows = 100;
    other->query("SELECT 1");
    Vacuumed session(db.connect());
    EXPECT_EQ(describe(runner.run(plan_of({fill_big()}), session)), "applied 1");
    EXPECT_EQ(session.rested, rested);
    EXPECT_EQ(session.delay(), "0");
  }
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
