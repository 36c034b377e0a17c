#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/key_index.h"
#include "planner/emit/table_sql.h"
#include "planner/strategies/beside.h"
#include "planner/strategies/let_go.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

Sql alter_table(const ObjectId& id) {
  return sql("ALTER TABLE {}", relation_name(id));
}

/// The locks of ADD FOREIGN KEY, or of dropping one.
Locks key_locks(const ObjectId& id, const Constraint& constraint, LockLevel level,
                const PlanContext& ctx) {
  Locks locks = on_tree(ctx, relation_of(id), level);
  if (constraint.type == Constraint::Type::ForeignKey)
    append(locks,
           on_tree(ctx, table_id(constraint.referenced.schema, constraint.referenced.name), level));
  return locks;
}

void add_extras(std::vector<Step>& steps, const ObjectId& id, const Constraint& constraint,
                const PlanContext& ctx) {
  const std::vector<Sql> extras = constraint_extras_sql(id, constraint);
  if (extras.empty()) return;
  steps.push_back(catalog_step(ctx, id, extras, extras_locks(id, constraint.clustered),
                               "Its comment and the like."));
  steps.back().undone_by_others = true;
}

/// A foreign key would have to wait for what it refers to.
bool is_referred_to(const ObjectId& table, const PlanContext& ctx) {
  return std::ranges::any_of(ctx.desired.constraints, [&](const auto& entry) {
    const Constraint& key = entry.second;
    return key.type == Constraint::Type::ForeignKey &&
           table_id(key.referenced.schema, key.referenced.name) == table;
  });
}

/// ADD CONSTRAINT under `name`, NOT VALID: no row is read.
Step add_not_valid(const ObjectId& id, const std::string& name, const Constraint& constraint,
                   const PlanContext& ctx) {
  const bool foreign = constraint.type == Constraint::Type::ForeignKey;
  ObjectId named = id;
  named.name = name;
  Step step = catalog_step(
      ctx, id,
      {sql("{} ADD {} NOT VALID", alter_table(id), Sql{constraint_clause(named, constraint)})},
      key_locks(id, constraint, foreign ? LockLevel::ShareRowExclusive : LockLevel::AccessExclusive,
                ctx),
      "New and changed rows are checked from now on; those that are there are not read yet.");
  // Where a partitioned table has taken it over, it has gone with that one's.
  set_undo(step, {sql("{} DROP CONSTRAINT IF EXISTS {}", alter_table(id), Ident{name})});
  return step;
}

}  // namespace

Step validate_step(const ObjectId& about, const std::string& name, const Constraint& constraint,
                   const PlanContext& ctx) {
  const ObjectId table = relation_of(about);
  Locks locks = on_tree(ctx, table, LockLevel::ShareUpdateExclusive);
  if (constraint.type == Constraint::Type::ForeignKey)
    locks.push_back(
        {table_id(constraint.referenced.schema, constraint.referenced.name), LockLevel::RowShare});
  Step step = scan_step(
      ctx, about, sql("{} VALIDATE CONSTRAINT {}", alter_table(about), Ident{name}), table, locks,
      "All rows are checked while others read and write; it fails where one does "
      "not satisfy it.");
  step.check = {.what = StepCheck::What::ConstraintValidated,
                .schema = about.schema,
                .name = about.relation,
                .detail = name};
  step.undone_by_others = true;
  return step;
}

namespace {

/// Of a check that is NOT VALID: an inheriting table that the files make after it has a valid copy.
void validate_copies(std::vector<Step>& steps, const ObjectId& id, const std::string& name,
                     const Constraint& check, const PlanContext& ctx) {
  if (check.type != Constraint::Type::Check || check.validated) return;
  for (const ObjectId& table : descendants(ctx.live, relation_of(id))) {
    const ObjectId own = child_id(Kind::Constraint, table, id.name);
    const Constraint* copy = ctx.desired.find<Constraint>(own);
    if (copy == nullptr || !copy->inherited || !copy->validated) continue;
    steps.push_back(validate_step(own, name, *copy, ctx));
    steps.back().source = ctx.sources.describe(check.at);
  }
}

}  // namespace

