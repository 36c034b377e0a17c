#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/strategies/shadow_keys.h"
#include "planner/strategies/shadow_parts.h"
#include "planner/strategies/shadow_shares.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

/// All up to the cut-over.
class Copying : ShadowParts {
 public:
  using ShadowParts::ShadowParts;

  std::vector<Step> steps() const {
    std::vector<Step> steps{open()};
    for (const ObjectId& table : leaves(ctx_.live, table_)) steps.push_back(fill(table));
    if (const UpsertGuard guarding = guard(ctx_.live); !guarding.empty())
      steps.push_back(guarding.step(ctx_));
    for (const ObjectId& index : plan_.indexes) {
      for (const ObjectId& share : leaf_shares_of(index, ctx_.live))
        steps.push_back(twin_of_index(share));
      if (partitioned()) steps.push_back(twin_of_partitioned_index(index));
    }
    for (const ObjectId& key : plan_.keys)
      for (const ObjectId& share : leaf_shares_of(key, ctx_.live))
        steps.push_back(twin_of_key(share));
    append(steps, foreign_key_copies(id_, plan_, ctx_));
    prove(steps);
    return steps;
  }

 private:
  Step open() const {
    Column bare = to_;
    bare.default_value = {};
    bare.grants.clear();
    bare.comment.clear();
    bare.identity = ' ';
    std::vector<Sql> statements{
        sql("{} ADD COLUMN {}", alter_, Sql{column_definition(shadow_, bare, false)})};
    append(statements, column_extras_sql(shadow_, bare, false, ctx_));
    append(statements, forward().create_sql(ctx_));
    statements.push_back(sql("{} ADD CONSTRAINT {} CHECK ({}) NOT VALID", alter_,
                             Ident{sync_check()},
                             Sql{is_same(quote_ident(shadow_.name), plan_.up, to_.type)}));
    if (both_not_null())
      statements.push_back(sql("{} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", alter_,
                               Ident{null_check()}, Ident{shadow_.name}));
    Step step = catalog_step(ctx_, id_, statements, exclusive(),
                             quote_ident(id_.name) + " gets a column of type " + to_.type +
                                 " beside it, kept equal to it by a trigger from now on; the "
                                 "running application goes on "
                                 "as it is.");
    step.prelude = true;
    step.scaffold = {shadow_, child_id(Kind::Trigger, table_, forward().trigger_name()),
                     child_id(Kind::Constraint, table_, sync_check())};
    if (both_not_null()) step.scaffold.push_back(child_id(Kind::Constraint, table_, null_check()));
    step.agreements = {forward_agreement()};
    std::vector<Sql> undo = forward().lock_and_drop_sql();
    undo.push_back(sql("{} DROP COLUMN {}", alter_, Ident{shadow_.name}));
    append(undo, publication_.open_undo());
    set_undo(step, undo);
    publication_.open(step, to_.type);
    return step;
  }

  Step fill(const ObjectId& table) const {
    const Sql sets = sql("{} = {}", Ident{shadow_.name}, Sql{plan_.up});
    const std::string where = differs(quote_ident(shadow_.name), plan_.up, to_.type);
    Step step = batch_step(ctx_, id_, table, sets, where,
                           "The rows that are there get their value of " + quote_ident(id_.name) +
                               " in the new type, in batches that hold nobody up.");
    step.sets = sets.text;
    step.where = where;
    step.prelude = true;
    return step;
  }

  Step twin(Step step, const ObjectId& of, const std::string& name) const {
    step.object = id_;
    step.source = ctx_.sources.describe(ctx_.desired.place_of(of));
    step.phase = Phase::Backfill;
    step.prelude = true;
    step.scaffold.push_back(child_id(Kind::Index, relation_of(of), name));
    return step;
  }

