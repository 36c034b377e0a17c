#include <algorithm>

#include "planner/emit/key_index.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/strategies/beside.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

bool is_primary(const Constraint& constraint) {
  return constraint.type == Constraint::Type::PrimaryKey;
}

/// ALTER TABLE ... ADD CONSTRAINT ... USING INDEX: for a moment under the lock.
Step adopt_step(const ObjectId& about, const ObjectId& table, const std::string& name,
                const std::string& index, const Constraint& constraint, const PlanContext& ctx) {
  const Sql alter = sql("ALTER TABLE {}", qualified(table));
  Step step = catalog_step(ctx, about,
                           {sql("{} {}", alter, Sql{using_index_clause(name, index, constraint)})},
                           {{table, LockLevel::AccessExclusive}},
                           "The index that is there becomes the constraint; no row is read.");
  // Where a partitioned table has taken it over, it has gone with that one's.
  set_undo(step, {sql("{} DROP CONSTRAINT IF EXISTS {}", alter, Ident{name})});
  return step;
}

/// The live index of the same name on the same table.
const Index* namesake(const ObjectId& id, const PlanContext& ctx) {
  return ctx.live.find<Index>(child_id(Kind::Index, relation_of(id), id.name));
}

bool can_become(const Index* index, const Constraint& constraint) {
  return index != nullptr && index->valid && index->parent.empty() &&
         is_index_of(constraint, *index) && index->options == constraint.options &&
         index->tablespace == constraint.tablespace;
}

/// Does the live index go with that of a partitioned table above, by name `top`?
bool goes_with(const ObjectId& index, const ObjectId& top, const PlanContext& ctx) {
  const Index* live = ctx.live.find<Index>(index);
  const Table* table = ctx.live.find<Table>(relation_of(index));
  if (live == nullptr || live->parent.empty() || table == nullptr) return index == top;
  const ObjectId above = table_id(table->partition_of.schema, table->partition_of.name);
  return goes_with(child_id(Kind::Index, above, live->parent.name), top, ctx);
}

Step in_the_way(const ObjectId& about, const ObjectId& index, const PlanContext& ctx) {
  return impossible_step(
      ctx, about,
      to_string(index) +
          " has the name of the new constraint and is part of "
          "the partitioned table's index: take that out of the files first, in a "
          "change of its own");
}

void plain_key(std::vector<Step>& steps, const ObjectId& about, const ObjectId& table,
               const std::string& name, const Constraint& constraint, const PlanContext& ctx) {
  const ObjectId id = child_id(Kind::Constraint, table, name);
  const Index* there = namesake(id, ctx);
  if (can_become(there, constraint)) {
    steps.push_back(adopt_step(about, table, name, name, constraint, ctx));
    return;
  }
  const ObjectId other = child_id(Kind::Index, table, name);
  if (there != nullptr && !there->parent.empty()) {
    steps.push_back(in_the_way(about, other, ctx));
    return;
  }
  const std::string index = there != nullptr ? beside_key(id, constraint, ctx).name : name;
  steps.push_back(key_index_step(about, table, index, constraint, ctx));
  if (there != nullptr) {
    steps.push_back(
        concurrent_drop_step(other, name, "The constraint's index takes its place.", ctx));
    set_undo(steps.back(), index_back_sql(other, *there));
  }
  steps.push_back(adopt_step(about, table, name, index, constraint, ctx));
}

/// The name that the files foresee for a leaf's share of a key, or else the usual one.
std::string share_name(const ObjectId& leaf, const Constraint& constraint, const PlanContext& ctx) {
  std::string name = suffixed(leaf.name, is_primary(constraint) ? "_pkey" : "_key");
  for_each_child<Constraint>(ctx.desired, leaf, [&](const ObjectId& c, const Constraint& share) {
    if (share.inherited && share.type == constraint.type && share.columns == constraint.columns)
      name = c.name;
  });
  return name;
}

/// Is there such a key, by whatever name, that the partitioned table's takes over?
bool has_key(const ObjectId& table, const Constraint& wanted, const Snapshot& side) {
  bool found = false;
  for_each_child<Constraint>(side, table, [&](const ObjectId&, const Constraint& key) {
    found |= key.type == wanted.type && key.columns == wanted.columns &&
             key.definition == wanted.definition;
  });
  return found;
}

