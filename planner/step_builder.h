#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/sql.h"
#include "planner/action.h"
#include "planner/estimate.h"

namespace aloft {

/// A lock by the relation's id: a table's, view's, sequence's or index's; relation_of() of other
/// children.
struct LockOn {
  ObjectId relation{};
  LockLevel level = LockLevel::None;
};
using Locks = std::vector<LockOn>;

/// schema.name of a schema-qualified object; of a role, schema or extension the name alone.
QualifiedName qualified(const ObjectId& id);
inline QualifiedName qualified(const Name& name) {
  return {name.schema, name.name};
}
/// The table or view of a child, as SQL.
QualifiedName relation_name(const ObjectId& child);

/// Of the table and its descendants. A partitioned table has the rows of its partitions, whatever
/// ANALYZE counted for it itself.
TableSize tree_size(const PlanContext& context, const ObjectId& table);

/// A transactional step that only changes the catalogs: a moment under its locks. Fills in object,
/// source, time-outs and phase Expand; keeps of `locks` those on relations that are live.
Step catalog_step(const PlanContext& context, const ObjectId& id,
                  const std::vector<Sql>& statements, const Locks& locks, std::string why);
/// A transactional step that reads a table in full under locks that stop nobody (VALIDATE): no
/// statement time-out; rows, bytes and duration from the size of `scanned`.
Step scan_step(const PlanContext& context, const ObjectId& id, const Sql& statement,
               const ObjectId& scanned, const Locks& locks, std::string why);
/// A single statement outside a transaction (CONCURRENTLY, ADD VALUE) with the fact that settles
/// it: no time-outs.
Step lone_step(const PlanContext& context, const ObjectId& id, const Sql& statement,
               StepCheck check, const Locks& locks, std::string why);
/// A transactional step that reads (`rewrites`: writes anew) a table in full under its strongest
/// lock, with the hold that is to be expected and the hazards `rewrite` and `blocking` it earns.
Step heavy_step(const PlanContext& context, const ObjectId& id, const std::vector<Sql>& statements,
                const ObjectId& table, bool rewrites, const Locks& locks, std::string why);
/// PostgreSQL has no way to do it: a step without statements, whose `why` says why and what to do
/// instead. make_plan turns it into a diagnostic.
Step impossible_step(const PlanContext& context, const ObjectId& id, std::string why);

void add_hazard(Step& step, Hazard hazard, std::string why);
/// Tells what applications must be able to do because of the step.
void add_note(Step& step, Stage stage, std::string what);
void set_undo(Step& step, const std::vector<Sql>& statements);
/// Makes the step a contract one that loses something for good.
void mark_loss(Step& step, std::string why);

/// Does `action` say that the field differs?
bool changes(const Action& action, std::string_view field);

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// `name` with `suffix`, the name cut (at a character's edge) so that all fit into 63 bytes.
std::string suffixed(std::string_view name, std::string_view suffix);

}  // namespace aloft
