// An application that knows the schema as it was and one that knows it as it will be, at the same
// time and throughout, one way after the other: renames, columns in the place of others, columns
// that are filled, numbered or given up, another type. No statement fails, and every write that
// they committed is there in the end, by their own second record.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>

#include "engine/base/file_reader.h"
#include "engine/db/db_error.h"
#include "engine/execute/journal.h"
#include "tests/online_run.h"

namespace aloft {
namespace {

using test::TestDatabase;

/// How an application says what an order holds, a number from 1 to 9.
struct Words {
  std::string columns;          ///< those it writes
  std::string values;           ///< what it writes there; `?` stands for the number
  std::string number;           ///< the number again, from a row
  std::string lines = "lines";  ///< its name for the table of the lines
};

struct Way {
  std::string name;
  std::string from, to;  ///< the columns of orders beside its key
  Words before, after;
  std::string wrong = "false";                 ///< what no row of orders may be in the end
  std::string types_from = {}, types_to = {};  ///< what stands before orders
  bool partitioned = false;
  std::size_t agreements = 0;  ///< that a sample of the rows is asked
};

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

std::string schema(const std::string& types, const std::string& columns, const std::string& lines,
                   bool partitioned) {
  return types + "CREATE TABLE orders (\n  id bigserial PRIMARY KEY,\n" + columns + "\n)" +
         (partitioned ? " PARTITION BY HASH (id);\n"
                        "CREATE TABLE orders_0 PARTITION OF orders FOR VALUES WITH (MODULUS 2, "
                        "REMAINDER 0);\n"
                        "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES WITH (MODULUS 2, "
                        "REMAINDER 1);\n"
                      : ";\n") +
         (lines == "lines" ? "" : "-- aloft: renamed from lines\n") + "CREATE TABLE " + lines +
         " (id bigserial PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE);\n"
         "CREATE TABLE ledger (id bigint PRIMARY KEY, number integer);\n";
}

const Words kCust = {"cust", "?", "cust"};
constexpr const char* kCustColumn = "  cust integer NOT NULL DEFAULT 7 CHECK (cust > 0)";

std::vector<Way> ways_of_plain_tables() {
  const std::string cust = kCustColumn;
  return {
      {.name = "RenamesByViews",
       .from = cust,
       .to = "  -- aloft: renamed from cust\n"
             "  customer integer NOT NULL DEFAULT 7 CHECK (customer > 0)",
       .before = kCust,
       .after = {"customer", "?", "customer", "order_lines"}},
      {.name = "RenamesByTwoColumns",
       .from = cust,
       .to = "  -- aloft: using cust\n  -- aloft: reverse cust = customer\n"
             "  customer integer NOT NULL DEFAULT 7 CHECK (customer > 0)",
       .before = kCust,
       .after = {"customer", "?", "customer"},
       .agreements = 1},
      {.name = "RenamesBesideAnotherChange",
       .from = cust,
       .to = "  -- aloft: renamed from cust\n"
             "  customer integer NOT NULL DEFAULT 7 CHECK (customer > 0),\n  note text",
       .before = kCust,
       .after = {"customer, note", "?, 'new'", "customer"},
       .wrong = "note <> 'new'",
       .agreements = 1},
      {.name = "SplitsAColumn",
       .from = cust,
       .to = "  high integer NOT NULL DEFAULT 2, -- aloft: using cust / 3\n"
             "  -- aloft: using cust % 3\n  -- aloft: reverse cust = high * 3 + low\n"
             "  low integer NOT NULL DEFAULT 1",
       .before = kCust,
       .after = {"high, low", "? / 3, ? % 3", "high * 3 + low"},
       .agreements = 1},
      {.name = "MergesColumns",
       .from = "  high integer NOT NULL DEFAULT 2,\n  low integer NOT NULL DEFAULT 1",
       .to = "  -- aloft: using high * 3 + low\n  -- aloft: reverse high = cust / 3\n"
             "  -- aloft: reverse low = cust % 3\n" +
             cust,
       .before = {"high, low", "? / 3, ? % 3", "high * 3 + low"},
       .after = kCust,
       .agreements = 1},
      {.name = "FillsAColumnThatNobodyMayLeaveOut",
       .from = "  cust integer DEFAULT 7",
       .to = "  cust integer NOT NULL DEFAULT 7 -- aloft: backfill 4",
       .before = {"cust", "NULLIF(?, 4)", "coalesce(cust, 4)"},
       .after = kCust},
      {.name = "FillsANewColumn",
       .from = cust,
       .to = cust + ",\n  origin text NOT NULL DEFAULT 'new' -- aloft: backfill 'old ' || id",
       .before = kCust,
       .after = {"cust, origin", "?, 'new'", "cust"},
       .wrong = "origin <> 'new' AND origin <> 'old ' || id"},
      {.name = "NumbersAndMarksRows",
       .from = cust,
       .to = cust + ",\n  number bigint GENERATED ALWAYS AS IDENTITY,\n"
                    "  counted bigserial,\n  token uuid NOT NULL DEFAULT gen_random_uuid()",
       .before = kCust,
       .after = kCust,
       .wrong = "EXISTS (SELECT FROM orders o WHERE o.id <> orders.id AND (o.number ="
                " orders.number OR o.counted = orders.counted OR o.token = orders.token))"},
      {.name = "GivesUpColumnsAndATable",
       .from = cust + ",\n  note text NOT NULL DEFAULT 'none',\n  kind integer REFERENCES kinds",
       .to = cust,
       .before = {"cust, note, kind", "?, 'said', 1", "cust"},
       .after = kCust,
       .types_from = "CREATE TABLE kinds (id integer PRIMARY KEY);\n"
                     "INSERT INTO kinds VALUES (1);\n"},
      {.name = "ChangesAType",
       .from = cust,
       .to = "  cust bigint NOT NULL DEFAULT 7 CHECK (cust > 0)",
       .before = kCust,
       .after = kCust,
       .agreements = 1},
      {.name = "TakesALabelOutOfAType",
       .from = "  cust digit NOT NULL DEFAULT '7'",
       .to = "  cust digit NOT NULL DEFAULT '7'",
       .before = {"cust", "'?'", "cust::text::integer"},
       .after = {"cust", "'?'", "cust::text::integer"},
       .types_from = "CREATE TYPE digit AS ENUM ('0','1','2','3','4','5','6','7','8','9');\n",
       .types_to = "CREATE TYPE digit AS ENUM ('9','8','7','6','5','4','3','2','1');\n",
       .agreements = 1},
  };
}

/// And some of a partitioned one.
std::vector<Way> ways() {
  std::vector<Way> all = ways_of_plain_tables();
  for (Way way : ways_of_plain_tables()) {
    if (way.name == "NumbersAndMarksRows") {
      // A new identity of a partitioned table is not numbered in batches.
      way.to.erase(way.to.find("  number "), way.to.find("  counted ") - way.to.find("  number "));
      way.wrong =
          "EXISTS (SELECT FROM orders o WHERE o.id <> orders.id AND (o.counted ="
          " orders.counted OR o.token = orders.token))";
    } else if (way.name != "SplitsAColumn" && way.name != "FillsANewColumn" &&
               way.name != "ChangesAType" && way.name != "RenamesBesideAnotherChange") {
      continue;
    }
    way.name += "OfPartitions";
    way.partitioned = true;
    all.push_back(way);
  }
  return all;
}

/// Those that end with a contract.
std::vector<Way> ways_that_wait() {
  std::vector<Way> all = ways();
  std::erase_if(all, [](const Way& way) { return way.name.starts_with("Numbers"); });
  return all;
}

/// Four sessions of an application that uses these words.
class Application {
 public:
  Application(const TestDatabase& database, Words words) : words_(std::move(words)) {
    for (unsigned i = 0; i < 4; ++i)
      clients_.emplace_back([this, &database, i] { work(database, i); });
  }
  ~Application() { stop(); }

