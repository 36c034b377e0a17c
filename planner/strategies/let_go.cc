#include "planner/strategies/let_go.h"

#include <algorithm>
#include <ranges>
#include <set>

#include "planner/emit/key_index.h"
#include "planner/locks.h"
#include "planner/strategies/counterparts.h"
#include "planner/strategies/not_null_proof.h"
#include "planner/strategies/shadow_tree.h"

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

/// Has a column a value where an application leaves it out?
bool is_given(const Column& column) {
  return !column.default_value.empty() || column.identity != ' ' || column.generated != ' ';
}

bool goes(const ObjectId& column, const PlanContext& ctx) {
  return ctx.live.contains(column) && !ctx.desired.contains(column);
}

std::set<std::string> set_of(const std::vector<std::string>& columns) {
  return {columns.begin(), columns.end()};
}

/// Is there a unique key or index of just these columns in the files, as ON CONFLICT finds it?
bool has_key(const ObjectId& table, const std::set<std::string>& columns, const PlanContext& ctx) {
  bool found = false;
  for_each_child<Constraint>(ctx.desired, table, [&](const ObjectId&, const Constraint& key) {
    found |= is_unique_key(key) && !key.deferrable && set_of(key.columns) == columns;
  });
  for_each_child<Index>(ctx.desired, table, [&](const ObjectId&, const Index& index) {
    found |= index.unique && set_of(index.plain_keys()) == columns;
  });
  return found;
}

void tell(Step& step, const ObjectId& id, const std::vector<std::string>& columns,
          const PlanContext& ctx) {
  if (has_key(relation_of(id), set_of(columns), ctx)) return;
  std::string list;
  for (const std::string& name : columns) list += (list.empty() ? "" : ", ") + quote_ident(name);
  add_hazard(step, Hazard::AppBreaking,
             "an application that says ON CONFLICT (" + list + ") fails from then on");
}

/// NOT NULL again, in several steps, of which none reads rows under a lock that others wait for.
std::vector<Sql> require_again_sql(const ObjectId& column, const PlanContext& ctx) {
  const NotNullProof proof(column, ctx);
  const Sql table = sql("ALTER TABLE {}", qualified(relation_of(column)));
  return {proof.add_sql(), sql("{} VALIDATE CONSTRAINT {}", table, Ident{proof.id().name}),
          sql("{} ALTER COLUMN {} SET NOT NULL", table, Ident{column.name}), proof.drop_sql()};
}

}  // namespace

std::vector<Step> stop_requiring_steps(const ObjectId& id, const Column& was,
                                       const PlanContext& ctx) {
  if (!was.not_null || is_given(was) || ctx.desired.contains(id) || in_primary_key(id, ctx))
    return {};
  const ObjectId table = relation_of(id);
  Step step = catalog_step(ctx, id, drop_not_null_sql(id, id.name, ctx.live),
                           on_tree(ctx, table, LockLevel::AccessExclusive),
                           "The column that is to go is no longer required: an application may "
                           "leave it out by now.");
  set_undo(step, require_again_sql(id, ctx));
  step.prelude = true;
  add_note(step, Stage::Running, name_of(id) + ": may be left out");
  return {step};
}

LetGo let_go_of_key_columns(const ObjectId& id, const Constraint& key, const PlanContext& ctx) {
  LetGo found;
  if (key.type != Constraint::Type::PrimaryKey || !ctx.desired.contains(relation_of(id)))
    return found;
  for (const std::string& name : key.columns) {
    const ObjectId column = child_id(Kind::Column, relation_of(id), name);
    if (!goes(column, ctx) || is_given(ctx.live.columns.at(column))) continue;
    append(found.now, drop_not_null_sql(column, name, ctx.live));
    append(found.back, require_again_sql(column, ctx));
  }
  return found;
}

bool stops_referring(const ObjectId& id, const Constraint& key, const Snapshot& desired) {
  return key.type == Constraint::Type::ForeignKey && !deletes_along(key) &&
         !desired.tables.contains(relation_of(id)) &&
         desired.tables.contains(table_id(key.referenced.schema, key.referenced.name));
}

bool over_going_column(const ObjectId& table, const std::vector<std::string>& columns,
                       const PlanContext& ctx) {
  const Table* stays = ctx.desired.find<Table>(table);
  return stays != nullptr && stays->partition_of.empty() &&
         std::ranges::any_of(columns, [&](const std::string& name) {
           return goes(child_id(Kind::Column, table, name), ctx);
         });
}

bool serves_until_contract(const ObjectId& id, const Constraint& key, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  if (key.type != Constraint::Type::Unique || !over_going_column(table, key.columns, ctx))
    return false;
  const bool null_is_free = key.definition.sql.find("NULLS NOT DISTINCT") == std::string::npos;
  std::set<std::string> by_new_name;
  for (const std::string& name : key.columns) {
    const ObjectId column = child_id(Kind::Column, table, name);
    const Counterparts* group = goes(column, ctx) ? counterparts_of(column, ctx) : nullptr;
    const ObjectId* other = group == nullptr ? nullptr : group->other_name(column, ctx);
    const bool follows = group != nullptr && group->back.contains(column);
    if (goes(column, ctx) && !follows && null_is_free && !is_given(ctx.live.columns.at(column)))
      return true;
    by_new_name.insert(other == nullptr ? name : other->name);
  }
  return has_key(table, by_new_name, ctx);
}

void take_place_after_soak(std::vector<Step>& steps, const ObjectId& built) {
  steps.front().scaffold = {built};
  for (Step& step : steps | std::views::drop(1)) step.after_soak = true;
}

void tell_of_lost_key(Step& step, const ObjectId& id, const Constraint& was,
                      const PlanContext& ctx) {
  if (is_unique_key(was) && !was.deferrable) tell(step, id, was.columns, ctx);
}

void tell_of_lost_key(Step& step, const ObjectId& id, const Index& was, const PlanContext& ctx) {
  if (was.unique && !was.plain_keys().empty()) tell(step, id, was.plain_keys(), ctx);
}

}  // namespace aloft
