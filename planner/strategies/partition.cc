// Attaching and detaching partitions, and giving them other bounds, while others read and write
// (locks: the partitioned table only SHARE UPDATE EXCLUSIVE, for another bound ACCESS EXCLUSIVE).

#include <algorithm>

#include "planner/emit/key_index.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/order.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

Sql attach(const ObjectId& id, const Table& table) {
  return sql("ALTER TABLE {} ATTACH PARTITION {} {}", qualified(table.partition_of), qualified(id),
             Sql{table.partition_bound.sql});
}

/// A check of `table`, added without a scan and validated under a lock that stops nobody.
void prove(std::vector<Step>& steps, const ObjectId& about, const ObjectId& table,
           const std::string& name, const std::string& condition, const std::string& why,
           const PlanContext& ctx) {
  const Sql target = sql("ALTER TABLE {}", qualified(table));
  Step add = catalog_step(
      ctx, about,
      {sql("{} ADD CONSTRAINT {} CHECK ({}) NOT VALID", target, Ident{name}, Sql{condition})},
      {{table, LockLevel::AccessExclusive}}, why);
  set_undo(add, {sql("{} DROP CONSTRAINT IF EXISTS {}", target, Ident{name})});
  steps.push_back(std::move(add));
  steps.push_back(scan_step(ctx, about, sql("{} VALIDATE CONSTRAINT {}", target, Ident{name}),
                            table, {{table, LockLevel::ShareUpdateExclusive}},
                            "All rows are checked while others read and write."));
  steps.back().undone_by_others = true;
}

void drop_proof(std::vector<Step>& steps, const ObjectId& about, const ObjectId& table,
                const std::string& name, const PlanContext& ctx) {
  steps.push_back(catalog_step(
      ctx, about, {sql("ALTER TABLE {} DROP CONSTRAINT {}", qualified(table), Ident{name})},
      {{table, LockLevel::AccessExclusive}}, "The check has done its work."));
  steps.back().undone_by_others = true;
}

/// The type of the column that is the partition key; empty where it is not one column.
std::string key_type(const ObjectId& id, const Table& table, const PlanContext& ctx) {
  const std::vector<std::string> keys = key_items(table.partition_key.sql);
  const Column* column = nullptr;
  for_each_child<Column>(ctx.desired, id, [&](const ObjectId& c, const Column& found) {
    if (keys.size() == 1 && quote_ident(c.name) == keys.front()) column = &found;
  });
  return column == nullptr ? "" : column->type;
}

/// That a table's rows fit its bound, and that the default partition has none of them: proven by
/// checks beforehand, attaching scans neither under its lock.
class BoundProofs {
 public:
  BoundProofs(const ObjectId& id, const Table& table, const PlanContext& ctx) : id_(id), ctx_(ctx) {
    const ObjectId parent = table_id(table.partition_of.schema, table.partition_of.name);
    if (const Table* partitioned = ctx.desired.find<Table>(parent))
      condition_ = bound_condition(partitioned->partition_key.sql, table.partition_bound.sql,
                                   key_type(parent, *partitioned, ctx));
    const ObjectId other = default_partition(ctx.live, parent);
    // A default partition that is dropped, detached or this table itself is not asked.
    const Table* other_wanted = other == id ? nullptr : ctx.desired.find<Table>(other);
    if (table.partition_bound.sql != "DEFAULT" && other_wanted != nullptr &&
        other_wanted->partition_of == table.partition_of)
      other_ = other;
    has_rows_ = ctx.live.contains(id) && !is_fresh(ctx, id) && !size_of(ctx.facts, id).empty();
    other_has_rows_ = !other_.name.empty() && !size_of(ctx.facts, other_).empty();
  }

  void prove(std::vector<Step>& steps) const {
    if (proves_own())
      aloft::prove(steps, id_, id_, own_name(), condition_,
                   "A proof of the partition's bound, so that attaching it does not scan it.",
                   ctx_);
    if (proves_other())
      aloft::prove(steps, id_, other_, other_name(), "NOT (" + condition_ + ")",
                   "A proof that the default partition holds none of its rows, so that attaching "
                   "does not scan that. Until then such a row is refused.",
                   ctx_);
  }

  void drop(std::vector<Step>& steps) const {
    if (proves_own()) drop_proof(steps, id_, id_, own_name(), ctx_);
    if (proves_other()) drop_proof(steps, id_, other_, other_name(), ctx_);
  }

