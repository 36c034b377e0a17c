#pragma once

#include <string>
#include <vector>

#include "planner/strategies/shadow_column.h"

namespace aloft {

/// A column that goes over in one transaction with others.
struct TogetherColumn {
  ObjectId id{};
  Column from{}, to{};
  ShadowPlan plan{};  ///< without foreign keys from or to the column
};

/// What changes in that transaction besides the columns.
struct Along {
  std::vector<Sql> there{}, back{};  ///< before the columns change names, and on the way back
  std::vector<Sql> last{};           ///< once all old columns are gone
  std::vector<ObjectId> scaffold{};  ///< what `there` makes for the time of the run
};

/// cut_over_steps() of columns of one or several tables, that all change at one moment or not at
/// all; the way back too is one transaction, once all that takes time is done for each.
std::vector<Step> cut_over_together(const std::vector<TogetherColumn>& columns, const Along& along,
                                    const PlanContext& ctx);

}  // namespace aloft
