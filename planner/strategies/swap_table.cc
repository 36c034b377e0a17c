#include "planner/strategies/swap_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/locks.h"
#include "planner/strategies/strategies.h"
#include "planner/strategies/swap_parts.h"
#include "planner/strategies/swap_referring.h"
#include "planner/strategies/swap_tree.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

/// "about 120 MB": what the second table takes until the first one goes.
std::string disk_words(const TableSize& size) {
  const std::int64_t bytes = size.bytes + size.index_bytes;
  if (!size.known || bytes < 0) return "as much disk as the table has now";
  return fmt::format("about {} MB of disk", (bytes + (1 << 20) - 1) >> 20);
}

/// All up to the cut-over.
class Copying : SwapParts {
 public:
  using SwapParts::SwapParts;

  std::vector<Step> steps() const {
    std::vector<Step> steps{make()};
    if (tree()) append(steps, follow_as_tree());
    steps.push_back(fill());
    for (const SwapIndex& index : new_indexes())
      if (index.id.kind == Kind::Index && !tree()) steps.push_back(build(index));
    for (const ObjectId& key : foreign_keys())
      if (!tree()) append(steps, copies_of(key));
    steps.push_back(prove(Phase::Backfill,
                          "The server compares all rows of the two tables, while others read and "
                          "write."));
    steps.push_back(prove(Phase::Contract,
                          "The server compares them once more, as the run may have waited for "
                          "long."));
    append(steps, referring_copy_steps(about_, table_, copy_, ctx_));
    append(steps, swap_cut_over_steps(about_, ctx_));
    return steps;
  }

 private:
  /// The second table; and its triggers, where nothing has to come between.
  Step make() const {
    const Snapshot side = copy_side();
    const PlanContext made{ctx_.live,    side,         ctx_.facts,
                           ctx_.options, ctx_.sources, ctx_.search_path};
    std::vector<Sql> statements =
        create_table_sql({.id = copy_}, side.tables.at(copy_), made, false);
    if (tree()) append(statements, create_tree_sql(copy_, made));
    if (needs_witness()) {
      statements.push_back(sql("CREATE UNLOGGED TABLE {} (copied boolean)", witness_));
      statements.push_back(sql("INSERT INTO {} VALUES (true)", witness_));
    }
    std::vector<Sql> undo;
    if (!tree()) {
      append(statements, forward().create_sql(ctx_));
      undo = forward().drop_sql();
    }
    Step step = catalog_step(
        ctx_, about_, statements, tree() ? Locks{} : Locks{{table_, LockLevel::ShareRowExclusive}},
        tree() ? "A second table with the partitions that the files say, beside " +
                     name_of(table_) + ": nobody uses it yet."
               : "A second table as the files say it, beside " + name_of(table_) +
                     ": triggers carry every write over to it from now on, in the same "
                     "transaction; the running application goes on as it is.");
    step.prelude = true;
    step.scaffold = partitions_of(side, copy_);
    step.scaffold.push_back(copy_);
    undo.push_back(sql("DROP TABLE {}", qualified(copy_)));
    if (needs_witness()) undo.push_back(sql("DROP TABLE {}", witness_));
    set_undo(step, undo);
    if (!tree()) say_followed(step);
    for (const ObjectId& column : new_columns())
      add_note(step, Stage::Next, name_of(column) + ": is not there before contract");
    return step;
  }

  void say_followed(Step& step) const {
    append(step.scaffold, forward().objects());
    step.agreements = {forward().agreement()};
    add_note(
        step, Stage::Running,
        name_of(table_) +
            ": is written as before; in REPEATABLE READ a write that fails with 40001 is tried "
            "again");
    if (const std::string list = new_exclusions(); !list.empty())
      add_note(step, Stage::Running,
               name_of(table_) + ": a row that " + list + " does not let in is refused");
  }

  /// The exclusion constraints that the table does not have yet.
  std::string new_exclusions() const {
    std::string list;
    for_each_child<Constraint>(ctx_.desired, table_, [&](const ObjectId& id, const Constraint& c) {
      if (c.type == Constraint::Type::Exclusion && !ctx_.live.contains(id))
        list += (list.empty() ? "" : ", ") + quote_ident(id.name);
    });
    return list;
  }

  /// Before the first write is carried over: the foreign keys, which a table with partitions cannot
  /// have NOT VALID (before PostgreSQL 18), while there is no row to check; and that there is a
  /// partition for every row.
  std::vector<Step> follow_as_tree() const {
    const bool whole = takes_every_row(ctx_.desired, table_);
    std::vector<Step> steps;
    for (const ObjectId& key : foreign_keys()) append(steps, copies_of(key));
    if (!whole)
      steps.push_back(scan_step(ctx_, about_, refuse_rows_beyond(table_, copy_), table_,
                                {{table_, LockLevel::AccessShare}},
                                "There is a partition for every row, or the run ends here: the "
                                "server reads all rows, while others read and write."));
    Step step = catalog_step(ctx_, about_, forward().create_sql(ctx_),
                             {{table_, LockLevel::ShareRowExclusive}},
                             "Triggers carry every write over to the second table from now on, in "
                             "the same transaction; the running application goes on as it is.");
    set_undo(step, forward().drop_sql());
    say_followed(step);
    if (!whole) {
      add_hazard(step, Hazard::AppBreaking,
                 "from here on a write of a row that is in none of the partitions fails: the files "
                 "say no DEFAULT partition");
      add_note(step, Stage::Running,
               name_of(table_) + ": a row that is in none of the partitions is refused");
    }
    steps.push_back(std::move(step));
    for (Step& each : steps) {
      each.phase = Phase::Expand;
      each.prelude = true;
      each.undone_by_others = each.undo.empty();
    }
    return steps;
  }

