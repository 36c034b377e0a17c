#include "planner/strategies/shadow_keys.h"

#include <algorithm>

#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/foreign_key_copy.h"
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
  // No foreign key can refer to the shadow of a partitioned table, see foreign_key_again.h.
  return foreign_key_over(shadows_of(key.columns, relation_of(id), ctx), key,
                          is_partitioned(there, ctx.live)
                              ? key.referenced_columns
                              : shadows_of(key.referenced_columns, there, ctx));
}

/// `add` over the columns of the key; where one of them is cut over at that moment, over its old
/// one.
template <class Add>
Sql on_old_column_if_there(const ObjectId& id, const Constraint& key, const Add& add,
                           const PlanContext& ctx) {
  std::vector<std::string> columns = key.columns;
  std::string old;
  for (std::string& name : columns) {
    const ObjectId own = child_id(Kind::Column, relation_of(id), name);
    if (ctx.shadows != nullptr && is_shadowed(*ctx.shadows, own)) old = name = old_column_name(own);
  }
  if (old.empty()) return add(columns);
  return sql("DO {}",
             Literal{sql("BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = "
                         "{}::pg_catalog.regclass AND attname = {} AND NOT attisdropped) THEN {}; "
                         "ELSE {}; END IF; END",
                         Literal{to_sql(qualified(relation_of(id)))}, Literal{old}, add(columns),
                         add(key.columns))
                         .text});
}

/// What is referred to is locked first: an application's deletes and updates go on from there by
/// cascade, and would wait for the one lock while they hold what the other one waits for.
Step add_copy(const ObjectId& column, const ObjectId& id, const ObjectId& table, const Sql& add,
              const PlanContext& ctx) {
  const Constraint& key = ctx.live.constraints.at(id);
  const ObjectId there = table_id(key.referenced.schema, key.referenced.name);
  std::vector<QualifiedName> locked{qualified(there)};
  if (table != there) locked.push_back(qualified(table));
  Locks locks = on_tree(ctx, there, LockLevel::ShareRowExclusive);
  locks.push_back({table, LockLevel::ShareRowExclusive});
  return catalog_step(ctx, column,
                      {sql("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", sql_list(locked)),
                       sql("ALTER TABLE {} {} NOT VALID", qualified(table), add)},
                      locks,
                      "A copy of foreign key " + quote_ident(id.name) + " of " + name_of(table) +
                          " on the new column, not validated yet.");
}

Step validate_copy(const ObjectId& column, const ObjectId& id, const ObjectId& table,
                   const PlanContext& ctx) {
  Step validate = validate_step(child_id(Kind::Constraint, table, id.name), copy_name(column, id),
                                ctx.live.constraints.at(id), ctx);
  validate.object = column;
  validate.source = ctx.sources.describe(ctx.desired.place_of(column));
  validate.undone_by_others = true;
  return validate;
}

void copy(std::vector<Step>& steps, const ObjectId& column, const ObjectId& id,
          const PlanContext& ctx) {
  const Constraint& key = ctx.live.constraints.at(id);
  const ObjectId table = relation_of(id);
  const Ident name{copy_name(column, id)};
  const Sql add = sql("ADD CONSTRAINT {} {}", name, definition_of_copy(id, key, ctx));
  // It has the old one's name and place once the cut-over is taken back.
  const auto drop = [&](const ObjectId& of) {
    return std::vector<Sql>{
        sql("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", qualified(of), name)};
  };
  std::vector<Step> own;
  for (const ObjectId& leaf : leaves(ctx.live, table)) {
    own.push_back(add_copy(column, id, leaf, add, ctx));
    set_undo(own.back(), drop(leaf));
    if (key.validated) own.push_back(validate_copy(column, id, leaf, ctx));
  }
  if (is_partitioned(table, ctx.live)) {
    own.push_back(
        take_over_copies(column, id, sql("ALTER TABLE {} {}", qualified(table), add), ctx));
    set_undo(own.back(), drop(table));
  }
  own.front().scaffold = objects_of_copy(id, name.name, ctx);
  for (Step& step : own) {
    step.phase = Phase::Backfill;
    step.prelude = true;
    steps.push_back(std::move(step));
  }
}

}  // namespace

Sql foreign_key_over(const std::vector<std::string>& columns, const Constraint& key,
                     const std::vector<std::string>& referenced_columns) {
  return sql("FOREIGN KEY ({}) REFERENCES {} ({}){}", ident_list(columns),
             QualifiedName{key.referenced.schema, key.referenced.name},
             ident_list(referenced_columns), Sql{tail_of(key.definition.sql)});
}

std::vector<Sql> put_back_referring(const ObjectId& column, const ObjectId& id,
                                    const std::string& old_column, const PlanContext& ctx) {
  const Constraint& key = ctx.live.constraints.at(id);
  const ObjectId table = relation_of(id);
  std::vector<std::string> referenced = key.referenced_columns;
  std::ranges::replace(referenced, column.name, old_column);
  const Ident name{suffixed(id.name, "__back_" + run_mark(column).substr(0, 4))};
  std::vector<QualifiedName> both{qualified(relation_of(column))};
  if (table != relation_of(column)) both.push_back(qualified(table));
  const auto add = [&](const Sql& alter, const Sql& not_valid) {
    return on_old_column_if_there(
        id, key,
        [&](const std::vector<std::string>& columns) {
          return sql("{} ADD CONSTRAINT {} {}{}", alter, name,
                     foreign_key_over(columns, key, referenced), not_valid);
        },
        ctx);
  };
  std::vector<Sql> statements = copy_again(id, name.name, add, ctx);
  statements.push_back(sql("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", sql_list(both)));
  append(statements, exchange_with_copy(id, name.name, ctx.live));
  return statements;
}

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
    std::vector<QualifiedName> locked{qualified(there)};
    if (table != there) locked.push_back(qualified(table));
    std::vector<Sql> statements{sql("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", sql_list(locked))};
    append(statements, exchange_with_copy(id, copy_name(column, id), ctx.desired));
    Locks locks{{there, LockLevel::AccessExclusive}};
    append(locks, on_tree(ctx, table, LockLevel::AccessExclusive));
    Step step = catalog_step(ctx, column, statements, locks,
                             "The copy of foreign key " + quote_ident(id.name) + " of " +
                                 name_of(table) + " takes the old one's place.");
    step.phase = Phase::Contract;
    step.prelude = true;
    set_undo(step, put_back_referring(column, id, column.name, ctx));
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
