#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/emit.h"
#include "planner/emit/table_sql.h"
#include "planner/strategies/beside.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

/// Is the relation, a table or a materialized view, made in this plan?
bool relation_is_fresh(const ObjectId& id, const Action& action, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  if (is_fresh(ctx, table)) return true;
  if (ctx.desired.contains(table)) return false;
  ObjectId view = table;
  view.kind = Kind::View;
  return !ctx.live.contains(view) || action.rebuild;
}

/// A live constraint whose index has the name that this index is to have, and that is to go.
ObjectId crowding_constraint(const ObjectId& id, const PlanContext& ctx) {
  const ObjectId constraint = child_id(Kind::Constraint, relation_of(id), id.name);
  const Constraint* live = ctx.live.find<Constraint>(constraint);
  if (live == nullptr || ctx.desired.contains(constraint)) return {};
  using enum Constraint::Type;
  return live->type == PrimaryKey || live->type == Unique || live->type == Exclusion ? constraint
                                                                                     : ObjectId{};
}

/// Did the table become a partition, or cease to be one, in this plan: its indexes follow.
bool table_moves(const ObjectId& id, const PlanContext& ctx) {
  const Table* live = ctx.live.find<Table>(relation_of(id));
  const Table* wanted = ctx.desired.find<Table>(relation_of(id));
  return live != nullptr && wanted != nullptr && live->partition_of != wanted->partition_of;
}

bool on_partitioned(const Snapshot& snapshot, const ObjectId& id) {
  const Table* table = snapshot.find<Table>(relation_of(id));
  return table != nullptr && !table->partition_key.empty();
}

/// The key of a partition that stays, whose index is attached to this one.
ObjectId attached_key(const ObjectId& id, const PlanContext& ctx) {
  ObjectId found;
  for (const ObjectId& table : children(ctx.live, relation_of(id)))
    if (ctx.desired.contains(table))
      for_each_child<Constraint>(ctx.live, table, [&](const ObjectId& key, const Constraint& c) {
        if (c.parent == Name{id.schema, id.name}) found = key;
      });
  return found;
}

/// REPLICA IDENTITY USING INDEX of a table that is made in this plan waits for its index.
std::vector<Sql> replica_identity_sql(const ObjectId& id, const PlanContext& ctx) {
  const Table* table = ctx.desired.find<Table>(relation_of(id));
  if (table == nullptr || table->replica_identity.mode != 'i' ||
      table->replica_identity.index != id.name)
    return {};
  const Table* live = ctx.live.find<Table>(relation_of(id));
  if (live != nullptr && live->replica_identity == table->replica_identity) return {};
  return {sql("ALTER TABLE {} REPLICA IDENTITY USING INDEX {}", relation_name(id), Ident{id.name})};
}

std::vector<Step> fresh_steps(const ObjectId& id, const Index& wanted, const PlanContext& ctx) {
  // An index that exists on a partition by now is adopted where it is equal.
  std::vector<Sql> statements{index_sql(id, wanted, id.name, false, wanted.only)};
  append(statements, index_extras_sql(id, wanted));
  append(statements, replica_identity_sql(id, ctx));
  Step step = catalog_step(ctx, id, statements, {}, "An index of a new table.");
  set_undo(step, {sql("DROP INDEX {}", qualified(id))});
  std::vector<Step> steps;
  steps.push_back(std::move(step));
  return steps;
}

/// Does the partitioned table's index, being made on a live table, build this part of it too?
bool made_by_parent(const Index& index, const ObjectId& id, const PlanContext& ctx) {
  if (index.parent.empty()) return false;
  const Table* table = ctx.desired.find<Table>(relation_of(id));
  if (table == nullptr) return false;
  if (table_moves(id, ctx)) return !ctx.live.contains(id);  // made before it is attached
  const ObjectId above =
      child_id(Kind::Index, table_id(table->partition_of.schema, table->partition_of.name),
               index.parent.name);
  const Index* live = ctx.live.find<Index>(above);
  const Index* wanted = ctx.desired.find<Index>(above);
  if (wanted == nullptr) return false;
  if (live == nullptr || live->definition != wanted->definition || live->unique != wanted->unique)
    return true;
  return made_by_parent(*wanted, above, ctx);
}