  /// Until it has begun and ended so many transactions more.
  void work_for(int transactions) const {
    const int enough = transactions_ + transactions;
    while (transactions_ < enough) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::vector<std::string> stop() {
    over_ = true;
    for (std::thread& client : clients_)
      if (client.joinable()) client.join();
    return errors_;
  }

 private:
  /// What it writes for a number.
  std::string values(const std::string& number) const {
    std::string text;
    for (const char c : words_.values)
      if (c == '?')
        text += number;
      else
        text += c;
    return text;
  }

  void work(const TestDatabase& database, unsigned seed) {
    const auto session = database.connect();
    std::mt19937 random(seed);
    session->execute("SET search_path = public");
    session->execute("PREPARE put_five AS INSERT INTO orders (" + words_.columns + ") VALUES (" +
                     values("5") + ") RETURNING id");
    while (!over_) {
      try {
        once(*session, random);
      } catch (const DbError& error) {
        const std::lock_guard lock(mutex_);
        errors_.push_back(error.what());
        session->execute("ROLLBACK");
      }
      ++transactions_;
    }
  }

  void once(Session& session, std::mt19937& random) const {
    const std::string id = std::to_string(1 + random() % 1000),
                      number = std::to_string(1 + random() % 9);
    const std::string set = "SET (" + words_.columns + ") = ROW(" + values(number) + ")";
    session.execute("BEGIN");
    switch (random() % 7) {
      case 0: {
        const std::string made = session.query("EXECUTE put_five").at(0).at(0).value_or("");
        session.execute("INSERT INTO " + words_.lines + " (order_id) VALUES (" + made + ")");
        session.execute("INSERT INTO ledger VALUES (" + made + ", 5)");
      } break;
      case 1: {
        const Rows made = session.query("INSERT INTO orders (id) VALUES (DEFAULT) RETURNING id");
        session.execute("INSERT INTO ledger VALUES (" + made[0][0].value_or("") + ", 7)");
      } break;
      case 2:
        if (!session.query("UPDATE orders " + set + " WHERE id = " + id + " RETURNING 1").empty())
          session.execute("UPDATE ledger SET number = " + number + " WHERE id = " + id);
        break;
      case 3:
        session.execute("INSERT INTO orders (id, " + words_.columns + ") VALUES (" + id + ", " +
                        values(number) + ") ON CONFLICT (id) DO UPDATE " + set);
        session.execute("INSERT INTO ledger VALUES (" + id + ", " + number +
                        ") ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number");
        break;
      case 4:
        if (!session.query("DELETE FROM orders WHERE id = " + id + " RETURNING 1").empty())
          session.execute("DELETE FROM ledger WHERE id = " + id);
        break;
      case 5:
        session.query("UPDATE orders " + set + " WHERE id = " + id + " RETURNING 1");
        session.execute("ROLLBACK");
        return;
      default:
        session.query("SELECT " + words_.number + ", count(l.id) FROM orders o LEFT JOIN " +
                      words_.lines + " l ON l.order_id = o.id WHERE o.id = " + id + " GROUP BY 1");
    }
    session.execute("COMMIT");
  }

  const Words words_;
  std::atomic<bool> over_{false};
  std::atomic<int> transactions_{0};
  std::mutex mutex_;
  std::vector<std::string> errors_;
  std::vector<std::thread> clients_;
};

class TwoApplications : public ::testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    database_.run(schema(way_.types_from, way_.from, way_.before.lines, way_.partitioned) +
                  "INSERT INTO orders (id) SELECT nextval('orders_id_seq') FROM"
                  " generate_series(1, 1000);"
                  "INSERT INTO ledger SELECT id, 7 FROM orders; ANALYZE");
    write_file(file_, schema(way_.types_to, way_.to, way_.after.lines, way_.partitioned));
    before_.emplace(database_, way_.before);
    before_->work_for(50);
    plan_ = test::online_plan(*database_.connect(), file_);
    go_on(false);
    after_.emplace(database_, way_.after);
    before_->work_for(150);
    after_->work_for(150);
    test::expect_agreement(database_, plan_, way_.agreements);
  }
  void TearDown() override { std::remove(file_.c_str()); }

