#pragma once

#include <optional>

#include "planner/merge.h"
#include "planner/planner.h"
#include "planner/strategies/second_column.h"

namespace aloft {

/// All steps of the request in order, unmerged, with their nodes.
struct Assembly {
  Fates fates{};
  Nodes nodes{};
  std::vector<Piece> pieces{};
};

/// The work of make_plan() up to the steps; nullopt and diagnostics where that cannot be.
std::optional<Assembly> assemble(const PlanRequest& request, Diagnostics& diagnostics);

/// The renames that are to be asked for as second columns, see say_second_column().
std::vector<SecondColumn> second_columns(const PlanRequest& request);

/// Desired search path, then the schemas of extensions that are not in it, as SET takes it.
std::string search_path_of(const Snapshot& desired);

}  // namespace aloft