void options_step(std::vector<Step>& steps, const Action& action, const Index& from,
                  const Index& to, const PlanContext& ctx) {
  std::vector<Sql> statements, undo;
  LockLevel level = LockLevel::ShareUpdateExclusive;
  for (const std::string& clause : option_clauses(from.options, to.options))
    statements.push_back(sql("ALTER INDEX {} {}", qualified(action.id), Sql{clause}));
  for (const std::string& clause : option_clauses(to.options, from.options))
    undo.push_back(sql("ALTER INDEX {} {}", qualified(action.id), Sql{clause}));
  for (const Options* options : {&from.options, &to.options})
    for (const Option& option : *options) level = std::max(level, index_option_lock(option.name));
  Step step = catalog_step(ctx, action.id, statements, {index_lock(action.id, level)},
                           "The index's storage parameters change; it is not built anew.");
  set_undo(step, undo);
  steps.push_back(std::move(step));
}

void statistics_step(std::vector<Step>& steps, const Action& action, const Index& from,
                     const Index& to, const PlanContext& ctx) {
  const auto ways = [&](const Options& now, const Options& then) {
    std::vector<Sql> statements;
    const auto say = [&](const std::string& column, const std::string& value) {
      statements.push_back(sql("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}",
                               qualified(action.id), Sql{column}, Sql{value}));
    };
    for (const Option& o : then)
      if (std::ranges::find(now, o) == now.end()) say(o.name, o.value);
    for (const Option& o : now)
      if (std::ranges::find(then, o.name, &Option::name) == then.end()) say(o.name, "-1");
    return statements;
  };
  steps.push_back(catalog_step(ctx, action.id, ways(from.statistics, to.statistics),
                               {index_lock(action.id, LockLevel::ShareUpdateExclusive)},
                               "ANALYZE keeps other statistics of its expressions."));
  set_undo(steps.back(), ways(to.statistics, from.statistics));
}

void clustered_step(std::vector<Step>& steps, const Action& action, bool on,
                    const PlanContext& ctx) {
  // Another index or constraint that is clustered now takes its place by its own change.
  bool other = false;
  if (!on) {
    for_each_child<Index>(ctx.desired, relation_of(action.id),
                          [&](const ObjectId&, const Index& i) { other |= i.clustered; });
    for_each_child<Constraint>(ctx.desired, relation_of(action.id),
                               [&](const ObjectId&, const Constraint& c) { other |= c.clustered; });
  }
  if (other) return;
  const Sql alter = sql("ALTER TABLE {}", relation_name(action.id));
  steps.push_back(catalog_step(ctx, action.id,
                               {on ? sql("{} CLUSTER ON {}", alter, Ident{action.id.name})
                                   : sql("{} SET WITHOUT CLUSTER", alter)},
                               {{relation_of(action.id), LockLevel::ShareUpdateExclusive}},
                               "A later CLUSTER goes by another index."));
}

Step tablespace_step(const Action& action, const std::string& tablespace, const PlanContext& ctx) {
  return heavy_step(ctx, action.id,
                    {sql("ALTER INDEX {} SET TABLESPACE {}", qualified(action.id),
                         Ident{tablespace.empty() ? "pg_default" : tablespace})},
                    relation_of(action.id), false,
                    {{relation_of(action.id), LockLevel::AccessExclusive}},
                    "The index's file is copied to another tablespace.");
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Index& wanted, const PlanContext& ctx) {
  const ObjectId& id = action.id;
  if (made_with_partition(wanted, id, ctx) || made_by_parent(wanted, id, ctx)) return {};
  if (relation_is_fresh(id, action, ctx)) return fresh_steps(id, wanted, ctx);
  const ObjectId crowding = crowding_constraint(id, ctx);
  std::vector<Step> steps;
  if (crowding.name.empty()) {
    steps = build_index_steps(id, wanted, ctx);
  } else if (on_partitioned(ctx.desired, id)) {
    steps = index_for_key_steps(id, wanted, ctx);
  } else {
    const std::string other = beside(id, wanted, ctx).name;
    steps.push_back(concurrent_build_step(id, wanted, other,
                                          "A new index, built while others read and write.", ctx));
    steps.push_back(catalog_step(
        ctx, id,
        {sql("ALTER TABLE {} DROP CONSTRAINT {}", relation_name(id), Ident{id.name}),
         sql("ALTER INDEX {} RENAME TO {}", QualifiedName{id.schema, other}, Ident{id.name})},
        {{relation_of(id), LockLevel::AccessExclusive}},
        "The index takes the name of the constraint that goes."));
    if (const auto extras = index_extras_sql(id, wanted); !extras.empty())
      steps.push_back(catalog_step(ctx, id, extras, extras_locks(id, wanted.clustered),
                                   "Its comment and the like."));
  }
  if (const auto replica = replica_identity_sql(id, ctx); !replica.empty())
    steps.push_back(catalog_step(ctx, id, replica, {{relation_of(id), LockLevel::AccessExclusive}},
                                 "Logical replication identifies rows by it."));
  return steps;
}

