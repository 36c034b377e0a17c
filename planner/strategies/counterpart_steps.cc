#include <algorithm>

#include "planner/emit/column_sql.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/publications.h"
#include "planner/strategies/counterparts.h"
#include "planner/strategies/fill_column.h"
#include "planner/strategies/not_null_proof.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/sync_trigger.h"
#include "planner/strategies/upsert_guard.h"

namespace aloft {
namespace {

/// The steps of one group.
class Carrying {
 public:
  Carrying(const Counterparts& columns, const PlanContext& ctx)
      : columns_(columns),
        ctx_(ctx),
        lead_(columns.fresh.front()),
        filled_(child_id(Kind::Constraint, columns.table,
                         suffixed(columns.table.name + "_" + lead_.name,
                                  "_filled_" + run_mark(lead_).substr(0, 4)))),
        alter_(sql("ALTER TABLE {}", qualified(columns.table))),
        exclusive_(on_tree(ctx, columns.table, LockLevel::AccessExclusive)) {
    for (const ObjectId& id : columns.fresh)
      if (column(id).not_null) proofs_.emplace_back(id, ctx);
  }

  std::vector<Step> steps() const {
    std::vector<Step> steps{open()};
    fill(steps);
    for (const NotNullProof& proof : proofs_) append(steps, proof.steps());
    if (proofs_.empty()) append(steps, prove_filled());
    steps.push_back(close());
    return steps;
  }

 private:
  const Column& column(const ObjectId& id) const { return ctx_.desired.columns.at(id); }

  Sql value(const ObjectId& id) const { return sql("({})", Sql{value_said(column(id))}); }

  Sql assignments() const {
    Sql all;
    for (const ObjectId& id : columns_.fresh)
      all = sql("{}{}{} = {}", all, Sql{all.text.empty() ? "" : ", "}, Ident{id.name}, value(id));
    return all;
  }

  /// No default before contract: by NULL an INSERT of the old application is told from others.
  Column bare(const ObjectId& id) const {
    Column bare = column(id);
    bare.default_value = {};
    return bare;
  }

  Sql add_column(const ObjectId& id) const {
    return sql("{} ADD COLUMN {}", alter_, Sql{column_definition(id, bare(id), false)});
  }

  Step open() const {
    std::vector<Sql> statements;
    for (const ObjectId& id : columns_.fresh) {
      statements.push_back(add_column(id));
      append(statements, column_extras_sql(id, bare(id), has_children(ctx_, columns_.table), ctx_));
      append(statements, owned_by_sql(ctx_, id));
    }
    statements.push_back(explain_sql(columns_.table, assignments()));
    for (const auto& [id, back] : columns_.back)
      statements.push_back(
          explain_sql(columns_.table, sql("{} = ({})", Ident{id.name}, Sql{back.sql})));
    append(statements, counterpart_trigger_sql(columns_, ctx_));
    append(statements, guard().create_sql());
    std::vector<Sql> undo = trigger().lock_and_drop_sql();
    append(undo, guard().drop_sql());
    for (const NotNullProof& proof : proofs_) {
      statements.push_back(proof.add_sql());
      undo.push_back(proof.drop_sql());
    }
    if (proofs_.empty()) {
      statements.push_back(sql("{} ADD CONSTRAINT {} CHECK (NOT ({})) NOT VALID", alter_,
                               Ident{filled_.name}, Sql{left_out()}));
      undo.push_back(sql("{} DROP CONSTRAINT IF EXISTS {}", alter_, Ident{filled_.name}));
    }
    for (const ObjectId& id : columns_.fresh)
      undo.push_back(sql("{} DROP COLUMN {}", alter_, Ident{id.name}));
    const std::string fresh = listed(columns_.fresh), former = listed(columns_.former);
    Step step = catalog_step(
        ctx_, lead_, statements, exclusive_,
        columns_.both_ways()
            ? "New: " + fresh + " beside " + former +
                  ", and a trigger that carries what is written to either side over to the other. "
                  "The old application goes on as it is."
            : "New: " + fresh + " beside " + former +
                  ", and a trigger that carries what is written to " + former +
                  " over. The old application goes on as it is.");
    step.prelude = true;
    set_undo(step, undo);
    step.scaffold.push_back(child_id(Kind::Trigger, columns_.table, trigger().trigger_name()));
    append(step.scaffold, guard().triggers());
    if (!unguarded_over(columns_.fresh, ctx_.desired).empty())
      for (const ObjectId& index : unguarded_over(columns_.former, ctx_.live))
        tell_of_unguarded(step, index);
    step.agreements = counterpart_agreements(columns_, ctx_);
    for (const NotNullProof& proof : proofs_) step.scaffold.push_back(proof.id());
    if (proofs_.empty()) step.scaffold.push_back(filled_);
    for (const ObjectId& id : columns_.fresh) tell_of_new_column(step, id, add_column(id), ctx_);
    tell(step, fresh, former);
    return step;
  }

