// cut_over_steps(): the shadow column takes the place of the old one.

#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/foreign_key_again.h"
#include "planner/strategies/shadow_keys.h"
#include "planner/strategies/shadow_numbers.h"
#include "planner/strategies/shadow_parts.h"
#include "planner/strategies/shadow_shares.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

class CuttingOver : ShadowParts {
 public:
  using ShadowParts::ShadowParts;

  std::vector<Step> steps() const {
    std::vector<Step> steps = referring_swaps(id_, plan_, ctx_);
    steps.push_back(cut_over());
    append(steps, validate_referring(id_, plan_, ctx_));
    for (const ObjectId& check : plan_.checks)
      if (ctx_.desired.constraints.at(check).validated) {
        for (Step& step : tree_proofs(id_, check.name, "", ctx_)) {
          step.phase = Phase::Contract;
          step.prelude = false;
          steps.push_back(std::move(step));
        }
      }
    steps.push_back(close());
    return steps;
  }

 private:
  /// The tables that foreign keys tie to the column.
  Locks referenced() const {
    Locks locks;
    for (const ObjectId& key : plan_.foreign_keys) {
      const Name& there = ctx_.live.constraints.at(key).referenced;
      locks.push_back({table_id(there.schema, there.name), LockLevel::AccessExclusive});
    }
    return locks;
  }

  /// Parents' locks come first.
  Locks locks() const {
    Locks locks = referenced();
    append(locks, exclusive());
    append(locks, referring_locks(plan_, ctx_));
    return locks;
  }

  void move_indexes(std::vector<Sql>& statements) const {
    const auto rename = [&](const std::string& from, const std::string& to) {
      statements.push_back(
          sql("ALTER INDEX {} RENAME TO {}", QualifiedName{table_.schema, from}, Ident{to}));
    };
    for (const ObjectId& id : plan_.indexes) {
      if (partitioned())
        statements.push_back(
            exchange_names_of_shares(id.schema, id.name, twin_name(id.name), "old"));
      rename(id.name, old_name(id.name));
      rename(twin_name(id.name), id.name);
      append(statements, index_extras_sql(id, ctx_.desired.indexes.at(id)));
      for (const ObjectId& share : shares_of(id, ctx_.desired))
        append(statements, index_extras_sql(share, ctx_.desired.indexes.at(share)));
    }
  }