std::vector<Step> alter_steps(const Action& action, const Index& from, const Index& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  const bool partitioned = on_partitioned(ctx.desired, action.id);
  const bool broken = changes(action, "valid") && !from.valid && to.valid && !partitioned;
  if (changes(action, "definition") || changes(action, "unique") || broken) {
    append(steps, replace_index_steps(action.id, from, to, ctx));
    return steps;  // it carries everything else
  }
  if (changes(action, "parent") && !to.parent.empty() && !table_moves(action.id, ctx))
    steps.push_back(catalog_step(
        ctx, action.id,
        {sql("ALTER INDEX {} ATTACH PARTITION {}", qualified(to.parent), qualified(action.id))},
        {{relation_of(action.id), LockLevel::AccessExclusive}},
        "The partitioned table's index takes it over."));
  if (changes(action, "options")) options_step(steps, action, from, to, ctx);
  if (changes(action, "tablespace")) steps.push_back(tablespace_step(action, to.tablespace, ctx));
  if (changes(action, "clustered")) clustered_step(steps, action, to.clustered, ctx);
  if (changes(action, "statistics")) statistics_step(steps, action, from, to, ctx);
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Index& was, const PlanContext& ctx) {
  const ObjectId& id = action.id;
  // A key constraint of the same name has taken it over or put it away (strategies/add_key.cc).
  const Constraint* heir =
      ctx.desired.find<Constraint>(child_id(Kind::Constraint, relation_of(id), id.name));
  if (heir != nullptr && !action.rebuild &&
      !ctx.live.contains(child_id(Kind::Constraint, relation_of(id), id.name)) &&
      (heir->type == Constraint::Type::PrimaryKey || heir->type == Constraint::Type::Unique))
    return {};
  if (is_taken_up(id, ctx)) return {};
  // It goes with the partitioned table's index; it stays behind only where its table left.
  if (!was.parent.empty() && !table_moves(id, ctx)) return {};
  if (const ObjectId key = attached_key(id, ctx); !key.name.empty())
    return {impossible_step(ctx, id,
                            "the index of " + to_string(key) +
                                " is part of it, and PostgreSQL drops neither without the other: "
                                "detach the partition in a change of its own")};
  if (on_partitioned(ctx.live, id))
    return {catalog_step(ctx, id, {sql("DROP INDEX {}", qualified(id))},
                         on_tree(ctx, relation_of(id), LockLevel::AccessExclusive),
                         "An index of a partitioned table goes with those of its partitions, for a "
                         "moment under a lock: PostgreSQL has no concurrent way.")};
  Step step = concurrent_drop_step(
      id, id.name,
      action.rebuild ? "It is built again afterwards." : "The files no longer name it.", ctx);
  set_undo(step, index_back_sql(id, was));
  return {step};
}

std::vector<Step> rename_steps(const Action& action, const Index&, const PlanContext& ctx) {
  const auto rename = [](const ObjectId& from, const ObjectId& to) {
    return sql("ALTER INDEX {} RENAME TO {}", qualified(from), Ident{to.name});
  };
  Step step = catalog_step(ctx, action.id, {rename(action.from, action.id)},
                           {index_lock(action.id, LockLevel::ShareUpdateExclusive)},
                           "The index gets another name.");
  set_undo(step, {rename(action.id, action.from)});
  return {step};
}

bool must_rebuild(const Change& change, const Index& from, const Index& to,
                  const PlanContext& ctx) {
  const auto differs = [&](std::string_view field) {
    return std::ranges::find(change.fields, field) != change.fields.end();
  };
  if (on_partitioned(ctx.live, change.id) || !from.parent.empty())
    if (differs("definition") || differs("unique")) return true;
  return differs("parent") && !from.parent.empty() && !table_moves(change.id, ctx) &&
         from.parent != to.parent;
}

}  // namespace aloft