std::vector<Sql> constraint_back_sql(const ObjectId& id, const Constraint& was,
                                     const std::string& index, const PlanContext& ctx) {
  const bool partitioned = is_partitioned(relation_of(id), ctx.live);
  const Sql alter = alter_table(id), clause{constraint_clause(id, was)};
  std::vector<Sql> statements;
  if (was.type == Constraint::Type::ForeignKey && partitioned &&
      ctx.facts.server_version < 180000) {
    statements = {sql("{} ADD {}", alter, clause)};
  } else if (was.type == Constraint::Type::Check || was.type == Constraint::Type::ForeignKey) {
    statements = {sql("{} ADD {} NOT VALID", alter, clause)};
    if (was.validated)
      statements.push_back(sql("{} VALIDATE CONSTRAINT {}", alter, Ident{id.name}));
    else  // a child that was made after it has it validated
      for (const ObjectId& table : descendants(ctx.live, relation_of(id)))
        if (const Constraint* theirs =
                ctx.live.find<Constraint>(child_id(Kind::Constraint, table, id.name));
            theirs != nullptr && theirs->inherited && theirs->validated)
          statements.push_back(
              sql("ALTER TABLE {} VALIDATE CONSTRAINT {}", qualified(table), Ident{id.name}));
  } else if (is_unique_key(was) && !partitioned && !was.inherited) {
    const Step build = key_index_step(id, relation_of(id), index, was, ctx);
    statements = {Sql{build.sql.front()},
                  sql("{} {}", alter, Sql{using_index_clause(id.name, index, was)})};
  } else {
    return {};
  }
  append(statements, constraint_extras_sql(id, was));
  return statements;
}

std::vector<Step> partitioned_foreign_key_steps(const ObjectId& id, const Constraint& constraint,
                                                const PlanContext& ctx) {
  std::vector<Step> steps;
  for (const ObjectId& leaf : leaves(ctx.live, relation_of(id))) {
    if (!ctx.desired.contains(leaf)) continue;
    ObjectId own = child_id(Kind::Constraint, leaf, id.name);
    // The name that the files foresee for the leaf's share, if they do.
    for_each_child<Constraint>(ctx.desired, leaf, [&](const ObjectId& c, const Constraint& share) {
      if (share.inherited && share.type == constraint.type &&
          share.definition == constraint.definition)
        own = c;
    });
    if (ctx.live.contains(own)) continue;
    steps.push_back(add_not_valid(own, own.name, constraint, ctx));
    steps.push_back(validate_step(own, own.name, constraint, ctx));
    for (std::size_t i = steps.size() - 2; i < steps.size(); ++i) {
      steps[i].object = id;
      steps[i].source = ctx.sources.describe(constraint.at);
    }
  }
  Locks locks = on_tree(ctx, relation_of(id), LockLevel::ShareRowExclusive);
  locks.push_back({table_id(constraint.referenced.schema, constraint.referenced.name),
                   LockLevel::AccessExclusive});
  Step adopt = catalog_step(
      ctx, id, {sql("{} ADD {}", alter_table(id), Sql{constraint_clause(id, constraint)})}, locks,
      "The partitioned table takes over its partitions' foreign keys; no row is read.");
  set_undo(adopt, {sql("{} DROP CONSTRAINT {}", alter_table(id), Ident{id.name})});
  steps.push_back(std::move(adopt));
  return steps;
}

