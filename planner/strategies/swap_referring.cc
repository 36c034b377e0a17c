#include "planner/strategies/swap_referring.h"

#include <algorithm>

#include "planner/emit/table_sql.h"
#include "planner/strategies/shadow_keys.h"
#include "planner/strategies/strategies.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

std::string copy_of(const ObjectId& key, bool back) {
  return suffixed(key.name, (back ? "__back_" : "__new_") + run_mark(key).substr(0, 4));
}

Sql alter(const ObjectId& key) {
  return sql("ALTER TABLE {}", qualified(relation_of(key)));
}

/// ADD of a copy that refers to `other`. Actions are never deferred, and stay as they are.
std::vector<Sql> add_sql(const ObjectId& id, const std::string& name, const ObjectId& other,
                         const PlanContext& ctx) {
  Constraint key = ctx.live.constraints.at(id);
  const QualifiedName there = qualified(key.referenced);
  std::vector<std::string> columns = key.referenced_columns;
  if (columns.empty())
    for_each_child<Constraint>(ctx.live, table_id(key.referenced.schema, key.referenced.name),
                               [&](const ObjectId&, const Constraint& c) {
                                 if (c.type == Constraint::Type::PrimaryKey) columns = c.columns;
                               });
  key.referenced = {other.schema, other.name};
  if (key.deferrable) key.definition.sql.resize(key.definition.sql.rfind(" DEFERRABLE"));
  // Whoever writes the table writes the other as well, and then what refers to it.
  return {sql("LOCK TABLE {}, {}, {} IN SHARE ROW EXCLUSIVE MODE", there, qualified(other),
              qualified(relation_of(id))),
          sql("{} ADD CONSTRAINT {} {} DEFERRABLE INITIALLY DEFERRED NOT VALID", alter(id),
              Ident{name}, foreign_key_over(key.columns, key, columns))};
}

/// When the foreign key's own checks come.
std::string checks_of(const Constraint& key) {
  if (!key.deferrable) return "NOT DEFERRABLE";
  return key.initially_deferred ? "DEFERRABLE INITIALLY DEFERRED"
                                : "DEFERRABLE INITIALLY IMMEDIATE";
}

}  // namespace

std::vector<ObjectId> referring_keys(const ObjectId& table, const PlanContext& ctx) {
  std::vector<ObjectId> found;
  for (const auto& [id, c] : ctx.live.constraints)
    if (c.type == Constraint::Type::ForeignKey && c.referenced == Name{table.schema, table.name})
      found.push_back(id);
  return found;
}

std::string referring_obstacle(const ObjectId& key, const PlanContext& ctx, const Fates& fates,
                               const TableSwaps& swaps) {
  const Constraint& c = ctx.live.constraints.at(key);
  const ObjectId table = relation_of(key), there = table_id(c.referenced.schema, c.referenced.name);
  const std::string refers = to_string(key) + " refers to it";
  if (table == there) return refers + ", from the table itself";
  if (!ctx.desired.tables.at(there).partition_key.empty())
    return refers + ", by what is no key of a table with partitions";
  if (swaps.contains(table)) return refers + ", and its table changes in the same way";
  const Table& own = ctx.live.tables.at(table);
  if (!own.partition_key.empty() || !own.partition_of.empty())
    return refers + ", from a table with partitions, which has no NOT VALID foreign keys";
  // A change of a key deletes the copy of the row, and what still refers to it, as it may until the
  // end of the transaction, would go along.
  if (c.deferrable && c.definition.sql.find(" ON DELETE ") != std::string::npos)
    return refers + ", is deferrable and acts on a deletion";
  if (!c.validated) return refers + " and is NOT VALID";
  if (fates.find(key) != nullptr || fates.dropped(table)) return refers + " and changes as well";
  for (const std::string& column : c.columns)
    if (fates.find(child_id(Kind::Column, table, column)) != nullptr)
      return refers + " by a column that changes as well";
  return "";
}

std::vector<Step> referring_copy_steps(const ObjectId& about, const ObjectId& table,
                                       const ObjectId& other, const PlanContext& ctx) {
  std::vector<Step> steps;
  for (const ObjectId& key : referring_keys(table, ctx)) {
    const std::string name = copy_of(key, false);
    Step add = catalog_step(
        ctx, about, add_sql(key, name, other, ctx),
        {{table, LockLevel::ShareRowExclusive}, {relation_of(key), LockLevel::ShareRowExclusive}},
        "A copy of foreign key " + quote_ident(key.name) + " of " + name_of(relation_of(key)) +
            " that refers to the second table; its rows are read next.");
    add.scaffold.push_back(child_id(Kind::Constraint, relation_of(key), name));
    // It has the other one's name once the cut-over is taken back.
    set_undo(add, {sql("{} DROP CONSTRAINT IF EXISTS {}", alter(key), Ident{name})});
    Step validate = validate_step(key, name, ctx.live.constraints.at(key), ctx);
    validate.object = about;
    validate.source = add.source;
    validate.undone_by_others = true;
    add.phase = validate.phase = Phase::Contract;
    steps.push_back(std::move(add));
    steps.push_back(std::move(validate));
  }
  return steps;
}

std::vector<Proof> referring_proofs(const ObjectId& table, const PlanContext& ctx) {
  std::vector<Proof> proofs;
  for (const ObjectId& key : referring_keys(table, ctx))
    proofs.push_back(
        {sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
             "{}::pg_catalog.regclass AND conname = {} AND convalidated)",
             Literal{to_sql(qualified(relation_of(key)))}, Literal{copy_of(key, false)})
             .text,
         "the copy of foreign key " + key.name + " of " + name_of(relation_of(key)) +
             " is there and valid"});
  return proofs;
}

std::vector<Sql> referring_copies_back(const ObjectId& table, const ObjectId& other,
                                       const PlanContext& ctx) {
  std::vector<Sql> statements;
  for (const ObjectId& key : referring_keys(table, ctx)) {
    append(statements, add_sql(key, copy_of(key, true), other, ctx));
    statements.push_back(sql("{} VALIDATE CONSTRAINT {}", alter(key), Ident{copy_of(key, true)}));
  }
  return statements;
}

std::vector<Sql> referring_exchange(const ObjectId& table, bool back, const PlanContext& ctx) {
  std::vector<Sql> statements;
  for (const ObjectId& key : referring_keys(table, ctx)) {
    const Constraint& wanted = (back ? ctx.live : ctx.desired).constraints.at(key);
    const Ident name{key.name};
    statements.push_back(sql("{} DROP CONSTRAINT {}", alter(key), name));
    statements.push_back(
        sql("{} RENAME CONSTRAINT {} TO {}", alter(key), Ident{copy_of(key, back)}, name));
    if (!wanted.initially_deferred)
      statements.push_back(
          sql("{} ALTER CONSTRAINT {} {}", alter(key), name, Sql{checks_of(wanted)}));
    append(statements, constraint_extras_sql(key, wanted));
  }
  return statements;
}

}  // namespace aloft
