#pragma once

#include <optional>

#include "engine/base/diagnostics.h"
#include "engine/base/source.h"
#include "engine/diff/change.h"
#include "engine/model/facts.h"
#include "engine/model/publication.h"
#include "engine/model/snapshot.h"
#include "engine/plan/plan.h"
#include "planner/action.h"
#include "planner/options.h"

namespace aloft {

/// All that planning may look at. Live is the snapshot after apply_renames().
struct PlanRequest {
  const Snapshot& live;
  const Snapshot& desired;
  const ChangeSet& changes;  ///< renames first, then diff(live, desired)
  const Edges& live_edges;
  const Edges& desired_edges;
  const Facts& facts;
  const PlanOptions& options;
  const Sources& sources;
  ColumnRenamer rename_column{};  ///< the parser's; the planner reads no SQL
  /// Of the unmanaged objects on what is changed and what stands on that; null: not known.
  const std::vector<UnmanagedUse>* uses = nullptr;
  const Publications* publications = nullptr;  ///< the live ones; null: not known
};

/// The ordered plan: pure, deterministic, linear in the changes and what stands on them; unchanged
/// objects never become graph nodes. Everything that stands on a changed object and has to go for
/// it is dropped and made again around the change, with all it carries. Phase contract holds what
/// the files no longer name. nullopt and a diagnostic where the changes cannot be ordered (a cycle,
/// explained) or where PostgreSQL has no way to do one.
/// id, tool_version, fingerprints and unmanaged are the caller's to fill in.
std::optional<Plan> make_plan(const PlanRequest& request, Diagnostics& diagnostics);

}  // namespace aloft