  /// The run goes on; `soak_ms`: for which contract waits after a cut-over.
  void go_on(bool contract, std::int64_t soak_ms = 0) {
    const auto session = database_.connect();
    const Outcome outcome = test::run_online(plan_, *session, contract, {}, soak_ms);
    if (const auto* failed = std::get_if<Failed>(&outcome))
      ADD_FAILURE() << "step " << failed->step << ": " << failed->message;
    ASSERT_TRUE(std::holds_alternative<Applied>(outcome));
  }
  static void stop(Application& application) {
    const auto errors = application.stop();
    EXPECT_TRUE(errors.empty()) << errors.size() << ", as " << errors.front();
  }
  /// Each order is what the applications wrote, as these words tell.
  void expect_what_was_written(const Words& words) const {
    EXPECT_EQ(database_.run("SELECT count(*) FROM (SELECT id, " + words.number +
                            " AS number FROM orders) o FULL JOIN ledger l USING (id)"
                            " WHERE o.number IS DISTINCT FROM l.number"),
              "0\n");
  }

  const Way& way_ = GetParam();
  const TestDatabase database_;
  const std::string file_ = ::testing::TempDir() + "/" + database_.name() + ".sql";
  Plan plan_;
  std::optional<Application> before_, after_;
};

TEST_P(TwoApplications, WriteUntilContract) {
  stop(*before_);
  if (read_open_run(*database_.connect())) go_on(true);
  after_->work_for(100);
  stop(*after_);
  expect_what_was_written(way_.after);
  EXPECT_EQ(database_.run("SELECT count(*) FROM orders WHERE " + way_.wrong), "0\n");
  test::expect_no_changes(database_, file_);
}

/// What waits for contract, or for what follows a cut-over.
class TwoApplicationsAndBack : public TwoApplications {};

TEST_P(TwoApplicationsAndBack, WriteUntilARunIsTakenBack) {
  stop(*after_);
  test::take_back(database_);
  before_->work_for(100);
  stop(*before_);
  expect_what_was_written(way_.before);
}

TEST_P(TwoApplicationsAndBack, WriteUntilARunIsTakenBackAfterItsCutOver) {
  go_on(true, 3'600'000);
  before_->work_for(100);
  after_->work_for(100);
  test::expect_agreement(database_, plan_, way_.agreements);
  stop(*after_);
  test::take_back(database_);
  before_->work_for(100);
  stop(*before_);
  expect_what_was_written(way_.before);
}

INSTANTIATE_TEST_SUITE_P(Ways, TwoApplications, ::testing::ValuesIn(ways()),
                         [](const auto& param) { return param.param.name; });
INSTANTIATE_TEST_SUITE_P(Ways, TwoApplicationsAndBack, ::testing::ValuesIn(ways_that_wait()),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace aloft