  /// As the live one says it, but for casts that only the old type asked for.
  Index copy_of(const ObjectId& index) const {
    const Index* wanted = ctx_.desired.find<Index>(index);
    const bool casts = ctx_.facts.kept_casts.contains(index) && wanted != nullptr;
    return casts ? *wanted : ctx_.live.indexes.at(index);
  }

  Step twin_of_index(const ObjectId& index) const {
    Index copy = copy_of(index);
    copy.definition.sql = ctx_.rename_column(copy.definition.sql, id_.name, shadow_.name);
    const std::string name = twin_of(index);
    Step step =
        twin(concurrent_build_step(index, copy, name,
                                   "A twin of index " + quote_ident(index.name) +
                                       " on the new column, built while others read and write.",
                                   ctx_),
             index, name);
    if (is_unguarded(index, ctx_.live)) tell_of_unguarded(step, index);
    if (!partitioned())
      step.scaffold.push_back(child_id(Kind::Index, table_, old_name(index.name)));
    return step;
  }

  /// Not ON ONLY: so it takes the partitions' twins over under a lock that stops no reader of them,
  /// and one that was made meanwhile gets its own.
  Step twin_of_partitioned_index(const ObjectId& index) const {
    Index copy = copy_of(index);
    copy.definition.sql = ctx_.rename_column(copy.definition.sql, id_.name, shadow_.name);
    const std::string name = twin_name(index.name);
    Step step =
        twin(catalog_step(ctx_, id_, {index_sql(index, copy, name, false, false)},
                          on_tree(ctx_, table_, LockLevel::Share),
                          "The partitioned table's twin of index " + quote_ident(index.name) +
                              " takes over those of its "
                              "partitions; no row is read."),
             index, name);
    step.scaffold.push_back(child_id(Kind::Index, table_, old_name(index.name)));
    set_undo(step, {sql("DROP INDEX {}", QualifiedName{index.schema, name})});
    return step;
  }

  Step twin_of_key(const ObjectId& key) const {
    Constraint copy = ctx_.live.constraints.at(key);
    for (auto* columns : {&copy.columns, &copy.include})
      for (std::string& column : *columns)
        if (column == id_.name) column = shadow_.name;
    const std::string name = twin_of(key);
    Step step = twin(key_index_step(key, relation_of(key), name, copy, ctx_), key, name);
    step.why = "A twin of the index behind " + quote_ident(key.name) +
               " on the new column, built while others read and write.";
    if (is_unguarded(key, ctx_.live)) tell_of_unguarded(step, key);
    return step;
  }

  void prove(std::vector<Step>& steps) const {
    append(steps, tree_proofs(id_, sync_check(),
                              "The server reads all rows and proves that every one has its new "
                              "value of " +
                                  quote_ident(id_.name) + ", while others read and write.",
                              ctx_));
    if (!both_not_null()) return;
    append(steps, tree_proofs(id_, null_check(), "And that none of them is NULL.", ctx_));
    Step set = catalog_step(ctx_, id_,
                            {sql("{} ALTER COLUMN {} SET NOT NULL", alter_, Ident{shadow_.name}),
                             sql("{} DROP CONSTRAINT {}", alter_, Ident{null_check()})},
                            exclusive(),
                            "The check proves it, so that the table is not read under the lock.");
    set.phase = Phase::Backfill;
    set.prelude = set.undone_by_others = true;
    steps.push_back(std::move(set));
  }
};

}  // namespace

std::vector<Step> copy_steps(const ObjectId& id, const Column& from, const Column& to,
                             const ShadowPlan& plan, const PlanContext& ctx) {
  return Copying(id, from, to, plan, ctx).steps();
}

std::vector<Step> shadow_steps(const ObjectId& id, const Column& from, const Column& to,
                               const ShadowPlan& plan, const PlanContext& ctx) {
  std::vector<Step> steps = copy_steps(id, from, to, plan, ctx);
  append(steps, cut_over_steps(id, from, to, plan, ctx));
  return steps;
}

}  // namespace aloft
