// Tables whose changes logical replication carries to a second server, where the subscriber is left
// as it is, or gets what the plan says it needs: in the end both have the same rows.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "engine/base/file_reader.h"
#include "tests/cli/captured_command.h"
#include "tests/online_run.h"

namespace aloft::test {
namespace {

constexpr std::int64_t kHour = 3'600'000;

const PgServer& publisher() {
  static const PgServer server({"wal_level=logical"});
  return server;
}

/// What it has, it says each second: the ten of the default are as long as the tests wait.
const PgServer& subscriber() {
  static const PgServer server(
      {"wal_retrieve_retry_interval=100ms", "wal_receiver_status_interval=1s"});
  return server;
}

constexpr const char* kOrders =
    "CREATE TABLE public.orders (id integer PRIMARY KEY, n integer NOT NULL, note text);"
    "CREATE INDEX orders_n ON public.orders (n);";
constexpr const char* kWiderNumber =
    "CREATE TABLE public.orders (id integer PRIMARY KEY, n bigint NOT NULL, note text);"
    "CREATE INDEX orders_n ON public.orders (n);";
constexpr const char* kWiderBoth =
    "CREATE TABLE public.orders (id bigint PRIMARY KEY, n bigint NOT NULL, note text);"
    "CREATE INDEX orders_n ON public.orders (n);";
constexpr const char* kWiderKey =
    "CREATE TABLE public.orders (id bigint PRIMARY KEY, n integer NOT NULL, note text);"
    "CREATE INDEX orders_n ON public.orders (n);";

class Replication : public CapturedCommand {
 protected:
  void SetUp() override {
    if (here_.connect()->server_version() < 150000) GTEST_SKIP() << "lists of columns: from 15 on";
    here_.run(std::string(kOrders) +
              "INSERT INTO orders SELECT i, i, 'note' FROM generate_series(1, 300) i");
    there_.run(std::string(kOrders) +
               "ALTER TABLE orders ALTER id TYPE bigint, ALTER n TYPE bigint");
  }
  void TearDown() override {
    if (subscribed_) there_.run("DROP SUBSCRIPTION s");
    std::remove(file_.c_str());
  }

  void publish(const std::string& what) {
    here_.run("CREATE PUBLICATION p " + what);
    there_.run("CREATE SUBSCRIPTION s CONNECTION '" + here_.conninfo() +
               "' PUBLICATION p WITH (slot_name = '" + here_.name() + "')");
    subscribed_ = true;
    write_file(file_, kWiderNumber);
    const auto session = there_.connect();
    ASSERT_TRUE(comes_true([&] {
      const Rows rows = session->query(
          "SELECT srsubstate FROM pg_subscription_rel r JOIN pg_class c"
          " ON c.oid = srrelid WHERE relname = 'orders'");
      return !rows.empty() && rows[0][0] == "r";
    }));
  }

