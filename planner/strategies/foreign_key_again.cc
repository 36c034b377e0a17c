#include "planner/strategies/foreign_key_again.h"

#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/shadow_shares.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

Sql alter_table(const ObjectId& key) {
  return sql("ALTER TABLE {}", relation_name(key));
}

/// `statement`, a format of the leaf's name, for the leaves that were made in the meantime.
Sql for_new_leaves(const ObjectId& key, const Snapshot& side, const std::string& statement) {
  std::vector<Literal> known;
  for (const ObjectId& leaf : leaves(side, relation_of(key)))
    known.push_back({to_sql(qualified(leaf))});
  const Sql body = sql(
      "\n"
      "DECLARE leaf pg_catalog.regclass;\n"
      "BEGIN\n"
      "  FOR leaf IN SELECT relid FROM pg_catalog.pg_partition_tree({}) WHERE isleaf AND relid <>\n"
      "      ALL (ARRAY(SELECT pg_catalog.to_regclass(n) FROM unnest(ARRAY[{}]) AS n\n"
      "      WHERE pg_catalog.to_regclass(n) IS NOT NULL)) LOOP\n"
      "    EXECUTE pg_catalog.format({}, leaf);\n"
      "  END LOOP;\n"
      "END\n",
      Literal{to_sql(relation_name(key))}, sql_list(known), Literal{statement});
  return sql("DO {}", Literal{body.text});
}

/// As a format that gives the text itself.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '%' ? std::string("%%") : std::string(1, c);
  return result;
}

/// The partitioned table takes over what its leaves have.
std::vector<Sql> take_over(const ObjectId& key, const Snapshot& side) {
  const Constraint& wanted = side.constraints.at(key);
  std::vector<Sql> all{sql("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", qualified(wanted.referenced)),
                       sql("{} ADD {}", alter_table(key), Sql{constraint_clause(key, wanted)})};
  append(all, constraint_extras_sql(key, wanted));
  return all;
}

Step validate(const ObjectId& column, const ObjectId& key, const ObjectId& place,
              const PlanContext& ctx) {
  Step step = validate_step(place, place.name, ctx.desired.constraints.at(key), ctx);
  step.why = "Foreign key " + quote_ident(place.name) + " of " + name_of(relation_of(place)) +
             " guards every write already; now the server says so of all rows.";
  step.object = column;
  return step;
}

Step take_over_step(const ObjectId& column, const ObjectId& key, const PlanContext& ctx) {
  const Name& there = ctx.desired.constraints.at(key).referenced;
  Locks locks = on_tree(ctx, table_id(there.schema, there.name), LockLevel::AccessExclusive);
  append(locks, on_tree(ctx, relation_of(key), LockLevel::ShareRowExclusive));
  Step step = catalog_step(ctx, column, take_over(key, ctx.desired), locks,
                           name_of(relation_of(key)) + " takes over its partitions' foreign keys " +
                               quote_ident(key.name) + "; no row is read.");
  step.proofs.push_back(new_partitions_are_small(relation_of(key), ctx.live));
  return step;
}

}  // namespace

Locks referring_locks(const ShadowPlan& plan, const PlanContext& ctx) {
  Locks locks;
  for (const ObjectId& key : plan.made_again)
    append(locks, on_tree(ctx, relation_of(key), LockLevel::AccessExclusive));
  return locks;
}

std::vector<Sql> drop_referring(const ShadowPlan& plan, const Snapshot& side) {
  std::vector<Sql> all;
  for (const ObjectId& key : plan.made_again) {
    if (!is_partitioned(relation_of(key), side)) {
      all.push_back(sql("{} DROP CONSTRAINT {}", alter_table(key), Ident{key.name}));
      continue;
    }
    all.push_back(sql("{} DROP CONSTRAINT IF EXISTS {}", alter_table(key), Ident{key.name}));
    // Its leaves may have it while the partitioned table has not taken it over.
    for (const ObjectId& place : leaf_shares_of(key, side))
      all.push_back(sql("{} DROP CONSTRAINT IF EXISTS {}", alter_table(place), Ident{place.name}));
    all.push_back(for_new_leaves(
        key, side,
        "ALTER TABLE %s " + escaped(sql("DROP CONSTRAINT IF EXISTS {}", Ident{key.name}).text)));
  }
  return all;
}

std::vector<Sql> add_referring_again(const ShadowPlan& plan, const Snapshot& side) {
  std::vector<Sql> all;
  for (const ObjectId& key : plan.made_again) {
    const Constraint& wanted = side.constraints.at(key);
    for (const ObjectId& place : leaf_shares_of(key, side)) {
      all.push_back(
          sql("{} ADD {} NOT VALID", alter_table(place), Sql{constraint_clause(place, wanted)}));
      append(all, constraint_extras_sql(place, side.constraints.at(place)));
    }
    if (is_partitioned(relation_of(key), side))
      all.push_back(for_new_leaves(
          key, side,
          "ALTER TABLE %s ADD " + escaped(constraint_clause(key, wanted)) + " NOT VALID"));
  }
  return all;
}

std::vector<Step> validate_referring(const ObjectId& column, const ShadowPlan& plan,
                                     const PlanContext& ctx) {
  std::vector<Step> steps;
  for (const ObjectId& key : plan.made_again) {
    if (ctx.desired.constraints.at(key).validated)
      for (const ObjectId& place : leaf_shares_of(key, ctx.desired))
        steps.push_back(validate(column, key, place, ctx));
    if (is_partitioned(relation_of(key), ctx.desired))
      steps.push_back(take_over_step(column, key, ctx));
  }
  for (Step& step : steps) {
    step.source = ctx.sources.describe(ctx.desired.place_of(column));
    step.phase = Phase::Contract;
    step.undone_by_others = true;
  }
  return steps;
}

std::vector<Sql> validate_referring_again(const ShadowPlan& plan, const PlanContext& ctx) {
  std::vector<Sql> all;
  for (const ObjectId& key : plan.made_again) {
    if (ctx.live.constraints.at(key).validated)
      for (const ObjectId& place : leaf_shares_of(key, ctx.live))
        all.push_back(sql("{} VALIDATE CONSTRAINT {}", alter_table(place), Ident{place.name}));
    if (is_partitioned(relation_of(key), ctx.live)) append(all, take_over(key, ctx.live));
  }
  return all;
}

}  // namespace aloft