  /// Of the two tables, while the first is attached.
  Locks locks() const {
    return {{id_, LockLevel::AccessExclusive},
            {other_.name.empty() ? id_ : other_, LockLevel::AccessExclusive}};
  }

  /// Attaches; a step that scans where nothing could be proven.
  Step step(std::vector<Sql> statements, const Locks& locks, const std::string& why) const {
    const bool scans = (has_rows_ && !proves_own()) || (other_has_rows_ && !proves_other());
    return scans ? heavy_step(ctx_, id_, std::move(statements), has_rows_ ? id_ : other_, false,
                              locks, why)
                 : catalog_step(ctx_, id_, std::move(statements), locks, why);
  }

 private:
  bool proves_own() const { return has_rows_ && !condition_.empty(); }
  bool proves_other() const { return other_has_rows_ && !condition_.empty(); }
  std::string own_name() const { return suffixed(id_.name, "_bound"); }
  std::string other_name() const { return suffixed(id_.name, "_not_here"); }

  const ObjectId& id_;
  const PlanContext& ctx_;
  std::string condition_;  ///< what the bound says of a row; empty where it is not put so simply
  ObjectId other_;         ///< the default partition, if it is asked
  bool has_rows_ = false, other_has_rows_ = false;
};

/// Attaching takes the table's oldest index that fits, and one that is to stay apart would be it:
/// it becomes the attached one, and another is built under its name.
std::vector<Step> swap_index_steps(const ObjectId& id, const Index& wanted,
                                   const std::vector<ObjectId>& rivals, const PlanContext& ctx) {
  const ObjectId& rival = rivals.front();
  const Index* was = ctx.live.find<Index>(rival);
  const Index* stays = ctx.desired.find<Index>(rival);
  const auto dressed = [](const Index& index) {
    return !index.options.empty() || !index.tablespace.empty() || !index.comment.empty() ||
           !index.statistics.empty() || index.clustered;
  };
  const bool simple = rivals.size() == 1 && was != nullptr && stays != nullptr &&
                      was->definition == wanted.definition && was->unique == wanted.unique &&
                      was->valid && !dressed(*was) && !dressed(wanted);
  if (!simple)
    return {impossible_step(
        ctx, id,
        to_string(rival) + " is equal to it and older: attaching the table "
                           "would take that in its place; add it after the table is attached")};
  std::vector<Step> steps{catalog_step(
      ctx, id, {sql("ALTER INDEX {} RENAME TO {}", qualified(rival), Ident{id.name})},
      {index_lock(rival, LockLevel::ShareUpdateExclusive)},
      "Attaching the table takes its oldest index that fits; that gets the right name.")};
  set_undo(steps.front(), {sql("ALTER INDEX {} RENAME TO {}", qualified(id), Ident{rival.name})});
  append(steps, build_index_steps(rival, *stays, ctx));
  return steps;
}

/// What a table in use needs to be like its partitions-to-be siblings, made while others read and
/// write: attaching would make it under its lock, or refuse.
std::vector<Step> fit_steps(const ObjectId& id, const PlanContext& ctx) {
  std::vector<Step> steps;
  for_each_child<Constraint>(ctx.desired, id, [&](const ObjectId& c, const Constraint& wanted) {
    if (!wanted.inherited || ctx.live.contains(c)) return;
    Constraint alone = wanted;
    alone.inherited = false;
    append(steps, add_constraint_steps(c, alone, ctx));
  });
  for_each_child<Index>(ctx.desired, id, [&](const ObjectId& i, const Index& wanted) {
    if (wanted.parent.empty() || ctx.live.contains(i)) return;
    Index alone = wanted;
    alone.parent = {};
    const std::vector<ObjectId> rivals = rivals_of(i, wanted, ctx.desired);
    append(steps, rivals.empty() ? build_index_steps(i, alone, ctx)
                                 : swap_index_steps(i, alone, rivals, ctx));
  });
  return steps;
}

/// The name of the check that DETACH CONCURRENTLY leaves: <table>_<column>_check; empty where it
/// cannot be told.
std::string left_behind(const ObjectId& id, const ObjectId& parent, const PlanContext& ctx) {
  const Table* partitioned = ctx.live.find<Table>(parent);
  if (partitioned == nullptr || !partitioned->partition_of.empty()) return {};
  const std::vector<std::string> keys = key_items(partitioned->partition_key.sql);
  if (keys.size() != 1 || !ctx.live.contains(child_id(Kind::Column, id, keys.front()))) return {};
  const std::string name = id.name + "_" + keys.front() + "_check";
  const bool taken = ctx.live.contains(child_id(Kind::Constraint, id, name)) ||
                     ctx.desired.contains(child_id(Kind::Constraint, id, name));
  return taken || name.size() > 63 ? std::string() : name;
}

}  // namespace

