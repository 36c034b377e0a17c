#include "planner/strategies/second_column.h"

#include <algorithm>
#include <set>

#include "planner/edges.h"
#include "planner/emit/column_sql.h"
#include "planner/locks.h"
#include "planner/strategies/counterparts.h"
#include "planner/strategies/facade.h"
#include "planner/strategies/fill_column.h"

namespace aloft {
namespace {

/// Can it be made again for the second column, beside the one that is there?
bool follows_column(const ObjectId& user, const ObjectId& column, const PlanContext& ctx) {
  if (user.kind == Kind::Index || user == column) return true;
  const View* view = ctx.live.find<View>(user);
  if (view != nullptr) return !view->materialized && ctx.desired.contains(user);
  const Constraint* constraint = ctx.live.find<Constraint>(user);
  if (constraint == nullptr) return false;
  using enum Constraint::Type;
  const Name& referenced = constraint->referenced;
  switch (constraint->type) {
    case Check:
    case Unique: return true;
    case ForeignKey:
      return relation_of(user) == relation_of(column) &&
             table_id(referenced.schema, referenced.name) != relation_of(column);
    case PrimaryKey:
    case Exclusion: return false;
  }
  return false;
}

bool is_type(const ObjectId& id) {
  return id.kind == Kind::Enum || id.kind == Kind::Domain || id.kind == Kind::Composite;
}

/// The columns that something stands on which cannot follow them, or whose type changes.
std::set<ObjectId> held_columns(const PlanRequest& request, const Fates& fates,
                                const PlanContext& ctx) {
  std::set<ObjectId> held;
  for (const Edge& edge : request.live_edges) {
    if (edge.on.kind == Kind::Column && !follows_column(edge.dependent, edge.on, ctx))
      held.insert(edge.on);
    if (is_type(edge.on) && fates.find(edge.on) != nullptr) held.insert(edge.dependent);
  }
  if (ctx.uses != nullptr)
    for (const UnmanagedUse& use : mended(*ctx.uses, ctx.live, request.changes))
      held.insert(use.on);
  return held;
}

/// Is it the same column but for its name, and one that the files may say so much of?
bool is_otherwise_equal(const ObjectId& id, const PlanContext& ctx) {
  const Column &live = ctx.live.columns.at(id), &wanted = ctx.desired.columns.at(id);
  const bool given = live.identity != ' ' || wanted.identity != ' ' || live.generated != ' ' ||
                     wanted.generated != ' ';
  return !given && wanted.said.empty() && live.type == wanted.type &&
         live.collation == wanted.collation && live.not_null == wanted.not_null &&
         live.default_value == wanted.default_value;
}

bool may_have_second(const ObjectId& id, const PlanContext& ctx) {
  const Table& table = ctx.live.tables.at(relation_of(id));
  const Table& becomes = ctx.desired.tables.at(relation_of(id));
  const Column& wanted = ctx.desired.columns.at(id);
  // A NULL that is written could not be told from a column that is left out.
  const bool default_tells = wanted.default_value.empty() || wanted.not_null;
  return table.partition_of.empty() && table.inherits.empty() &&
         table.replica_identity.mode != 'i' && becomes.replica_identity.mode != 'i' &&
         table.partition_key.sql.find(quote_ident(id.name)) == std::string::npos && default_tells &&
         !is_volatile(wanted.default_value.sql, ctx.desired) && is_otherwise_equal(id, ctx) &&
         counterparts_of(id, ctx) == nullptr && fill_obstacle(id, wanted, ctx).empty();
}

}  // namespace

std::vector<SecondColumn> find_second_columns(const PlanRequest& request, const Fates& fates,
                                              const PlanContext& ctx) {
  std::vector<SecondColumn> found;
  const std::set<ObjectId> held = held_columns(request, fates, ctx);
  for (const Change& rename : fates.renames) {
    if (rename.id.kind != Kind::Column || held.contains(rename.id)) continue;
    const auto facade = ctx.facades->find(relation_of(rename.id));
    if (facade == ctx.facades->end() || facade->second.obstacle.empty() || facade->second.once ||
        !may_have_second(rename.id, ctx))
      continue;
    found.push_back(
        {rename, name_of(rename.from) + " becomes " + quote_ident(rename.id.name) +
                     " by a second column, which every row is copied to and which comes last in "
                     "the table: no view can stand for both names, as " +
                     facade->second.obstacle +
                     (facade->second.alone ? "" : "; in a plan of its own one can") +
                     ". The directive `in place` has it renamed from one moment to the next"});
  }
  return found;
}

void say_second_column(const Change& rename, Snapshot& desired) {
  Column& column = desired.columns.at(rename.id);
  column.renamed_from.clear();
  ColumnDirectives& said = column.said.edit();
  said.new_value.sql = quote_ident(rename.from.name);
  said.formers.push_back({rename.from.name, {.sql = quote_ident(rename.id.name)}});
  said.reads.insert(rename.from.name);
  for (const ObjectId& table : children(desired, relation_of(rename.id))) {
    Change below = rename;
    below.id = child_id(Kind::Column, table, rename.id.name);
    const auto it = desired.columns.find(below.id);
    if (it != desired.columns.end() && it->second.renamed_from == rename.from.name)
      say_second_column(below, desired);
  }
}

}  // namespace aloft
