#include "planner/strategies/fill_column.h"

#include "planner/emit/column_sql.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/locks.h"
#include "planner/publications.h"
#include "planner/strategies/not_null_proof.h"
#include "planner/strategies/strategies.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

/// Is it the next number of a sequence, and nothing else?
bool draws_number(const std::string& expression) {
  constexpr std::string_view kStart = "nextval('";
  return expression.starts_with(kStart) &&
         expression.find('(', kStart.size()) == std::string::npos &&
         expression.find(')') == expression.size() - 1;
}

/// A column that is filled, and what stands around it for the time. A trigger makes sure that a row
/// which is not filled yet may be written for another reason, and that its new version, which may
/// lie where the batches have been, is filled too.
class Filling {
 public:
  /// `value`: the files' expression for rows without one; empty: the column's default, which new
  /// rows have by themselves.
  Filling(const ObjectId& id, const Column& column, const std::string& value,
          const PlanContext& ctx)
      : id_(id),
        column_(column),
        drawn_(value.empty()),
        value_(drawn_ ? column.default_value.sql : value),
        ctx_(ctx),
        table_(relation_of(id)),
        proof_(id, ctx),
        exclusive_(on_tree(ctx, table_, LockLevel::AccessExclusive)) {}

  /// New and changed rows get values from now on. `before`: what makes the column.
  Step open(std::vector<Sql> before, const std::string& what) const {
    if (!drawn_) before.push_back(explain_sql(table_, assignment()));
    append(before, filler().create_sql(ctx_));
    if (column_.not_null) before.push_back(proof_.add_sql());
    Step step = catalog_step(ctx_, id_, before, exclusive_, what);
    step.prelude = true;
    std::vector<Sql> undo = filler().lock_and_drop_sql();
    step.scaffold.push_back(child_id(Kind::Trigger, table_, filler().trigger_name()));
    if (column_.not_null) {
      undo.push_back(proof_.drop_sql());
      step.scaffold.push_back(proof_.id());
    }
    set_undo(step, undo);
    if (const ObjectId sequence = nextval_sequence(value_);
        !sequence.name.empty() && !filler().as_owner)
      add_hazard(
          step, Hazard::AppBreaking,
          "who updates a row needs USAGE on " + name_of(sequence) + " until all have a value");
    return step;
  }

  void fill(std::vector<Step>& steps) const {
    for (const ObjectId& leaf : leaves(ctx_.live, table_)) {
      Step step = batch_step(ctx_, id_, leaf, assignment(), quote_ident(id_.name) + " IS NULL",
                             "Rows without a value get one, in batches that hold nobody up.");
      step.prelude = true;
      steps.push_back(std::move(step));
    }
  }

  void prove(std::vector<Step>& steps) const {
    if (column_.not_null) append(steps, proof_.steps());
  }

  void close(std::vector<Step>& steps) const {
    std::vector<Sql> statements{lock_exclusive({table_})};
    append(statements, filler().drop_sql());
    Step step = catalog_step(ctx_, id_, statements, exclusive_,
                             drawn_ ? "Every row has its value: nothing fills it in any more."
                                    : "Applications give the value themselves now: nothing fills "
                                      "it in any more.");
    if (drawn_) {
      step.phase = Phase::Backfill;
      step.undone_by_others = true;
    } else {
      step.phase = Phase::Contract;
      step.after_soak = true;
      add_note(step, Stage::Next, name_of(id_) + ": gives each row that it writes its own value");
      add_note(step, Stage::Contract,
               name_of(id_) + ": is no longer filled in for who leaves it out");
      set_undo(step, filler().create_sql(ctx_));
    }
    steps.push_back(std::move(step));
  }

 private:
  Sql assignment() const {
    const Ident name{id_.name};
    return drawn_ ? sql("{} = DEFAULT", name) : sql("{} = ({})", name, Sql{value_});
  }

  /// Who only changes rows need have no rights on the sequence that numbers them.
  SyncTrigger filler() const {
    return {.column = id_,
            .name = "fill_" + run_mark(id_),
            .value = value_,
            .when = "NEW." + quote_ident(id_.name) + " IS NULL",
            .as_owner = drawn_ && draws_number(value_)};
  }