std::vector<Step> attach_steps(const ObjectId& id, const Table& table, const PlanContext& ctx) {
  std::vector<Step> steps;
  const ObjectId parent = table_id(table.partition_of.schema, table.partition_of.name);
  const BoundProofs proofs(id, table, ctx);
  if (ctx.live.contains(id) && !is_fresh(ctx, id)) append(steps, fit_steps(id, ctx));
  proofs.prove(steps);
  Locks locks = proofs.locks();
  locks.insert(locks.begin(), {parent, LockLevel::ShareUpdateExclusive});
  Step step = proofs.step({attach(id, table)}, locks,
                          "The table becomes a partition; others go on using the rest.");
  set_undo(step, {sql("ALTER TABLE {} DETACH PARTITION {}", qualified(parent), qualified(id))});
  steps.push_back(std::move(step));
  proofs.drop(steps);
  return steps;
}

std::vector<Step> rebound_steps(const ObjectId& id, const Table& was, const Table& now,
                                const PlanContext& ctx) {
  std::vector<Step> steps;
  const ObjectId parent = table_id(now.partition_of.schema, now.partition_of.name);
  const Sql detach = sql("ALTER TABLE {} DETACH PARTITION {}", qualified(parent), qualified(id));
  const BoundProofs proofs(id, now, ctx);
  proofs.prove(steps);
  Locks locks = proofs.locks();
  locks.insert(locks.begin(), {parent, LockLevel::AccessExclusive});
  Step step = proofs.step({detach, attach(id, now)}, locks,
                          "The partition gets another bound: it leaves and comes back in one "
                          "transaction, so that its rows are seen throughout.");
  if (!bound_within(was.partition_bound.sql, now.partition_bound.sql))
    add_hazard(step, Hazard::AppBreaking,
               "writes of rows that the bound was for and is no longer fail where no other "
               "partition takes them");
  set_undo(step, {detach, attach(id, was)});
  steps.push_back(std::move(step));
  proofs.drop(steps);
  return steps;
}

std::vector<Step> detach_steps(const ObjectId& id, const Table& was, const PlanContext& ctx) {
  const ObjectId parent = table_id(was.partition_of.schema, was.partition_of.name);
  // A new default partition is there by then.
  const ObjectId there = default_partition(ctx.live, parent);
  const ObjectId other = there.name.empty() ? default_partition(ctx.desired, parent) : there;
  const Sql detach = sql("ALTER TABLE {} DETACH PARTITION {}", qualified(parent), qualified(id));
  // DETACH CONCURRENTLY leaves the bound behind as a check, under a name that is only known for a
  // key of one column; a table that is to be dropped may keep it.
  const bool stays = ctx.desired.contains(id);
  const std::string left = stays ? left_behind(id, parent, ctx) : std::string();
  Step step;
  if (other.name.empty() && (!stays || !left.empty())) {
    step = lone_step(
        ctx, id, Sql{detach.text + " CONCURRENTLY"},
        {.what = StepCheck::What::PartitionDetached, .schema = id.schema, .name = id.name},
        {{parent, LockLevel::ShareUpdateExclusive}, {id, LockLevel::AccessExclusive}},
        "The table leaves the partitioned table while others use that; it waits for "
        "every transaction that has used it.");
  } else {
    step = catalog_step(ctx, id, {detach},
                        {{parent, LockLevel::AccessExclusive},
                         {id, LockLevel::AccessExclusive},
                         {other, LockLevel::AccessExclusive}},
                        "The table leaves the partitioned table, for a moment under a lock.");
  }
  add_hazard(step, Hazard::AppBreaking,
             "its rows are no longer seen through " + to_sql(qualified(parent)));
  set_undo(step, {attach(id, was)});
  std::vector<Step> steps{std::move(step)};
  if (!steps.front().transactional && !left.empty())
    steps.push_back(catalog_step(
        ctx, id, {sql("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", qualified(id), Ident{left})},
        {{id, LockLevel::AccessExclusive}}, "Detaching has left its bound behind as a check."));
  return steps;
}

}  // namespace aloft
