#include "planner/emit/key_index.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/locks.h"
#include "planner/strategies/beside.h"
#include "planner/strategies/let_go.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

void add_extras(std::vector<Step>& steps, const ObjectId& id, const Index& index,
                const PlanContext& ctx) {
  const std::vector<Sql> extras = index_extras_sql(id, index);
  if (extras.empty()) return;
  steps.push_back(catalog_step(ctx, id, extras, extras_locks(id, index.clustered),
                               "Its comment and the like."));
  steps.back().undone_by_others = true;
}

}  // namespace

Step concurrent_build_step(const ObjectId& about, const Index& index, const std::string& name,
                           std::string why, const PlanContext& ctx) {
  const ObjectId relation = relation_of(about);
  Step step = lone_step(ctx, about, index_sql(about, index, name, true, false),
                        {.what = StepCheck::What::IndexValid, .schema = about.schema, .name = name},
                        {{relation, LockLevel::ShareUpdateExclusive}}, std::move(why));
  const TableSize size = size_of(ctx.facts, relation);
  step.scans = true;
  step.rows = size.rows;
  step.bytes = size.bytes;
  step.duration_ms = index_build_ms(size) * 3 / 2;
  set_undo(step, {sql("DROP INDEX CONCURRENTLY {}", QualifiedName{about.schema, name})});
  return step;
}

std::vector<Sql> index_back_sql(const ObjectId& id, const Index& was) {
  std::vector<Sql> statements{index_sql(id, was, id.name, true, false)};
  append(statements, index_extras_sql(id, was));
  return statements;
}

Step concurrent_drop_step(const ObjectId& about, const std::string& name, std::string why,
                          const PlanContext& ctx) {
  return lone_step(ctx, about, sql("DROP INDEX CONCURRENTLY {}", QualifiedName{about.schema, name}),
                   {.what = StepCheck::What::IndexGone, .schema = about.schema, .name = name},
                   {{relation_of(about), LockLevel::ShareUpdateExclusive}}, std::move(why));
}

namespace {

/// The indexes, and keys by theirs, that the files foresee for the partitions, attached to `id`.
std::vector<ObjectId> parts_of(const ObjectId& id, const PlanContext& ctx) {
  std::vector<ObjectId> parts;
  const Name name{id.schema, id.name};
  const auto add = [&](const ObjectId& part, const auto& object) {
    if (object.parent == name) parts.push_back(part);
  };
  for (const ObjectId& table : children(ctx.desired, relation_of(id))) {
    for_each_child<Index>(ctx.desired, table, add);
    for_each_child<Constraint>(ctx.desired, table, add);
  }
  return parts;
}

/// Is the partition made, attached or detached in this plan? Its index then comes with it.
bool comes_apart(const ObjectId& part, const PlanContext& ctx) {
  const Table* live = ctx.live.find<Table>(relation_of(part));
  const Table* wanted = ctx.desired.find<Table>(relation_of(part));
  return live == nullptr || wanted == nullptr || is_fresh(ctx, relation_of(part)) ||
         live->partition_of != wanted->partition_of;
}

void build_part(std::vector<Step>& steps, const ObjectId& part, bool attach,
                const PlanContext& ctx) {
  if (part.kind == Kind::Constraint) {  // made by its own action
    const Name& parent = ctx.desired.constraints.at(part).parent;
    if (attach) steps.push_back(attach_index_step(part, parent, ctx));
    return;
  }
  const Index& wanted = ctx.desired.indexes.at(part);
  const Index* live = ctx.live.find<Index>(part);
  Index alone = wanted;
  if (!attach) alone.parent = {};
  // One that was attached has gone with its partitioned index, which is made anew.
  if (live == nullptr || !live->parent.empty()) {
    append(steps, build_index_steps(part, alone, ctx));
    return;
  }
  if (live->definition != wanted.definition || live->unique != wanted.unique || !live->valid)
    append(steps, replace_index_steps(part, *live, wanted, ctx));
  if (attach) steps.push_back(attach_index_step(part, wanted.parent, ctx));
}

/// Until contract the partitions that go hold it too: else it is not valid, or they are written
/// their part of it under the lock of the whole.
void build_for_going(std::vector<Step>& steps, const ObjectId& id, const Index& index,
                     const PlanContext& ctx) {
  for (const ObjectId& leaf : going_leaves(ctx, relation_of(id))) {
    const std::string name = name_on_going(id, leaf);
    Index alone = index;
    alone.parent = {};
    Step step = concurrent_build_step(child_id(Kind::Index, leaf, name), alone, name,
                                      "Partition " + name_of(leaf) +
                                          " holds rows until contract: the index of the whole is "
                                          "to be valid before.",
                                      ctx);
    step.source = ctx.sources.describe(ctx.desired.place_of(id));
    step.scaffold = {step.object};
    steps.push_back(std::move(step));
  }
}

/// ON ONLY the partitioned table, then each partition's CONCURRENTLY, each attached. Where
/// partitions are made or go in this plan: the partitions' first, and then one that adopts whatever
/// is there.
std::vector<Step> partitioned_index_steps(const ObjectId& id, const Index& index,
                                          const PlanContext& ctx) {
  std::vector<ObjectId> here;
  bool some_apart = false;
  if (!index.only)
    for (const ObjectId& part : parts_of(id, ctx)) {
      if (comes_apart(part, ctx))
        some_apart = true;
      else
        here.push_back(part);
    }
  std::vector<Step> steps;
  if (!index.only) build_for_going(steps, id, index, ctx);
  // One without partitions of its own has no rows, and its part all the same.
  for (const ObjectId& table : descendants(ctx.live, relation_of(id)))
    some_apart |= !index.only && !ctx.desired.contains(table);
  if (some_apart)
    for (const ObjectId& part : here) build_part(steps, part, false, ctx);
  Step own = some_apart
                 ? catalog_step(ctx, id, {index_sql(id, index, id.name, false, false)},
                                on_tree(ctx, relation_of(id), LockLevel::Share),
                                "The partitioned table's index takes over those of its partitions.")
                 : catalog_step(ctx, id, {index_sql(id, index, id.name, false, true)},
                                {{relation_of(id), LockLevel::Share}},
                                "The partitioned table's own part of the index, without rows; its "
                                "partitions' indexes are built apart.");
  // PostgreSQL lets no part go but with the whole, and a partition's key not with an index.
  const std::vector<ObjectId> parts = parts_of(id, ctx);
  if (std::ranges::find(parts, Kind::Constraint, &ObjectId::kind) == parts.end())
    set_undo(own, {sql("DROP INDEX IF EXISTS {}", qualified(id))});
  steps.push_back(std::move(own));
  if (!some_apart)
    for (const ObjectId& part : here) build_part(steps, part, true, ctx);
  return steps;
}

}  // namespace