  std::vector<Proof> proofs() const {
    const Literal table{to_sql(qualified(table_))};
    std::vector<Proof> proofs{
        {sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
             "{}::pg_catalog.regclass AND conname = {} AND convalidated)",
             table, Literal{sync_check()})
             .text,
         "every row of " + table.text + " has its new value"},
        {forward().is_on().text,
         "the trigger that keeps the new column equal to the old one is there and enabled"}};
    const auto valid = [&](const Name& twin) {
      proofs.push_back({sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = "
                            "pg_catalog.to_regclass({}) AND indisvalid)",
                            Literal{quote_qualified(twin.schema, twin.name)})
                            .text,
                        "index " + twin.name + " is there and valid"});
    };
    for (const ObjectId& id : plan_.indexes) valid({table_.schema, twin_name(id.name)});
    for (const ObjectId& id : plan_.keys)
      for (const ObjectId& share : leaf_shares_of(id, ctx_.live))
        valid({share.schema, twin_of(share)});
    if (partitioned() && !plan_.keys.empty())
      proofs.push_back(new_partitions_are_small(table_, ctx_.live));
    append(proofs, partition_facts(id_, ctx_.live));
    return proofs;
  }

  Step cut_over() const {
    // LOCK TABLE goes on to the partitions by itself.
    std::vector<QualifiedName> locked;
    for (const LockOn& lock : referenced()) locked.push_back(qualified(lock.relation));
    for (const ObjectId& table : tables_at_cut_over()) locked.push_back(qualified(table));
    std::vector<Sql> statements{sql("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", sql_list(locked))};
    append(statements, forward().drop_sql());
    if (!keeps_unique_indexes()) append(statements, guard(ctx_.live).drop_sql());
    statements.push_back(sql("{} DROP CONSTRAINT {}", alter_, Ident{sync_check()}));
    for (const ObjectId& check : plan_.checks)
      statements.push_back(sql("{} DROP CONSTRAINT {}", alter_, Ident{check.name}));
    append(statements, drop_referring(plan_, ctx_.live));
    append(statements, exchange_keys(ctx_.desired,
                                     [this](const std::string& name) { return twin_name(name); }));
    append(statements, drop_partition_defaults(id_, ctx_.live));
    append(statements, let_go_of_numbers(id_, from_, shadow_.name, ctx_));
    statements.push_back(
        sql("{} RENAME COLUMN {} TO {}", alter_, Ident{id_.name}, Ident{old_.name}));
    statements.push_back(
        sql("{} RENAME COLUMN {} TO {}", alter_, Ident{shadow_.name}, Ident{id_.name}));
    append(statements, exchange_partitioned_keys(
                           ctx_.desired, [this](const ObjectId& share) { return twin_of(share); }));
    if (from_.not_null) append(statements, drop_not_null_sql(id_, old_.name, ctx_.live));
    append(statements, take_over_numbers(id_, to_));
    append(statements, partition_defaults(id_, ctx_.desired));
    append(statements, checks_again(ctx_.desired));
    move_indexes(statements);
    append(statements, publication_.exchange());
    append(statements, add_referring_again(plan_, ctx_.desired));
    append(statements, dress());
    append(statements, backward().create_sql(ctx_));
    if (keeps_unique_indexes()) statements.push_back(guard(ctx_.desired).replace_sql());
    Step step =
        catalog_step(ctx_, id_, statements, locks(),
                     "The cut-over of " + quote_ident(id_.name) +
                         ": the new column takes the old one's name, keys, indexes and default, in "
                         "one moment. The "
                         "old one is kept up, so that the old application may still come back.");
    step.phase = Phase::Contract;
    step.proofs = proofs();
    step.scaffold = {old_, child_id(Kind::Trigger, table_, backward().trigger_name())};
    step.agreements = {backward_agreement()};
    add_hazard(step, Hazard::AppBreaking,
               "an application gets " + to_.type + " for " + name_of(id_) +
                   " from then on; prepared statements that return it fail once, and "
                   "an INSERT or COPY without a column list finds it last");
    if (from_.type != to_.type)
      add_note(step, Stage::Next,
               name_of(id_) + ": copes with " + from_.type + " as well as with " + to_.type);
    add_note(step, Stage::Contract,
             name_of(id_) + (from_.type != to_.type ? ": is " : ": has the labels of the new ") +
                 to_.type +
                 "; the application from before may come back until its old column goes");
    publication_.cut_over(step, from_, to_);
    set_undo(step, in_order({way_back(id_, from_, to_, plan_, ctx_)}, tables_at_cut_over(), {}));
    return step;
  }

  /// What is the column's own, besides its values.
  std::vector<Sql> dress() const {
    std::vector<Sql> statements = words_of(id_, to_);
    for (const ObjectId& part : columns_below(id_, ctx_.desired))
      append(statements, words_of(part, ctx_.desired.columns.at(part)));
    return statements;
  }

  std::vector<Sql> words_of(const ObjectId& column, const Column& wanted) const {
    Column only;
    only.grants = wanted.grants;
    only.comment = wanted.comment;
    return column_extras_sql(column, only, false, ctx_);
  }

  Step close() const {
    std::vector<Sql> statements{lock_exclusive({table_})};
    append(statements, backward().drop_sql());
    if (keeps_unique_indexes()) append(statements, guard(ctx_.desired).drop_sql());
    statements.push_back(sql("{} DROP COLUMN {}", alter_, Ident{old_.name}));
    append(statements, publication_.close());
    Step step =
        catalog_step(ctx_, id_, statements, exclusive(),
                     "The old column of " + quote_ident(id_.name) +
                         " goes, with its trigger and indexes; only the catalogs change. From "
                         "here on there is no way back without a new plan.");
    step.phase = Phase::Contract;
    step.after_soak = true;
    return step;
  }
};

}  // namespace

std::vector<Step> cut_over_steps(const ObjectId& id, const Column& from, const Column& to,
                                 const ShadowPlan& plan, const PlanContext& ctx) {
  return CuttingOver(id, from, to, plan, ctx).steps();
}

}  // namespace aloft
