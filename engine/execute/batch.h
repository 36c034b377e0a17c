#pragma once

#include <cstdint>
#include <functional>
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

/// Asked between two statements of a batch: up to which block the next goes, from the block `at`
/// that was reached and the time the last took on the server; `at` where the batch is to end.
using NextStretch = std::function<std::int64_t(std::int64_t at, std::int64_t worked_us)>;

struct BatchEnd {
  std::int64_t rows = 0;
  std::int64_t end = 0;  ///< the first block that it did not go through
  bool moved =
      false;  ///< the table is stored anew: nothing was done, block numbers mean nothing now
};

/// Of a step in batches: an UPDATE, which leaves a dead row for each that it sets and fires the
/// table's triggers; else an INSERT into another table.
bool updates_rows(const Step& step);

/// What a batch is to do.
struct BatchSize {
  std::int64_t end = 0;  ///< the blocks of its first statement: [part.next, end)
  std::int64_t limit_ms =
      0;  ///< a statement that takes longer is canceled by the server; 0: none is
  bool record_anyway = false;  ///< record how far it came though it found nothing to update
};

/// Updates rows by blocks in one transaction, with one statement and as many as `next_stretch`
/// asks for behind it, and records in it how far the part has come. Throws DbError and TakenOver,
/// the transaction rolled back.
BatchEnd run_batch(Session& session, const BatchJob& job, const Part& part, const BatchSize& size,
                   const NextStretch& next_stretch);

}  // namespace aloft
