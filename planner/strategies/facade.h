#pragma once

#include <map>
#include <string>
#include <vector>

#include "planner/fates.h"
#include "planner/step_builder.h"

namespace aloft {

/// A rename for which a view stands until contract, so that the old name and the new one can both
/// be read and written: of a table a view of its old name; of columns a view in the table's place
/// that shows each under both names. Rows stay where they are.
struct Facade {
  std::string obstacle{};  ///< why that cannot be, for people; empty: it can
  bool alone = true;  ///< false: it can be in a plan in which nothing else of the table changes
  bool once = false;  ///< the files ask for the new name from one moment to the next
  std::vector<Change> columns{};      ///< the renames of columns; none: the table's own
  std::vector<Change> constraints{};  ///< that get another name along with them
};

/// By the table's id as the files call it.
using Facades = std::map<ObjectId, Facade>;

/// All tables that get another name, or of which a column does. `fates` with all that stands on the
/// changes.
Facades find_facades(const PlanRequest& request, const Fates& fates, const PlanContext& ctx);

/// The facade for the object's table, or null; with an obstacle there is none either.
const Facade* facade_of(const ObjectId& id, const PlanContext& ctx);
/// Why there is none for what is renamed, as the end of a sentence; "" where nothing is known.
std::string both_names_refused(const ObjectId& id, const PlanContext& ctx);

/// Expand and contract of a table's rename.
std::vector<Step> table_facade_steps(const Action& action, const PlanContext& ctx);
/// The same for a column's; the first of several of a table carries them all.
std::vector<Step> column_facade_steps(const Action& action, const PlanContext& ctx);

}  // namespace aloft
