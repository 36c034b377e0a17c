#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/source.h"
#include "engine/diff/change.h"
#include "engine/model/facts.h"
#include "engine/model/object_finder.h"
#include "engine/plan/plan.h"
#include "planner/options.h"

namespace aloft {

/// A node of the planner's graph: a change, or the dropping and making again of something that
/// stands on one.
struct Action {
  Change::Op op = Change::Op::Create;
  ObjectId id{};
  ObjectId from{};                         ///< Rename only
  std::vector<std::string_view> fields{};  ///< Alter only
  /// Half of a rebuild: the object is in both snapshots; the Drop is no loss, the Create brings it
  /// back as the desired snapshot has it, with owner, grants, comments and all.
  bool rebuild = false;
  /// Create of a table: columns and constraints made by statements of their own, later, because
  /// something between them and the table would close a cycle. Their Create actions are separate.
  std::vector<ObjectId> postponed{};
};

/// An index definition with another name for one of its table's columns.
using ColumnRenamer = std::function<std::string(const std::string& definition,
                                                const std::string& from, const std::string& to)>;

struct AllCounterparts;
struct Publications;
struct ShadowPlan;
struct Facade;
struct TableSwap;

/// What an action may look at to become steps.
struct PlanContext {
  const Snapshot& live;  ///< names after renames
  const Snapshot& desired;
  const Facts& facts;
  const PlanOptions& options;
  const Sources& sources;
  std::string search_path{};          ///< as SET takes it: of functions that outlive a step
  ColumnRenamer rename_column{};      ///< empty: no index that needs it is copied
  const Edges* live_edges = nullptr;  ///< null: nothing is known to stand on anything
  const std::vector<UnmanagedUse>* uses = nullptr;
  const std::map<ObjectId, ShadowPlan>* shadows = nullptr;  ///< see planner/strategies/shadowed.h
  const std::map<ObjectId, Facade>* facades = nullptr;      ///< see planner/strategies/facade.h
  const std::map<ObjectId, TableSwap>* swaps = nullptr;     ///< see planner/strategies/swap_table.h
  const AllCounterparts* counterparts = nullptr;  ///< see planner/strategies/counterparts.h
  const Publications* publications = nullptr;     ///< null: not known
};

/// Both sides, for many actions one after the other.
struct SidesFinder {
  ObjectFinder live, desired;
};

/// The steps of one action, in order, each with SQL, locks, check, hazards, estimates, undo and why
/// filled in (id is not; phase is Expand, or Contract for a Drop that is no rebuild). This is where
/// each change gets its online form. Create of a Table folds its columns, primary key, unique,
/// check and exclusion constraints (all but `postponed`) into CREATE TABLE; foreign keys, indexes,
/// triggers and policies are actions of their own. Drop of a table or view says nothing of its
/// columns, constraints, indexes, triggers and policies.
std::vector<Step> steps_for(const Action& action, const PlanContext& context, SidesFinder& sides);

/// Alter cannot do it in place: the object has to be dropped and made again (a function's return
/// type, a view's columns, a domain's base type, a table's partition key, ...).
bool needs_rebuild(const Change& change, const PlanContext& context);

}  // namespace aloft
