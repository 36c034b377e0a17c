#pragma once

#include <cstdint>

#include "engine/model/facts.h"

namespace aloft {

/// How large a table is believed to be. A table of unknown size (never analysed) goes by its pages.
struct TableSize {
  std::int64_t rows = -1, bytes = -1, index_bytes = 0;
  bool known = false;
  bool empty() const { return known && rows <= 0 && bytes <= 0; }
};
TableSize size_of(const Facts& facts, const ObjectId& table);

/// Expected milliseconds, deliberately on the slow side.
std::int64_t scan_ms(const TableSize& size);     ///< read all rows and test each
std::int64_t rewrite_ms(const TableSize& size);  ///< write all rows and all indexes anew
/// Fill all rows in batches that make way for the applications.
std::int64_t backfill_ms(const TableSize& size);
std::int64_t index_build_ms(const TableSize& size);  ///< read, sort and write one index

}  // namespace aloft
