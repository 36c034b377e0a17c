#pragma once

#include <map>
#include <string>
#include <vector>

#include "planner/fates.h"
#include "planner/step_builder.h"

namespace aloft {

/// A table that would have to be written anew under a lock: a second one is made in the form that
/// the files ask for, kept equal to it, and takes its place.
struct TableSwap {
  std::string obstacle{};           ///< why that cannot be, for people; empty: it can
  std::vector<ObjectId> changes{};  ///< that it brings about all together, sorted
  /// The one whose steps bring them about; the others are ordered before it, but for indexes.
  ObjectId lead{};
};

/// By the table's id.
using TableSwaps = std::map<ObjectId, TableSwap>;

/// All tables whose changes write them anew and have no form of their own that does not: SET LOGGED
/// and UNLOGGED, SET ACCESS METHOD, SET TABLESPACE, stored generated columns that come or are
/// computed in another way, exclusion constraints and a PARTITION BY that come. Not those so small
/// that the plain way is a moment (an empty one, where that loses the rows), or that the files say
/// to change in place. swap_fit.cc
TableSwaps find_table_swaps(const PlanRequest& request, const Fates& fates, const PlanContext& ctx);

/// That of the object's table if it brings about what happens to the object, or null; also one with
/// an obstacle.
const TableSwap* swap_for(const ObjectId& id, const PlanContext& ctx);

/// Each change and the leading one that it has to be ordered before: what it needs is to be there.
std::vector<std::pair<ObjectId, ObjectId>> swap_links(const TableSwaps& swaps);

/// The changes by way of a second table: made and kept equal by triggers in one transaction, rows
/// copied in batches, indexes, a comparison of all rows by the server; the cut-over in one short
/// transaction, after which the old table is kept up; in contract it goes. `about`: the change that
/// the steps are said to be for. swap_table.cc
std::vector<Step> swap_steps(const ObjectId& about, const PlanContext& ctx);

}  // namespace aloft
