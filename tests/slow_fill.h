#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/pg_server.h"

namespace aloft::test {

/// A table whose column gets another type, with batches that take as long as table pace says, so
/// that a test can do something in the middle of them.
class SlowFill {
 public:
  /// Loads it with so many rows, each on a block of its own, and writes the plan to a file.
  SlowFill(const std::string& conninfo, int rows);
  ~SlowFill();
  SlowFill(const SlowFill&) = delete;
  SlowFill& operator=(const SlowFill&) = delete;

  /// The words that carry the plan out to its end.
  std::vector<std::string> apply(const std::string& conninfo,
                                 const std::vector<std::string>& more = {}) const;
  /// From now on batches take as long as they take.
  static void hurry(const std::string& conninfo);
  /// Fails the test where the run did not end right: each row has its value and was filled once,
  /// the schema is what the files say, and nothing of the run is left.
  void expect_end(const std::string& conninfo) const;

 private:
  std::string desired_, plan_;
  int rows_;
};

/// The server that the tests of this program stop and start; up in between.
const PgServer& mortal_server();

/// Runs SQL text with psql and returns what it printed, without the last newline. Throws.
std::string ask(const std::string& conninfo, const std::string& sql);

/// Waits for the query's answer, half a minute at most; false where it never came. A query that
/// fails has not answered yet.
bool wait_for(const std::string& conninfo, const std::string& query, const std::string& answer);

/// True once the first batches are recorded.
inline constexpr const char* kHasBegun = "SELECT sum(rows) > 0 FROM aloft.backfill";

/// What a run leaves in a database only while it is open: helper functions, triggers, shadow
/// columns, INVALID indexes, checks that are NOT VALID. A name a line; empty when all is done. Of a
/// foreign key to a partitioned table VALIDATE leaves the partitions' own entries as they are
/// (PostgreSQL 14 to 17).
inline constexpr const char* kLeftovers =
    "SELECT 'function ' || p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid ="
    " pronamespace WHERE nspname = 'aloft'"
    " UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgname LIKE '~aloft%'"
    " UNION ALL SELECT 'column ' || attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
    " WHERE relkind = 'r' AND attname ~ '__(new|old)_[0-9a-f]+$' AND NOT attisdropped"
    " UNION ALL SELECT 'index ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid"
    " UNION ALL SELECT 'constraint ' || conname FROM pg_constraint WHERE NOT convalidated"
    " AND conparentid = 0";

}  // namespace aloft::test
