#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

bool is_partitioned(const ObjectId& table, const PlanContext& ctx) {
  const Table* found = ctx.desired.find<Table>(table);
  return found != nullptr && !found->partition_key.empty();
}

Step attach_index_step(const ObjectId& id, const Index& index, const PlanContext& ctx) {
  Locks locks{{relation_of(id), LockLevel::AccessExclusive}};
  return catalog_step(
      ctx, id,
      {sql("ALTER INDEX {} ATTACH PARTITION {}", qualified(index.parent), qualified(id))}, locks,
      "The partitioned table's index takes it over; with its last one that becomes valid.");
}

void add_extras(std::vector<Step>& steps, const ObjectId& id, const Index& index,
                const PlanContext& ctx) {
  const std::vector<Sql> extras = index_extras_sql(id, index);
  if (!extras.empty())
    steps.push_back(catalog_step(ctx, id, extras,
                                 extras_locks(id, index.clustered),
                                 "Its comment and the like."));
}

}  // namespace

Step concurrent_build_step(const ObjectId& about, const Index& index, const std::string& name,
                           std::string why, const PlanContext& ctx) {
  const ObjectId relation = relation_of(about);
  Step step = lone_step(
      ctx, about, index_sql(about, index, name, true, false),
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

Step concurrent_drop_step(const ObjectId& about, const std::string& name, std::string why,
                          const PlanContext& ctx) {
  return lone_step(ctx, about,
                   sql("DROP INDEX CONCURRENTLY {}", QualifiedName{about.schema, name}),
                   {.what = StepCheck::What::IndexGone, .schema = about.schema, .name = name},
                   {{relation_of(about), LockLevel::ShareUpdateExclusive}}, std::move(why));
}

namespace {

/// The indexes that the files foresee for the partitions, those that are attached to `id`.
std::vector<ObjectId> parts_of(const ObjectId& id, const PlanContext& ctx) {
  std::vector<ObjectId> parts;
  for (const ObjectId& table : children(ctx.desired, relation_of(id)))
    for_each_child<Index>(ctx.desired, table, [&](const ObjectId& part, const Index& index) {
      if (index.parent == Name{id.schema, id.name}) parts.push_back(part);
    });
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
  if (attach) steps.push_back(attach_index_step(part, wanted, ctx));
}

/// ON ONLY the partitioned table, then each partition's CONCURRENTLY, each attached. Where partitions
/// are made in this plan: the partitions' first, and then one that adopts whatever is there.
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
  set_undo(own, {sql("DROP INDEX {}", qualified(id))});
  steps.push_back(std::move(own));
  if (!some_apart)
    for (const ObjectId& part : here) build_part(steps, part, true, ctx);
  return steps;
}

}  // namespace

std::vector<Step> build_index_steps(const ObjectId& id, const Index& index,
                                    const PlanContext& ctx) {
  std::vector<Step> steps;
  if (is_partitioned(relation_of(id), ctx)) {
    steps = partitioned_index_steps(id, index, ctx);
  } else {
    steps.push_back(concurrent_build_step(
        id, index, id.name, "A new index, built while others read and write.", ctx));
  }
  if (!index.parent.empty()) steps.push_back(attach_index_step(id, index, ctx));
  add_extras(steps, id, index, ctx);
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
  const std::string beside = suffixed(id.name, "__new");
  steps.push_back(concurrent_build_step(
      id, to, beside, "The new index is built beside the old one, which serves on.", ctx));
  steps.push_back(concurrent_drop_step(id, id.name, "The new index is there: the old one goes.",
                                       ctx));
  Step rename = catalog_step(ctx, id,
                             {sql("ALTER INDEX {} RENAME TO {}", QualifiedName{id.schema, beside},
                                  Ident{id.name})},
                             {index_lock(id, LockLevel::ShareUpdateExclusive)},
                             "The new index gets the old one's name.");
  steps.push_back(std::move(rename));
  add_extras(steps, id, to, ctx);
  return steps;
}

}  // namespace aloft