/// Leaf by leaf, those that go too, as they hold rows until contract; then the partitioned table
/// adopts them without a build. An index of the partitioned table that has the key's name goes in
/// that last transaction, and with it its partitions' parts.
std::vector<Step> partitioned_key(const ObjectId& id, const Constraint& constraint,
                                  const PlanContext& ctx) {
  std::vector<Step> steps;
  std::vector<Sql> last;
  const ObjectId old = child_id(Kind::Index, relation_of(id), id.name);
  const bool crowded = namesake(id, ctx) != nullptr;
  if (crowded) last.push_back(sql("DROP INDEX {}", qualified(old)));
  for (const ObjectId& leaf : leaves(ctx.live, relation_of(id))) {
    const bool goes = !ctx.desired.contains(leaf);
    if (goes && has_key(leaf, constraint, ctx.live)) continue;
    const std::string name = goes ? name_on_going(id, leaf) : share_name(leaf, constraint, ctx);
    if (ctx.live.contains(child_id(Kind::Constraint, leaf, name))) continue;
    const Index* there = namesake(child_id(Kind::Constraint, leaf, name), ctx);
    if (!crowded || there == nullptr || there->parent.empty() ||
        !goes_with(child_id(Kind::Index, leaf, name), old, ctx)) {
      plain_key(steps, id, leaf, name, constraint, ctx);
      continue;
    }
    const std::string index =
        beside_key(child_id(Kind::Constraint, leaf, name), constraint, ctx).name;
    steps.push_back(key_index_step(id, leaf, index, constraint, ctx));
    last.push_back(sql("ALTER TABLE {} {}", qualified(leaf),
                       Sql{using_index_clause(name, index, constraint)}));
  }
  const Sql alter = sql("ALTER TABLE {}", relation_name(id));
  last.push_back(sql("{} ADD {}", alter, Sql{constraint_clause(id, constraint)}));
  Locks locks =
      on_tree(ctx, relation_of(id), crowded ? LockLevel::AccessExclusive : LockLevel::Share);
  locks.front().level = LockLevel::AccessExclusive;
  Step adopt =
      catalog_step(ctx, id, last, locks,
                   crowded ? "The partitioned table takes over its partitions' constraints, in the "
                             "place of its index, for a moment under a lock."
                           : "The partitioned table takes over its partitions' constraints.");
  if (!crowded) set_undo(adopt, {sql("{} DROP CONSTRAINT {}", alter, Ident{id.name})});
  steps.push_back(std::move(adopt));
  return steps;
}

}  // namespace

std::string using_index_clause(const std::string& name, const std::string& index,
                               const Constraint& constraint) {
  std::string text = "ADD CONSTRAINT " + quote_ident(name) +
                     (is_primary(constraint) ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX " +
                     quote_ident(index);
  if (constraint.deferrable) text += " DEFERRABLE";
  if (constraint.initially_deferred) text += " INITIALLY DEFERRED";
  return text;
}

Step key_index_step(const ObjectId& about, const ObjectId& table, const std::string& name,
                    const Constraint& constraint, const PlanContext& ctx) {
  Index index;
  index.unique = true;
  index.definition.sql =
      index_definition(key_index_text(constraint), constraint.options, constraint.tablespace);
  Step step = concurrent_build_step(child_id(Kind::Index, table, name), index, name,
                                    "The constraint's index is built while others read and write; "
                                    "it fails where a value is there "
                                    "twice.",
                                    ctx);
  step.object = about;
  step.source = ctx.sources.describe(ctx.desired.place_of(about));
  return step;
}

std::vector<Step> add_key_steps(const ObjectId& id, const Constraint& constraint,
                                const PlanContext& ctx) {
  const Table* table = ctx.live.find<Table>(relation_of(id));
  if (table != nullptr && !table->partition_key.empty())
    return partitioned_key(id, constraint, ctx);
  std::vector<Step> steps;
  plain_key(steps, id, relation_of(id), id.name, constraint, ctx);
  return steps;
}

}  // namespace aloft
