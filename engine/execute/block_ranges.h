#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/sql.h"
#include "engine/db/session.h"
#include "engine/execute/journal.h"

namespace aloft {

/// Blocks of a table that one worker goes through in order: [first, end), done up to `next`.
struct Part {
  int number = 0;
  std::int64_t first = 0, next = 0, end = 0;
  bool operator==(const Part&) const = default;
};

/// A table that is filled by blocks; with its partitions and children, as an UPDATE reaches them:
/// block n is then block n of each.
struct FilledTable {
  std::string storage{};    ///< what storage_of() gives
  std::int64_t blocks = 0;  ///< of the largest
  std::int64_t rows = 0;    ///< by the statistics
  std::string no_blocks{};  ///< a foreign table among them, which has no blocks to go by
  bool may_vacuum = false;  ///< by this login
};
FilledTable read_table(Session& session, const std::string& table);

/// An expression of text: another value says that rows were moved to other blocks (VACUUM FULL,
/// CLUSTER, a rewrite), or that a partition came or went.
Sql storage_of(const std::string& table);

/// The blocks in `count` parts of about the same size.
std::vector<Part> split_blocks(std::int64_t blocks, int count);

/// The parts that the journal has of this step, and for which storage they hold; none where the
/// step was not begun.
std::vector<Part> read_parts(Session& session, const std::string& run, const std::string& step,
                             std::string& storage);
/// Writes all parts of a pass, which is begun or taken up now. Returns how many rows the journal
/// has of the step so far. Throws TakenOver.
std::int64_t write_parts(Session& session, const Journal& journal, const std::string& step,
                         const std::string& storage, const std::vector<Part>& parts);
/// The statement that records how far a part has come, with a batch of `rows`; it returns a row,
/// and none where the run was taken over.
Sql advance_sql(const Sql& ours, const std::string& step, int part, std::int64_t next,
                std::int64_t rows, int batches);

}  // namespace aloft
