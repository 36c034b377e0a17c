// swap_cut_over_steps(): the second table takes the place of the first one.

#include "planner/emit/column_sql.h"
#include "planner/emit/emit.h"
#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/shadow_numbers.h"
#include "planner/strategies/swap_parts.h"
#include "planner/strategies/swap_referring.h"

namespace aloft {
namespace {

class SwapCutOver : SwapParts {
 public:
  using SwapParts::SwapParts;

  std::vector<Step> steps() const {
    std::vector<Step> steps{cut_over()};
    append(steps, close());
    return steps;
  }

 private:
  std::vector<Proof> proofs() const {
    const std::string table = to_sql(qualified(table_));
    std::vector<Proof> proofs{
        {forward().is_on().text,
         "the triggers that keep the second table of " + table + " equal are there and enabled"}};
    if (needs_witness())
      proofs.push_back({no_crash().text,
                        "no crash of the server has emptied an unlogged table "
                        "since the second table of " +
                            table + " was made"});
    for (const SwapIndex& index : new_indexes())
      proofs.push_back({sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indexrelid = "
                            "pg_catalog.to_regclass({}) AND indisvalid)",
                            Literal{quote_qualified(table_.schema, index.aside)})
                            .text,
                        "index " + index.aside + " is there and valid"});
    for (const ObjectId& key : foreign_keys())
      proofs.push_back({sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                            "{}::pg_catalog.regclass AND conname = {} AND convalidated)",
                            Literal{to_sql(qualified(copy_))}, Literal{key.name})
                            .text,
                        "foreign key " + key.name + " of the second table is there and valid"});
    append(proofs, referring_proofs(table_, ctx_));
    return proofs;
  }

  /// Where the identity's numbers go on is kept in a setting of the transaction in between.
  void move_numbers_out(std::vector<Sql>& statements) const {
    const ObjectId column = identity_column();
    if (!column.name.empty()) {
      Column only;
      only.identity = ctx_.live.columns.at(column).identity;
      append(statements, let_go_of_numbers(column, only, "", ctx_));
    }
    append(statements, sequences_to(copy_));
  }

  void move_numbers_in(std::vector<Sql>& statements) const {
    const ObjectId column = identity_column();
    if (column.name.empty()) return;
    Column only = ctx_.desired.columns.at(column);
    only.default_value = {};
    append(statements, take_over_numbers(column, only));
  }

  /// What the application's triggers do is done once: by those of the table that it writes. Until
  /// it is that, the second table has row level security and no policy, so that it shows no rows.
  void move_triggers_and_policies(std::vector<Sql>& statements) const {
    for_each_child<Trigger>(ctx_.live, table_, [&](const ObjectId& id, const Trigger&) {
      statements.push_back(
          sql("ALTER TABLE {} DISABLE TRIGGER {}", qualified(old_), Ident{id.name}));
    });
    const auto make = [&](const ObjectId& id, const auto& wanted) {
      for (const Step& step : create_steps({.id = id}, wanted, ctx_))
        for (const std::string& statement : step.sql) statements.push_back(Sql{statement});
    };
    for_each_child<Trigger>(ctx_.desired, table_, make);
    for_each_child<Policy>(ctx_.desired, table_, make);
  }

  Step cut_over() const {
    const auto rename = [](const ObjectId& from, const ObjectId& to) {
      return sql("ALTER TABLE {} RENAME TO {}", qualified(from), Ident{to.name});
    };
    std::vector<Sql> statements = replace_views();
    statements.push_back(lock_exclusive(with_referring({table_, copy_})));
    append(statements, forward().drop_sql());
    append(statements, referring_exchange(table_, false, ctx_));
    move_numbers_out(statements);
    append(statements, rename_indexes(table_, old_indexes(), true));
    append(statements, rename_indexes(copy_, new_indexes(), false));
    statements.push_back(rename(table_, old_));
    statements.push_back(rename(copy_, table_));
    move_numbers_in(statements);
    if (!tree())
      for_each_child<Index>(ctx_.desired, table_, [&](const ObjectId& id, const Index& index) {
        append(statements, index_extras_sql(id, index));
      });
    move_triggers_and_policies(statements);
    append(statements, replace_views());
    append(statements, backward().create_sql(ctx_));
    Locks locks;
    for (const ObjectId& view : views()) locks.push_back({view, LockLevel::AccessExclusive});
    for (const ObjectId& table : with_referring({table_}))
      locks.push_back({table, LockLevel::AccessExclusive});
    Step step = catalog_step(
        ctx_, about_, statements, locks,
        "The cut-over of " + name_of(table_) +
            ": the second table takes the first one's name, indexes, numbers and triggers, in one "
            "moment. The first one is kept up, so that there is a way back.");
    step.phase = Phase::Contract;
    step.proofs = proofs();
    step.scaffold = backward().objects();
    step.agreements = {backward().agreement()};
    step.scaffold.push_back(old_);
    set_undo(step, swap_way_back(about_, ctx_));
    add_note(
        step, Stage::Contract,
        name_of(table_) +
            ": a transaction in REPEATABLE READ that is older than the copies of its rows does "
            "not see them");
    for (const ObjectId& column : new_columns())
      add_note(step, Stage::Contract, name_of(column) + ": is there, the last of its table");
    if (tree()) say_lost_keys(step);
    return step;
  }

  /// What was unique by fewer columns than a table with partitions can have a key of.
  void say_lost_keys(Step& step) const {
    const auto keys = unique_columns(ctx_.desired, table_);
    for (const auto& columns : unique_columns(ctx_.live, table_)) {
      if (keys.contains(columns)) continue;
      const std::string list = "(" + ident_list(columns).text + ")";
      add_hazard(step, Hazard::AppBreaking,
                 list + " alone is no key of " + name_of(table_) + " any more: ON CONFLICT " +
                     list + " fails; until the first table goes it still refuses two such rows");
      add_note(step, Stage::Contract, name_of(table_) + ": has no key " + list + " alone any more");
    }
  }

  /// The first table is emptied before it goes: what no longer follows must not hold rows that it
  /// refers to. A foreign key cannot go without a lock on the table that it refers to, which
  /// writers of both would meet in either order; nobody writes the first table by then.
  std::vector<Step> close() const {
    std::vector<Sql> stop{lock_exclusive({table_, old_})};
    append(stop, backward().drop_sql());
    stop.push_back(sql("TRUNCATE {}", qualified(old_)));
    Locks locks;
    std::vector<ObjectId> locked;
    for (const ObjectId& key : foreign_keys()) {
      locked.push_back(referenced_by(key));
      locks.push_back({locked.back(), LockLevel::AccessExclusive});
    }
    locked.push_back(old_);
    std::vector<Sql> drop{lock_exclusive(locked), sql("DROP TABLE {}", qualified(old_))};
    if (needs_witness()) drop.push_back(sql("DROP TABLE {}", witness_));
    std::vector<Step> steps{
        catalog_step(ctx_, about_, stop, {{table_, LockLevel::AccessExclusive}},
                     "The first table of " + name_of(table_) +
                         " is no longer kept up. From here on there is no way back without a new "
                         "plan."),
        catalog_step(ctx_, about_, drop, locks, "The first table goes.")};
    for (Step& step : steps) {
      step.phase = Phase::Contract;
      step.after_soak = true;
    }
    return steps;
  }
};

}  // namespace

std::vector<Step> swap_cut_over_steps(const ObjectId& about, const PlanContext& ctx) {
  return SwapCutOver(about, ctx).steps();
}

}  // namespace aloft
