#include "engine/execute/throttle.h"

#include <gtest/gtest.h>

#include "tests/support/fake_session.h"
#include "tests/support/test_database.h"

namespace aloft::test {
namespace {

/// Only what the test is about.
ThrottleLimits no_limits() {
  return {.replay_lag_ms = 0,
          .replay_lag_bytes = 0,
          .retained_wal_bytes = 0,
          .lock_waiters = 0,
          .xmin_age = 0};
}

std::string why(Session& session, const ThrottleLimits& limits) {
  return read_signals(session, limits).reason.text;
}

TEST(Throttle, FindsNoReasonOnAnIdleServer) {
  const TestDatabase db;
  EXPECT_EQ(why(*db.connect(), {}), "");
}

TEST(Throttle, HeedsTheUsersQuery) {
  const TestDatabase db;
  const auto session = db.connect();
  ThrottleLimits limits = no_limits();
  limits.query = "SELECT false";
  EXPECT_EQ(why(*session, limits), "");
  limits.query = "SELECT true";
  EXPECT_EQ(why(*session, limits), "the throttle query says so");
  limits.query = "SELECT NULL::boolean";
  EXPECT_NE(why(*session, limits), "");
  limits.query = "SELECT x FROM nowhere";
  EXPECT_NE(why(*session, limits).find("cannot be read"), std::string::npos);
  EXPECT_EQ(session->query("SELECT 1").size(), 1u);
}

TEST(Throttle, SeesWhoKeepsVacuumFromCleaningUp) {
  const TestDatabase db;
  const auto old = db.connect();
  old->execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
  old->query("SELECT 1");
  db.run("CREATE TABLE a (); CREATE TABLE b ();");
  ThrottleLimits limits = no_limits();
  limits.xmin_age = 1;
  EXPECT_NE(why(*db.connect(), limits).find("keeps vacuum from cleaning up"), std::string::npos);
}

TEST(Throttle, SeesSessionsThatWaitForLocks) {
  FakeSession session;
  session.on("pg_locks", Rows{{"12 sessions wait for locks"}});
  EXPECT_EQ(why(session, {}), "12 sessions wait for locks");
  EXPECT_EQ(session.sent.back(), "ROLLBACK");
}

TEST(Throttle, CountsTheSessionsThatAreAtWork) {
  const TestDatabase db;
  const auto session = db.connect(), shop = db.connect(), idle = db.connect();
  for (Session* other : {shop.get(), idle.get()}) other->execute("SET application_name = 'shop'");
  session->query("SELECT pg_sleep(1.1)");
  EXPECT_EQ(read_signals(*session, no_limits()).others, 0);
  shop->query("SELECT 1");
  EXPECT_EQ(read_signals(*session, no_limits()).others, 1);
  ThrottleLimits limits = no_limits();
  limits.active_sessions = 1;
  EXPECT_EQ(why(*session, limits), "");
  shop->query("SELECT 1");
  idle->query("SELECT 1");
  EXPECT_EQ(why(*session, limits), "2 other sessions are at work");
}

TEST(Throttle, TakesASessionWhoseStateIsHiddenForOneAtWork) {
  const TestDatabase db;
  const auto session = db.connect();
  session->execute(
      "CREATE TEMP VIEW pg_stat_activity AS SELECT 7 AS pid, NULL::text AS backend_type, 10::oid AS"
      " usesysid, 5::oid AS datid, NULL::text AS application_name, NULL::text AS state,"
      " NULL::timestamptz AS state_change");
  session->execute("SET search_path = pg_temp, pg_catalog");
  EXPECT_EQ(read_signals(*session, no_limits()).others, 1);
}

TEST(Throttle, ReadsWhatTheServerHasCounted) {
  const TestDatabase db;
  const auto session = db.connect();
  EXPECT_FALSE(read_signals(*session, no_limits()).counts);
  ThrottleLimits limits = no_limits();
  limits.rates.wal_bytes_per_second = 1;
  const auto before = read_signals(*session, limits).counts;
  db.run("CREATE TABLE t AS SELECT i FROM generate_series(1, 10000) i; CHECKPOINT");
  session->query("SELECT pg_sleep(1)");
  const auto after = read_signals(*session, limits).counts;
  ASSERT_TRUE(before && after);
  EXPECT_GT(after->wal_bytes, before->wal_bytes);
  EXPECT_GT(after->checkpoints, before->checkpoints);
}

TEST(Throttle, SeesASlotThatRetainsWal) {
  const TestDatabase db;
  const auto session = db.connect();
  const std::string slot = db.name();
  session->query("SELECT pg_create_physical_replication_slot('" + slot + "', true)");
  db.run("CREATE TABLE t AS SELECT i FROM generate_series(1, 1000) i");
  ThrottleLimits limits = no_limits();
  limits.retained_wal_bytes = 1;
  const std::string reason = why(*session, limits);
  session->query("SELECT pg_drop_replication_slot('" + slot + "')");
  EXPECT_NE(reason.find("replication slot " + slot + " retains "), std::string::npos) << reason;
}

TEST(Throttle, PausesForAReplicaWhoseLagIsHidden) {
  const TestDatabase db;
  const auto session = db.connect();
  // What a login without pg_read_all_stats sees of a walsender.
  session->execute(
      "CREATE TEMP VIEW pg_stat_replication AS SELECT 7 AS pid, NULL::text AS application_name,"
      " NULL::text AS state, NULL::pg_lsn AS sent_lsn, NULL::pg_lsn AS replay_lsn,"
      " NULL::interval AS replay_lag");
  session->execute("SET search_path = pg_temp, pg_catalog");
  ThrottleLimits limits = no_limits();
  limits.replay_lag_ms = 1000;
  EXPECT_NE(why(*session, limits).find("walsender 7 cannot be read"), std::string::npos);
  const auto lags = read_signals(*session, limits).lags;
  ASSERT_TRUE(lags && lags->all.size() == 1);
  EXPECT_FALSE(lags->all[0].bytes || lags->all[0].seconds);
}

TEST(Throttle, PausesForAReplicaThatLags) {
  const TestDatabase db;
  const auto session = db.connect();
  session->execute(
      "CREATE TEMP VIEW pg_stat_replication AS SELECT 7 AS pid, 'far'::text AS application_name,"
      " 'streaming'::text AS state, pg_current_wal_lsn() AS sent_lsn, pg_current_wal_lsn() AS"
      " replay_lsn, interval '12 s' AS replay_lag");
  session->execute("SET search_path = pg_temp, pg_catalog");
  ThrottleLimits limits = no_limits();
  limits.replay_lag_ms = 10'000;
  EXPECT_EQ(why(*session, limits), "replica far is 0 bytes, 12.0 s behind");
  EXPECT_EQ(read_signals(*session, limits).reason.kind, PauseKind::ReplicaLag);
  limits.replay_lag_ms = 15'000;
  const ThrottleSignals near = read_signals(*session, limits);
  EXPECT_EQ(near.reason.text, "");
  ASSERT_TRUE(near.lags && near.lags->all.size() == 1);
  EXPECT_EQ(near.lags->all[0].replica, "far");
  EXPECT_EQ(near.lags->all[0].bytes, 0);
  EXPECT_EQ(near.lags->all[0].seconds, 12);
  EXPECT_FALSE(read_signals(*session, no_limits()).lags);
}

}  // namespace
}  // namespace aloft::test
