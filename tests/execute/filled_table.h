#pragma once

#include <string>

#include "tests/execute/plans.h"
#include "tests/support/test_database.h"

namespace aloft::test {

/// 1000 rows on some 50 blocks.
inline constexpr const char* kTable =
    "CREATE TABLE t (id int PRIMARY KEY, touched int NOT NULL DEFAULT 0, pad text);"
    "INSERT INTO t SELECT i, 0, repeat('x', 350) FROM generate_series(1, 1000) i;"
    "CREATE TABLE size_before AS SELECT pg_relation_size('t') AS first";

inline Step fill_big() {
  return in_batches("UPDATE public.t SET big = id WHERE (big IS DISTINCT FROM id)", "public.t");
}

/// Adds a column to kTable and fills it.
inline Plan filling() {
  return plan_of({in_transaction({"ALTER TABLE public.t ADD COLUMN big bigint"}), fill_big()});
}

/// The same with a row that cannot be filled.
inline Plan failing() {
  return plan_of({in_transaction({"ALTER TABLE public.t ADD COLUMN big bigint CHECK (big <> 700)"}),
                  fill_big()});
}

/// The database as it was when it was new, with kTable or another beginning: faster than another
/// database.
inline void start_over(const TestDatabase& db, const std::string& beginning = kTable) {
  db.run(
      "SET client_min_messages = warning; DROP SCHEMA IF EXISTS aloft CASCADE;"
      "DROP TABLE IF EXISTS t, size_before;" +
      beginning);
}

/// A run whose batches are of two blocks each, in its own session.
struct SmallBatches : Runner {
  SmallBatches() {
    options.backfill.first_blocks = 2;
    clock.each_look = options.backfill.batch_ms;
  }
};

}  // namespace aloft::test