  const ObjectId& id_;
  const Column& column_;
  const bool drawn_;
  const std::string value_;
  const PlanContext& ctx_;
  const ObjectId table_;
  const NotNullProof proof_;
  const Locks exclusive_;
};

/// What the files say as the value of a new column's rows; empty for nothing. What a `using` reads
/// and is not there is of a column whose type changed, in a later version than the database's.
std::string filled_with(const Column& column) {
  if (!column.said->fill.empty()) return column.said->fill.sql;
  return column.said->reads.empty() ? column.said->new_value.sql : "";
}

}  // namespace

std::vector<Step> fill_not_null_steps(const ObjectId& id, const Column& column,
                                      const PlanContext& ctx) {
  if (const std::string why = update_obstacle(relation_of(id), ctx); !why.empty())
    return {impossible_step(ctx, id, why)};
  const Filling filling(id, column, column.said->fill.sql, ctx);
  std::vector<Step> steps{filling.open(
      {},
      "Rows written from now on get the value that the files give where an application leaves it "
      "out; the old application goes on as it is.")};
  add_note(steps.front(), Stage::Running,
           name_of(id) + ": may be left out or NULL; such rows get their value as the files say");
  filling.fill(steps);
  filling.prove(steps);
  filling.close(steps);
  return steps;
}

const std::string& value_said(const Column& column) {
  return column.said->new_value.empty() ? column.said->fill.sql : column.said->new_value.sql;
}

std::string fill_obstacle(const ObjectId& id, const Column& column, const PlanContext& ctx) {
  const std::string cannot = "its rows cannot get the value that the files give them: ";
  if (column.generated != ' ' || column.identity != ' ')
    return cannot + "the server itself gives it its values";
  if (column.said->in_place) return cannot + "the directive `in place` rules out batches";
  if (!fills_in_batches(ctx, relation_of(id)))
    return cannot + "other tables inherit from " + to_sql(relation_name(id));
  return update_obstacle(relation_of(id), ctx);
}

bool fills_new_column(const ObjectId& id, const Column& column, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  if (is_fresh(ctx, table)) return false;
  // A fill expression is not what ADD COLUMN could do, however small the table.
  if (!filled_with(column).empty()) return true;
  if (column.said->in_place || column.generated != ' ' || column.identity != ' ') return false;
  return fills_in_batches(ctx, table) && !column.default_value.empty() &&
         is_volatile(column.default_value.sql, ctx.desired) &&
         !is_constrained_domain(column.type, ctx.desired) &&
         !is_moment(ctx, table, rewrite_ms(tree_size(ctx, table)));
}

std::vector<Step> fill_new_column_steps(const ObjectId& id, const Column& column,
                                        const PlanContext& ctx) {
  if (const std::string why = fill_obstacle(id, column, ctx); !why.empty())
    return {impossible_step(ctx, id, why)};
  const Filling filling(id, column, filled_with(column), ctx);
  const Sql alter = sql("ALTER TABLE {}", relation_name(id));
  Column bare = column;
  bare.default_value = {};
  std::vector<Sql> statements{
      sql("{} ADD COLUMN {}", alter, Sql{column_definition(id, bare, false)})};
  append(statements, column_extras_sql(id, column, has_children(ctx, relation_of(id)), ctx));
  append(statements, owned_by_sql(ctx, id));
  if (!column.default_value.empty())
    statements.push_back(sql("{} ALTER COLUMN {} SET DEFAULT {}", alter, Ident{id.name},
                             Sql{column.default_value.sql}));
  append(statements, descendant_columns_sql(id, column, ctx));
  Step open = filling.open(
      statements,
      "A new column, empty at first: new rows get their value, those that are there are "
      "filled next. The old application goes on as it is.");
  tell_of_new_column(open, id, statements.front(), ctx);
  std::vector<Sql> undo;
  for (const std::string& statement : open.undo) undo.push_back(Sql{statement});
  undo.push_back(sql("{} DROP COLUMN {}", alter, Ident{id.name}));
  set_undo(open, undo);
  add_note(open, Stage::Running,
           name_of(id) + ": need not be known; rows without it get their value");
  add_note(open, Stage::Next, name_of(id) + ": may be used, as every row has its value by then");
  std::vector<Step> steps{std::move(open)};
  filling.fill(steps);
  filling.prove(steps);
  filling.close(steps);
  return steps;
}

}  // namespace aloft
