#include "planner/strategies/shadow_keys.h"

#include "planner/emit/table_sql.h"
#include "planner/strategies/shadow_parts.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

/// The columns of one end of a foreign key, shadows in the place of those that have one.
std::vector<std::string> shadows_of(std::vector<std::string> columns, const ObjectId& table,
                                    const PlanContext& ctx) {
  for (std::string& name : columns) {
    const ObjectId column = child_id(Kind::Column, table, name);
    if (ctx.shadows != nullptr && is_shadowed(*ctx.shadows, column)) name = shadow_name(column);
  }
  return columns;
}

/// All that follows the referenced columns: MATCH, actions, DEFERRABLE.
std::string tail_of(const std::string& definition) {
  const auto names = definition.find('(', definition.find(" REFERENCES "));
  const auto end = definition.find(')', names);
  return end == std::string::npos ? "" : definition.substr(end + 1);
}

Sql definition_of_copy(const ObjectId& id, const Constraint& key, const PlanContext& ctx) {
  const ObjectId there = table_id(key.referenced.schema, key.referenced.name);
  return sql("FOREIGN KEY ({}) REFERENCES {} ({}){}",
             ident_list(shadows_of(key.columns, relation_of(id), ctx)), qualified(there),
             ident_list(shadows_of(key.referenced_columns, there, ctx)),
             Sql{tail_of(key.definition.sql)});
}

void copy(std::vector<Step>& steps, const ObjectId& column, const ObjectId& id,
          const PlanContext& ctx) {
  const Constraint& key = ctx.live.constraints.at(id);
  const ObjectId table = relation_of(id);
  const Ident name{copy_name(column, id)};
  const Sql alter = sql("ALTER TABLE {}", qualified(table));
  Step add = catalog_step(
      ctx, column,
      {sql("{} ADD CONSTRAINT {} {} NOT VALID", alter, name, definition_of_copy(id, key, ctx))},
      {{table, LockLevel::ShareRowExclusive},
       {table_id(key.referenced.schema, key.referenced.name), LockLevel::ShareRowExclusive}},
      "A copy of foreign key " + quote_ident(id.name) + " of " + name_of(table) +
          " on the new column, not validated yet.");
  set_undo(add, {sql("{} DROP CONSTRAINT {}", alter, name)});
  add.phase = Phase::Backfill;
  add.prelude = true;
  add.scaffold.push_back(child_id(Kind::Constraint, table, name.name));
  steps.push_back(std::move(add));
  if (!key.validated) return;
  Step validate = validate_step(id, name.name, key, ctx);
  validate.object = column;
  validate.source = ctx.sources.describe(ctx.desired.place_of(column));
  validate.phase = Phase::Backfill;
  validate.prelude = validate.undone_by_others = true;
  steps.push_back(std::move(validate));
}

}  // namespace

std::string copy_name(const ObjectId& column, const ObjectId& key) {
  return suffixed(key.name, "__new_" + run_mark(column).substr(0, 4));
}

std::vector<Step> foreign_key_copies(const ObjectId& column, const ShadowPlan& plan,
                                     const PlanContext& ctx) {
  std::vector<Step> steps;
  for (const ObjectId& key : plan.foreign_keys) copy(steps, column, key, ctx);
  for (const ObjectId& key : plan.referring) copy(steps, column, key, ctx);
  return steps;
}

std::vector<Step> referring_swaps(const ObjectId& column, const ShadowPlan& plan,
                                  const PlanContext& ctx) {
  std::vector<Step> steps;
  const ObjectId there = relation_of(column);
  for (const ObjectId& id : plan.referring) {
    const ObjectId table = relation_of(id);
    const Sql alter = sql("ALTER TABLE {}", qualified(table));
    std::vector<QualifiedName> locked{qualified(there)};
    if (table != there) locked.push_back(qualified(table));
    std::vector<Sql> statements{
        sql("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", sql_list(locked)),
        sql("{} DROP CONSTRAINT {}", alter, Ident{id.name}),
        sql("{} RENAME CONSTRAINT {} TO {}", alter, Ident{copy_name(column, id)}, Ident{id.name})};
    append(statements, constraint_extras_sql(id, ctx.desired.constraints.at(id)));
    Step step =
        catalog_step(ctx, column, statements,
                     {{there, LockLevel::AccessExclusive}, {table, LockLevel::AccessExclusive}},
                     "The copy of foreign key " + quote_ident(id.name) + " of " + name_of(table) +
                         " takes the old one's place.");
    step.phase = Phase::Contract;
    step.prelude = true;
    if (ctx.live.constraints.at(id).validated)
      step.proofs.push_back(
          {sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
               "{}::pg_catalog.regclass AND conname = {} AND convalidated)",
               Literal{to_sql(qualified(table))}, Literal{copy_name(column, id)})
               .text,
           "every row of " + name_of(table) + " satisfies the copy of the foreign key"});
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace aloft