std::vector<Step> add_constraint_steps(const ObjectId& id, const Constraint& constraint,
                                       const PlanContext& ctx) {
  using enum Constraint::Type;
  std::vector<Step> steps;
  switch (constraint.type) {
    case ForeignKey:
      if (is_partitioned(relation_of(id), ctx.live) && ctx.facts.server_version < 180000) {
        steps = partitioned_foreign_key_steps(id, constraint, ctx);
        break;
      }
      [[fallthrough]];
    case Check:
      steps.push_back(add_not_valid(id, id.name, constraint, ctx));
      if (constraint.validated) steps.push_back(validate_step(id, id.name, constraint, ctx));
      break;
    case PrimaryKey:
    case Unique: steps = add_key_steps(id, constraint, ctx); break;
    case Exclusion: {
      Step step = heavy_step(
          ctx, id, {sql("{} ADD {}", alter_table(id), Sql{constraint_clause(id, constraint)})},
          relation_of(id), false, on_tree(ctx, relation_of(id), LockLevel::AccessExclusive),
          "PostgreSQL can add an exclusion constraint only by building its index under the lock.");
      set_undo(step, {sql("{} DROP CONSTRAINT {}", alter_table(id), Ident{id.name})});
      steps.push_back(std::move(step));
    } break;
  }
  add_extras(steps, id, constraint, ctx);
  return steps;
}

std::vector<Step> replace_constraint_steps(const ObjectId& id, const Constraint& from,
                                           const Constraint& to, const PlanContext& ctx) {
  using enum Constraint::Type;
  const Ident name{id.name};
  const ObjectId table = relation_of(id);
  std::vector<Step> steps;
  bool serves = false;
  switch (to.type) {
    case PrimaryKey:
    case Unique: {
      const Beside index = beside_key(id, to, ctx);
      steps.push_back(key_index_step(id, table, index.name, to, ctx));
      std::vector<Sql> swap{sql("{} DROP CONSTRAINT {}, {}", alter_table(id), name,
                                Sql{using_index_clause(id.name, index.name, to)})};
      const LetGo columns = let_go_of_key_columns(id, from, ctx);
      append(swap, columns.now);
      steps.push_back(catalog_step(
          ctx, id, swap, on_tree(ctx, table, LockLevel::AccessExclusive),
          "The new index takes the old one's place in one statement: rows are never unguarded."));
      if (std::vector<Sql> back = constraint_back_sql(id, from, index.name, ctx); !back.empty()) {
        back.insert(back.begin() + 1, sql("{} DROP CONSTRAINT {}", alter_table(id), name));
        back.insert(back.begin(), columns.back.begin(), columns.back.end());
        set_undo(steps.back(), back);
      }
      serves = serves_until_contract(id, from, ctx) && !is_referred_to(table, ctx);
      if (!serves) tell_of_lost_key(steps.back(), id, from, ctx);
    } break;
    case Exclusion:
      steps.push_back(
          heavy_step(ctx, id,
                     {sql("{} DROP CONSTRAINT {}, ADD {}", alter_table(id), name,
                          Sql{constraint_clause(id, to)})},
                     table, false, on_tree(ctx, table, LockLevel::AccessExclusive),
                     "PostgreSQL can build an exclusion constraint only under the lock."));
      break;
    case Check:
    case ForeignKey: {
      const Beside other = beside(id, to, ctx);
      if (!other.there) steps.push_back(add_not_valid(id, other.name, to, ctx));
      if (to.validated && !other.done) {
        steps.push_back(validate_step(id, other.name, to, ctx));
        steps.back().undone_by_others = !other.there;
      }
      if (!other.done) validate_copies(steps, id, other.name, to, ctx);
      steps.push_back(catalog_step(
          ctx, id,
          {sql("{} DROP CONSTRAINT {}", alter_table(id), name),
           sql("{} RENAME CONSTRAINT {} TO {}", alter_table(id), Ident{other.name}, name)},
          key_locks(id, from, LockLevel::AccessExclusive, ctx),
          "The new one takes the old one's place: rows are never unguarded."));
      std::vector<Sql> back = constraint_back_sql(id, from, "", ctx);
      back.insert(back.begin(),
                  sql("{} RENAME CONSTRAINT {} TO {}", alter_table(id), name, Ident{other.name}));
      set_undo(steps.back(), back);
    } break;
  }
  add_extras(steps, id, to, ctx);
  if (serves)
    take_place_after_soak(steps, child_id(Kind::Index, table, beside_key(id, to, ctx).name));
  return steps;
}

}  // namespace aloft