  void tell(Step& step, const std::string& fresh, const std::string& former) const {
    const std::string table = to_sql(qualified(columns_.table));
    add_note(step, Stage::Running,
             table + ": " + fresh + " need not be known; what is written to " + former +
                 " is carried over");
    add_note(step, Stage::Next,
             table + ": " + fresh +
                 " may be read and written, as every row has its value by then; " +
                 (columns_.both_ways()
                      ? "what is written there is carried back to " + listed(columns_.followers()) +
                            " for the old application"
                      : "the old application does not see what is written there (`-- aloft: "
                        "reverse COLUMN = EXPRESSION` would carry it back)"));
  }

  /// "a IS NULL AND b IS NULL" of the new columns.
  std::string empty() const {
    std::string all;
    for (const ObjectId& id : columns_.fresh)
      all += (all.empty() ? "" : " AND ") + quote_ident(id.name) + " IS NULL";
    return all;
  }

  /// The row has no new value, and the former ones give it one.
  std::string left_out() const {
    std::string nothing;
    for (const ObjectId& id : columns_.fresh)
      nothing += (nothing.empty() ? "" : " AND ") + value(id).text + " IS NULL";
    return empty() + " AND NOT (" + nothing + ")";
  }

  void fill(std::vector<Step>& steps) const {
    const bool given = std::ranges::any_of(
        columns_.fresh, [&](const ObjectId& id) { return !column(id).default_value.empty(); });
    for (const ObjectId& leaf : leaves(ctx_.live, columns_.table)) {
      Step step = batch_step(ctx_, lead_, leaf, assignments(), given ? empty() : left_out(),
                             "The rows that are there get their values, in batches that hold "
                             "nobody up.");
      step.prelude = true;
      steps.push_back(std::move(step));
    }
  }

  /// That the batches left no row out is a fact of the catalog, as it is with NOT NULL. Later the
  /// new application may take the values of a row away, so the check goes.
  std::vector<Step> prove_filled() const {
    std::vector<Step> steps = tree_proofs(lead_, filled_.name,
                                          "The server reads all rows and proves that none is left "
                                          "out, while others read and write.",
                                          ctx_);
    Step drop =
        catalog_step(ctx_, lead_, {sql("{} DROP CONSTRAINT {}", alter_, Ident{filled_.name})},
                     exclusive_, "That is proven: the check has done its work.");
    drop.phase = Phase::Backfill;
    drop.undone_by_others = true;
    steps.push_back(std::move(drop));
    return steps;
  }

  Step close() const {
    std::vector<Sql> statements{lock_exclusive({columns_.table})};
    append(statements, trigger().drop_sql());
    append(statements, guard().drop_sql());
    std::vector<Sql> undo;
    for (const ObjectId& id : columns_.fresh)
      if (const SqlText& given = column(id).default_value; !given.empty()) {
        statements.push_back(
            sql("{} ALTER COLUMN {} SET DEFAULT {}", alter_, Ident{id.name}, Sql{given.sql}));
        undo.push_back(sql("{} ALTER COLUMN {} DROP DEFAULT", alter_, Ident{id.name}));
      }
    for (const ObjectId& id : columns_.fresh)
      append(statements, descendant_columns_sql(id, column(id), ctx_));
    append(undo, counterpart_trigger_sql(columns_, ctx_));
    append(undo, guard().create_sql());
    // Nothing gives it a value any more, until it goes.
    for (const auto& [id, back] : columns_.back)
      if (const Column& live = ctx_.live.columns.at(id);
          live.not_null && live.identity == ' ' && !ctx_.desired.contains(id)) {
        append(statements, drop_not_null_sql(id, id.name, ctx_.live));
        undo.push_back(sql("{} ALTER COLUMN {} SET NOT NULL", alter_, Ident{id.name}));
      }
    const std::string fresh = listed(columns_.fresh), former = listed(columns_.former);
    Step step = catalog_step(ctx_, lead_, statements, exclusive_,
                             "Nothing is carried over between " + former + " and " + fresh +
                                 " any more: applications write the new columns alone.");
    step.phase = Phase::Contract;
    step.after_soak = true;
    step.proofs.push_back({trigger().is_on().text, "the trigger that carries what is written to " +
                                                       former + " over is there and enabled"});
    add_note(step, Stage::Contract,
             to_sql(qualified(columns_.table)) + ": what is written to " + former +
                 " no longer reaches " + fresh);
    set_undo(step, undo);
    return step;
  }

  /// Where both sides have unique keys, as applications of before and after go by.
  UpsertGuard guard() const {
    const bool keyed = !unique_over(columns_.fresh, ctx_.desired).empty();
    return {lead_, keyed ? unique_over(columns_.former, ctx_.live) : std::vector<ObjectId>{},
            ctx_.live};
  }

  SyncTrigger trigger() const { return counterpart_trigger(columns_); }

  const Counterparts& columns_;
  const PlanContext& ctx_;
  const ObjectId lead_, filled_;
  const Sql alter_;
  const Locks exclusive_;
  std::vector<NotNullProof> proofs_{};
};

}  // namespace

std::vector<Step> counterpart_steps(const Counterparts& columns, const PlanContext& ctx) {
  if (!columns.obstacle.empty())
    return {impossible_step(ctx, columns.fresh.front(), columns.obstacle)};
  return Carrying(columns, ctx).steps();
}

}  // namespace aloft
