#include "planner/strategies/let_go.h"

#include <algorithm>

#include "planner/locks.h"

namespace aloft {
namespace {

bool in_primary_key(const ObjectId& id, const PlanContext& ctx) {
  bool found = false;
  for_each_child<Constraint>(
      ctx.live, relation_of(id), [&](const ObjectId&, const Constraint& key) {
        found |= key.type == Constraint::Type::PrimaryKey &&
                 std::ranges::find(key.columns, id.name) != key.columns.end();
      });
  return found;
}

/// Does deleting the row that is referred to delete or clear the one that refers to it?
bool deletes_along(const Constraint& key) {
  const std::string& text = key.definition.sql;
  return text.find("ON DELETE CASCADE") != std::string::npos ||
         text.find("ON DELETE SET ") != std::string::npos;
}

}  // namespace

std::vector<Step> stop_requiring_steps(const ObjectId& id, const Column& was,
                                       const PlanContext& ctx) {
  const bool given = !was.default_value.empty() || was.identity != ' ' || was.generated != ' ';
  if (!was.not_null || given || ctx.desired.contains(id) || in_primary_key(id, ctx)) return {};
  const ObjectId table = relation_of(id);
  const Sql alter = sql("ALTER TABLE {} ALTER COLUMN {}", qualified(table), Ident{id.name});
  Step step = catalog_step(ctx, id, {sql("{} DROP NOT NULL", alter)},
                           on_tree(ctx, table, LockLevel::AccessExclusive),
                           "The column that is to go is no longer required: an application may "
                           "leave it out by now.");
  set_undo(step, {sql("{} SET NOT NULL", alter)});
  step.prelude = true;
  add_note(step, Stage::Running, name_of(id) + ": may be left out");
  return {step};
}

bool stops_referring(const ObjectId& id, const Constraint& key, const Snapshot& desired) {
  return key.type == Constraint::Type::ForeignKey && !deletes_along(key) &&
         !desired.tables.contains(relation_of(id)) &&
         desired.tables.contains(table_id(key.referenced.schema, key.referenced.name));
}

}  // namespace aloft
