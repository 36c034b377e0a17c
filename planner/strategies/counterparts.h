#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "planner/nodes.h"
#include "planner/step_builder.h"
#include "planner/step_graph.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {

/// New columns of a table and those that they are made of, as the directives of the new ones say:
/// one name in two parts, two columns in one, a column under another name, a computed one.
/// Applications of before write the former ones, those that come next the new ones; until contract
/// what is written to one side is carried over to the other.
struct Counterparts {
  ObjectId table{};
  std::vector<ObjectId> fresh{};       ///< the first one's action carries all out
  std::vector<ObjectId> former{};      ///< a new value there gives one to all of `fresh`
  std::map<ObjectId, SqlText> back{};  ///< of those of `former` that follow: the value from `fresh`
  std::string obstacle{};              ///< why that cannot be done; empty: it can

  bool both_ways() const { return !back.empty(); }
  /// Those of `former` that follow.
  std::vector<ObjectId> followers() const;
  /// The one of `fresh` that has just the values of that former column, and gives them back as they
  /// are: the column under another name. nullptr for none.
  const ObjectId* other_name(const ObjectId& former, const PlanContext& ctx) const;
};

struct AllCounterparts {
  std::vector<Counterparts> groups{};
  std::map<ObjectId, std::size_t> of{};  ///< by column, of either side
};

/// New columns of live tables whose `using`, or `backfill` from a column that goes, reads columns
/// of the table. Those that have one in common belong together.
AllCounterparts find_counterparts(const Fates& fates, const PlanContext& ctx);

/// Those that the column belongs to; nullptr for none.
const Counterparts* counterparts_of(const ObjectId& column, const PlanContext& ctx);

/// The first new column's action comes with the others', and before a former column goes.
void tie_counterparts(const AllCounterparts& all, const Nodes& nodes, StepGraph& graph);

/// All steps of the new columns: columns, trigger, rows in batches, NOT NULL, and the trigger's
/// end.
std::vector<Step> counterpart_steps(const Counterparts& columns, const PlanContext& ctx);

/// "a, b"
std::string listed(const std::vector<ObjectId>& columns);

/// The trigger that keeps both sides in step, by its names alone.
SyncTrigger counterpart_trigger(const Counterparts& columns);
/// It, with its function.
std::vector<Sql> counterpart_trigger_sql(const Counterparts& columns, const PlanContext& ctx);
/// What it keeps so; nothing where the new ones may be written without the former ones.
std::vector<Agreement> counterpart_agreements(const Counterparts& columns, const PlanContext& ctx);
}  // namespace aloft
