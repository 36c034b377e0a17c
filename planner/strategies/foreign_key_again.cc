#include "planner/strategies/foreign_key_again.h"

#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

Sql alter_table(const ObjectId& key) {
  return sql("ALTER TABLE {}", relation_name(key));
}

}  // namespace

Locks referring_locks(const ShadowPlan& plan, const PlanContext& ctx) {
  Locks locks;
  for (const ObjectId& key : plan.made_again)
    append(locks, on_tree(ctx, relation_of(key), LockLevel::AccessExclusive));
  return locks;
}

std::vector<Sql> drop_referring(const ShadowPlan& plan, const PlanContext&) {
  std::vector<Sql> all;
  for (const ObjectId& key : plan.made_again)
    all.push_back(sql("{} DROP CONSTRAINT {}", alter_table(key), Ident{key.name}));
  return all;
}

std::vector<Sql> add_referring_again(const ShadowPlan& plan, const Snapshot& side) {
  std::vector<Sql> all;
  for (const ObjectId& key : plan.made_again) {
    const Constraint& wanted = side.constraints.at(key);
    all.push_back(
        sql("{} ADD {} NOT VALID", alter_table(key), Sql{constraint_clause(key, wanted)}));
    append(all, constraint_extras_sql(key, wanted));
  }
  return all;
}

std::vector<Step> validate_referring(const ObjectId& column, const ShadowPlan& plan,
                                     const PlanContext& ctx) {
  std::vector<Step> steps;
  for (const ObjectId& key : plan.made_again) {
    const Constraint& wanted = ctx.desired.constraints.at(key);
    if (!wanted.validated) continue;
    Step step = validate_step(key, key.name, wanted, ctx);
    step.object = column;
    step.source = ctx.sources.describe(ctx.desired.place_of(column));
    step.why = "Foreign key " + quote_ident(key.name) + " of " + name_of(relation_of(key)) +
               " guards every write already; now the server says so of all rows.";
    step.phase = Phase::Contract;
    step.undone_by_others = true;
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<Sql> validate_referring_again(const ShadowPlan& plan, const PlanContext& ctx) {
  std::vector<Sql> all;
  for (const ObjectId& key : plan.made_again)
    if (ctx.live.constraints.at(key).validated)
      all.push_back(sql("{} VALIDATE CONSTRAINT {}", alter_table(key), Ident{key.name}));
  return all;
}

}  // namespace aloft
