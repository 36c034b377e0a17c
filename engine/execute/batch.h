#pragma once

#include <cstdint>
#include <string>

#include "engine/base/sql.h"
#include "engine/execute/block_ranges.h"
#include "engine/execute/run_context.h"

namespace aloft {

/// What all batches of a step have in common.
struct BatchJob {
  std::string step{};      ///< its id
  std::string update{};    ///< the UPDATE or INSERT, to which a condition is added
  std::string settings{};  ///< the statement that makes the settings of its transaction
  Sql storage{};           ///< storage_of() the table
  std::string stored{};    ///< its value, for which the numbers of the blocks hold
  Sql ours{};              ///< Journal::ours()
  std::string fires{};     ///< the table's ordinary triggers that fire for its rows, for people
};

BatchJob batch_job(RunContext& run, const Step& step, const std::string& stored);

struct BatchEnd {
  std::int64_t rows = 0;
  bool moved =
      false;  ///< the table is stored anew: nothing was done, block numbers mean nothing now
};

/// Of a step in batches: an UPDATE, which leaves a dead row for each that it sets and fires the
/// table's triggers; else an INSERT into another table.
bool updates_rows(const Step& step);

/// Updates the rows in blocks [part.next, end) in one transaction and records in it that the part
/// has come to `end`; a batch that finds nothing to update records nothing unless `record_anyway`.
/// One that takes longer than `limit_ms` is canceled by the server; 0: none is. Throws DbError and
/// TakenOver, the transaction rolled back.
BatchEnd run_batch(Session& session, const BatchJob& job, const Part& part, std::int64_t end,
                   std::int64_t limit_ms, bool record_anyway);

}  // namespace aloft