  /// Within ten seconds.
  static bool comes_true(const std::function<bool()>& fact) {
    for (int tries = 0; tries < 400; ++tries, usleep(25'000))
      if (fact()) return true;
    return false;
  }

  /// Has the subscriber all that is written here?
  bool is_followed() const {
    const auto session = here_.connect();
    const std::string end = *session->query("SELECT pg_current_wal_insert_lsn()")[0][0];
    const std::string has = "SELECT confirmed_flush_lsn >= '" + end +
                            "' FROM pg_replication_slots WHERE slot_name = '" + here_.name() + "'";
    return comes_true([&] { return session->query(has)[0][0] == "t"; });
  }

  /// Writes of every kind, by numbers that were not used before.
  void write() {
    const std::string i = std::to_string(++written_), fresh = std::to_string(1000 + written_);
    here_.run("INSERT INTO orders (id, n, note) VALUES (" + fresh + ", " + fresh +
              ", 'new');"
              "UPDATE orders SET n = -n WHERE id = 10 + " +
              i +
              ";"
              "UPDATE orders SET note = 'other' WHERE id = 20 + " +
              i +
              ";"
              "UPDATE orders SET id = 2000 + " +
              i + " WHERE id = 30 + " + i +
              ";"
              "DELETE FROM orders WHERE id = 40 + " +
              i);
  }

  void expect_followed() {
    write();
    ASSERT_TRUE(is_followed()) << subscriber().log().substr(subscriber().log().size() - 2000);
    const std::string rows =
        "SELECT count(*), md5(string_agg(concat_ws(',', id, n, note), ';' ORDER BY id)) FROM "
        "orders";
    EXPECT_EQ(there_.run(rows), here_.run(rows));
  }

  /// The tables of the journal, which a publication of all tables shows too.
  void load_journal() const {
    there_.run(
        run_pg_program("pg_dump", "--schema-only --schema=aloft -d '" + here_.conninfo() + "'"));
  }

  /// What the publication says of the table.
  std::string shown() const {
    return here_.run(
        "SELECT r.prattrs IS NULL, pg_get_expr(r.prqual, r.prrelid), (SELECT string_agg(attname, "
        "','"
        " ORDER BY attname) FROM pg_attribute WHERE attrelid = r.prrelid AND attnum = ANY"
        " (r.prattrs)) FROM pg_publication_rel r");
  }

  Plan plan() const { return online_plan(*here_.connect(), file_); }

  void carry_out(const Plan& plan, bool contract, std::int64_t soak_ms = 0) const {
    const Outcome outcome = run_online(plan, *here_.connect(), contract, {}, soak_ms);
    if (const auto* failed = std::get_if<Failed>(&outcome))
      FAIL() << "step " << failed->step << ": " << failed->message;
    ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
  }

  const TestDatabase here_{publisher().conninfo()}, there_{subscriber().conninfo()};
  const std::string file_ = ::testing::TempDir() + "/" + here_.name() + ".sql";
  bool subscribed_ = false;
  int written_ = 0;
};

/// What the plan says is to be run on subscribers.
std::vector<std::string> needs_of(const Plan& plan) {
  std::vector<std::string> statements;
  const std::string words = "run there first: ";
  for (const Step& step : plan.steps)
    for (const HazardNote& note : step.hazards)
      if (note.hazard == Hazard::Replication && note.why.find(words) != std::string::npos)
        statements.push_back(note.why.substr(note.why.find(words) + words.size()));
  return statements;
}

struct Listed {
  const char *publication, *desired;
};

class ReplicationListed : public Replication, public ::testing::WithParamInterface<Listed> {};

TEST_P(ReplicationListed, NeedsNothingOfTheSubscriberFromExpandToContract) {
  publish(GetParam().publication);
  write_file(file_, GetParam().desired);
  const std::string before = shown();
  expect_followed();
  const Plan plan = this->plan();
  EXPECT_EQ(needs_of(plan), std::vector<std::string>{});
  ASSERT_FALSE(plan.scaffold.empty());
  carry_out(plan, false);
  expect_followed();
  carry_out(plan, true, kHour);
  expect_followed();
  carry_out(plan, true);
  expect_followed();
  EXPECT_EQ(shown(), before);
  expect_no_changes(here_, file_);
}

TEST_P(ReplicationListed, FollowsOnTheWaysBack) {
  publish(GetParam().publication);
  write_file(file_, GetParam().desired);
  const std::string before = shown();
  for (const bool cut_over : {false, true}) {
    const Plan plan = this->plan();
    carry_out(plan, cut_over, kHour);
    expect_followed();
    take_back(here_);
    if (HasFailure()) return;
    expect_followed();
    EXPECT_EQ(shown(), before);
  }
  const TestDatabase fresh(publisher().conninfo());
  fresh.run(kOrders);
  expect_same_schema(here_, fresh);
}

INSTANTIATE_TEST_SUITE_P(Publications, ReplicationListed,
                         ::testing::Values(Listed{"FOR TABLE orders", kWiderBoth},
                                           Listed{"FOR TABLE orders (id, n, note) WHERE (id > 0)",
                                                  kWiderKey}));

TEST_F(Replication, NamesWhatASubscriberOfAllTablesNeedsFirst) {
  publish("FOR ALL TABLES");
  expect_followed();
  const Plan plan = this->plan();
  const std::vector<std::string> needs = needs_of(plan);
  ASSERT_EQ(needs.size(), 2U);
  there_.run(needs[0]);
  carry_out(plan, false);
  load_journal();
  expect_followed();
  there_.run(needs[1]);
  carry_out(plan, true, kHour);
  expect_followed();
  carry_out(plan, true);
  expect_followed();
}

TEST_F(Replication, StopsWhereTheSubscriberDoesNotHaveTheColumnAndGoesOnWithIt) {
  publish("FOR ALL TABLES");
  write_file(file_,
             "CREATE TABLE public.orders (id integer PRIMARY KEY, n integer NOT NULL, note text,"
             " rank integer DEFAULT 7 NOT NULL); CREATE INDEX orders_n ON public.orders (n);");
  expect_followed();
  const Plan plan = this->plan();
  carry_out(plan, true);
  load_journal();
  const std::size_t log = subscriber().log().size();
  write();
  EXPECT_TRUE(comes_true([&] {
    return subscriber().log().find("missing replicated column: \"rank\"", log) != std::string::npos;
  }));
  ASSERT_EQ(needs_of(plan).size(), 1U);
  there_.run(needs_of(plan)[0]);
  expect_followed();
  EXPECT_EQ(there_.run("SELECT count(*) FROM orders WHERE rank <> 7"), "0\n");
}

TEST_F(Replication, TakesTheLongWayForASmallTableToo) {
  here_.run("CREATE PUBLICATION p FOR TABLE orders (id, n)");
  write_file(file_, kWiderNumber);
  // PostgreSQL refuses another type for a column that a publication names.
  apply_file(here_, file_);
  EXPECT_EQ(shown(), "f||id,n\n");
}

TEST_F(Replication, IsAGateOfItsOwn) {
  publish("FOR ALL TABLES");
  write_file(file_, std::string(kOrders) + "CREATE TABLE public.lines (id integer PRIMARY KEY);");
  CommandOptions options;
  options.db = here_.conninfo();
  options.desired = {file_};
  options.db_said = options.yes = true;
  EXPECT_EQ(call(apply_command, options), ExitCode::Gated);
  EXPECT_NE(err_.find("--allow replication"), std::string::npos) << err_;
  options.allow = {Hazard::Replication};
  EXPECT_EQ(call(apply_command, options), ExitCode::Ok) << err_;
}

struct Refused {
  const char *sql, *says;
};

TEST_F(Replication, SaysWhatNoShadowColumnCanBeSafeFor) {
  for (const Refused& refused :
       {Refused{"ALTER TABLE orders REPLICA IDENTITY FULL", "publication p finds its rows"},
        Refused{"ALTER TABLE orders REPLICA IDENTITY NOTHING", "has no replica identity"}}) {
    const TestDatabase database(publisher().conninfo());
    database.run(std::string(kOrders) + "CREATE PUBLICATION p FOR TABLE orders;" + refused.sql);
    std::string desired = kWiderNumber;
    write_file(file_, desired + refused.sql + ";");
    const Plan plan = online_plan(*database.connect(), file_);
    const auto plain = std::ranges::find_if(plan.steps, &Step::rewrites);
    ASSERT_NE(plain, plan.steps.end());
    EXPECT_NE(plain->why.find(refused.says), std::string::npos) << plain->why;
  }
}

}  // namespace
}  // namespace aloft::test