std::vector<Step> build_index_steps(const ObjectId& id, const Index& index,
                                    const PlanContext& ctx) {
  std::vector<Step> steps;
  if (is_partitioned(relation_of(id), ctx.desired)) {
    steps = partitioned_index_steps(id, index, ctx);
  } else {
    steps.push_back(concurrent_build_step(id, index, id.name,
                                          "A new index, built while others read and write.", ctx));
  }
  if (!index.parent.empty()) steps.push_back(attach_index_step(id, index.parent, ctx));
  add_extras(steps, id, index, ctx);
  return steps;
}

std::vector<Step> index_for_key_steps(const ObjectId& id, const Index& index,
                                      const PlanContext& ctx) {
  std::vector<Step> steps;
  std::vector<Sql> last{sql("ALTER TABLE {} DROP CONSTRAINT {}", relation_name(id), Ident{id.name}),
                        index_sql(id, index, id.name, false, true)};
  for (const ObjectId& part : parts_of(id, ctx)) {
    if (part.kind != Kind::Index || is_partitioned(relation_of(part), ctx.desired) ||
        comes_apart(part, ctx))
      return {impossible_step(ctx, id,
                              "it takes the place of a key of its name while " + to_string(part) +
                                  " is to be part of it: give it another name")};
    const ObjectId key = child_id(Kind::Constraint, relation_of(part), part.name);
    const bool crowded = ctx.live.contains(key) || ctx.live.contains(part);
    Index alone = ctx.desired.indexes.at(part);
    alone.parent = {};
    const std::string name = crowded ? beside(part, alone, ctx).name : part.name;
    steps.push_back(concurrent_build_step(part, alone, name,
                                          "A new index, built while others read and write.", ctx));
    if (crowded)
      last.push_back(
          sql("ALTER INDEX {} RENAME TO {}", QualifiedName{part.schema, name}, Ident{part.name}));
    last.push_back(sql("ALTER INDEX {} ATTACH PARTITION {}", qualified(id), qualified(part)));
    append(last, index_extras_sql(part, ctx.desired.indexes.at(part)));
  }
  append(last, index_extras_sql(id, index));
  steps.push_back(catalog_step(ctx, id, last,
                               on_tree(ctx, relation_of(id), LockLevel::AccessExclusive),
                               "The index takes the name of the constraint that goes."));
  return steps;
}

std::vector<Step> replace_index_steps(const ObjectId& id, const Index& from, const Index& to,
                                      const PlanContext& ctx) {
  std::vector<Step> steps;
  if (!from.valid) {
    steps.push_back(concurrent_drop_step(
        id, id.name, "What is left of a build that did not end goes first.", ctx));
    append(steps, build_index_steps(id, to, ctx));
    return steps;
  }
  const std::string other = beside(id, to, ctx).name;
  steps.push_back(concurrent_build_step(
      id, to, other, "The new index is built beside the old one, which serves on.", ctx));
  steps.push_back(
      concurrent_drop_step(id, id.name, "The new index is there: the old one goes.", ctx));
  set_undo(steps.back(), index_back_sql(id, from));
  const bool serves = over_going_column(relation_of(id), from.columns, ctx);
  if (!serves) tell_of_lost_key(steps.back(), id, from, ctx);
  Step rename = catalog_step(
      ctx, id,
      {sql("ALTER INDEX {} RENAME TO {}", QualifiedName{id.schema, other}, Ident{id.name})},
      {index_lock(id, LockLevel::ShareUpdateExclusive)}, "The new index gets the old one's name.");
  set_undo(rename, {sql("ALTER INDEX {} RENAME TO {}", qualified(id), Ident{other})});
  steps.push_back(std::move(rename));
  add_extras(steps, id, to, ctx);
  if (serves) take_place_after_soak(steps, child_id(Kind::Index, relation_of(id), other));
  return steps;
}

}  // namespace aloft
