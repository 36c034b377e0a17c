#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// What stands on a column and goes over to its shadow.
struct ShadowPlan {
  std::string obstacle{};           ///< why it cannot be done online, for people; empty: it can
  std::vector<ObjectId> indexes{};  ///< that back no constraint: a twin each
  std::vector<ObjectId> keys{};     ///< primary key and unique constraints: a twin index each
  std::vector<ObjectId> foreign_keys{};  ///< from the column: a copy each
  std::vector<ObjectId> referring{};     ///< foreign keys to the column: a copy each
  /// Foreign keys to the column of a partitioned table: made again at the cut-over, see
  /// foreign_key_again.h.
  std::vector<ObjectId> made_again{};
  std::vector<ObjectId> checks{};  ///< made again at the cut-over, validated after it
  bool rebuilds = false;  ///< views, policies, triggers or functions are made again at the cut-over
  std::string up{};       ///< the new value as an expression over the row as it is
  std::string down{};     ///< and back, over the row as it will be
};

using Shadows = std::map<ObjectId, ShadowPlan>;

/// Does the column get its new type by way of a shadow column?
inline bool is_shadowed(const Shadows& shadows, const ObjectId& column) {
  const auto it = shadows.find(column);
  return it != shadows.end() && it->second.obstacle.empty();
}

/// Can the change of the column's type, which would write the table anew under a lock, be carried
/// out beside the running application? `changing`: all columns of the plan whose type changes so.
/// shadow_fit.cc
ShadowPlan plan_shadow(const ObjectId& id, const std::set<ObjectId>& changing,
                       const PlanContext& ctx);

/// The change by way of a shadow column: column, trigger and check in one transaction, backfill,
/// twins of the indexes, VALIDATE as the proof; the cut-over in one short transaction, after which
/// the old column is kept up; in contract it goes.
std::vector<Step> shadow_steps(const ObjectId& id, const Column& from, const Column& to,
                               const ShadowPlan& plan, const PlanContext& ctx);

/// Its first half: all up to the cut-over.
std::vector<Step> copy_steps(const ObjectId& id, const Column& from, const Column& to,
                             const ShadowPlan& plan, const PlanContext& ctx);

/// Its second half, in phase contract. shadow_cutover.cc
std::vector<Step> cut_over_steps(const ObjectId& id, const Column& from, const Column& to,
                                 const ShadowPlan& plan, const PlanContext& ctx);

/// From after the cut-over back to before it, with all that was written since: a proof that the old
/// column still says all that the new one does, its keys made again beside the application, and the
/// same swap with the roles exchanged.
struct WayBack {
  Sql fits{};                 ///< fails where a value would be lost
  std::vector<Sql> before{};  ///< beside the application
  Sql proven{};               ///< fails where the moment of the swap may not come, under its lock
  std::vector<Sql> swap{};    ///< in one transaction, under that lock
  std::vector<Sql> after{};   ///< checks validated
};

/// shadow_return.cc
WayBack way_back(const ObjectId& id, const Column& from, const Column& to, const ShadowPlan& plan,
                 const PlanContext& ctx);

/// The ways back of columns of these tables whose swaps are one transaction, in which `along` comes
/// first. As Step::undo is read.
std::vector<Sql> in_order(const std::vector<WayBack>& ways, const std::vector<ObjectId>& tables,
                          const std::vector<Sql>& along);

/// "a IS DISTINCT FROM b", by the stored image where a type's own equality does not see every
/// difference (citext, numeric's scale) or is not there (json).
std::string differs(const std::string& a, const std::string& b, const std::string& type);
std::string is_same(const std::string& a, const std::string& b, const std::string& type);

}  // namespace aloft