  Step fill() const {
    Step step = in_batches(
        ctx_, about_, table_, forward().copy_sql(), LockLevel::RowShare,
        "The rows that are there are copied, in batches that hold nobody up. Until contract the "
        "second table takes " +
            disk_words(size_of(ctx_.facts, table_)) + ".");
    if (const std::string list = new_exclusions(); !list.empty())
      step.why += " It ends here where " + list + " does not let two of them be.";
    step.prelude = true;
    return step;
  }

  Step build(const SwapIndex& index) const {
    const Index& wanted = ctx_.desired.indexes.at(index.id);
    Step step =
        concurrent_build_step(child_id(Kind::Index, copy_, index.aside), wanted, index.aside,
                              "Index " + quote_ident(index.id.name) +
                                  " of the second table, built while others read and "
                                  "write.",
                              ctx_);
    const TableSize size = size_of(ctx_.facts, table_);
    step.object = about_;
    step.source = ctx_.sources.describe(ctx_.desired.place_of(index.id));
    step.rows = size.rows;
    step.bytes = size.bytes;
    step.duration_ms = index_build_ms(size) * 3 / 2;
    step.phase = Phase::Backfill;
    step.prelude = true;
    return step;
  }

  /// Both tables have it until the first one goes: what the one deletes or clears along, so does
  /// the other.
  std::vector<Step> copies_of(const ObjectId& key) const {
    const Constraint& wanted = ctx_.desired.constraints.at(key);
    const ObjectId copy = child_id(Kind::Constraint, copy_, key.name), there = referenced_by(key);
    const Sql alter = sql("ALTER TABLE {}", qualified(copy_));
    std::vector<Sql> statements{
        sql("LOCK TABLE {}, {} IN SHARE ROW EXCLUSIVE MODE", qualified(there), qualified(copy_)),
        sql("{} ADD {}{}", alter, Sql{constraint_clause(copy, wanted)},
            Sql{tree() ? "" : " NOT VALID"})};
    append(statements, constraint_extras_sql(copy, wanted));
    Step add = catalog_step(ctx_, about_, statements, {{there, LockLevel::ShareRowExclusive}},
                            "Foreign key " + quote_ident(key.name) +
                                (tree() ? " of the second table, which has no rows yet."
                                        : " of the second table; rows are read next."));
    set_undo(add, {lock_exclusive({there, copy_}),
                   sql("{} DROP CONSTRAINT IF EXISTS {}", alter, Ident{key.name})});
    if (tree()) return {add};
    Step validate = validate_step(copy, key.name, wanted, ctx_);
    const TableSize size = size_of(ctx_.facts, table_);
    validate.rows = size.rows;
    validate.bytes = size.bytes;
    validate.duration_ms = scan_ms(size);
    validate.undone_by_others = true;
    validate.object = about_;
    validate.source = add.source;
    add.phase = validate.phase = Phase::Backfill;
    add.prelude = validate.prelude = true;
    return {add, validate};
  }

  Step prove(Phase phase, std::string why) const {
    Step step = scan_step(ctx_, about_,
                          compare(forward(), "the second table of " + name_of(table_) +
                                                 " does not hold the same rows"),
                          table_, {{table_, LockLevel::AccessShare}}, std::move(why));
    step.sql.push_back(to_sql(sql("ANALYZE {}", qualified(copy_))));
    step.duration_ms *= 3;  // two scans and a join
    step.phase = phase;
    step.undone_by_others = true;
    step.prelude = phase == Phase::Backfill;
    return step;
  }
};

}  // namespace

std::vector<std::pair<ObjectId, ObjectId>> swap_links(const TableSwaps& swaps) {
  std::vector<std::pair<ObjectId, ObjectId>> pairs;
  for (const auto& [table, swap] : swaps)
    for (const ObjectId& change : swap.changes)
      if (swap.obstacle.empty() && change.kind != Kind::Index && change != swap.lead)
        pairs.emplace_back(change, swap.lead);
  return pairs;
}

const TableSwap* swap_for(const ObjectId& id, const PlanContext& ctx) {
  if (ctx.swaps == nullptr || ctx.swaps->empty()) return nullptr;
  auto it = ctx.swaps->find(relation_of(id));
  if (it == ctx.swaps->end()) it = ctx.swaps->find(top_of(id, ctx.desired));
  if (it == ctx.swaps->end()) return nullptr;
  const auto& changes = it->second.changes;
  return std::ranges::binary_search(changes, id) ? &it->second : nullptr;
}

std::vector<Step> swap_steps(const ObjectId& about, const PlanContext& ctx) {
  return Copying(about, ctx).steps();
}

}  // namespace aloft
