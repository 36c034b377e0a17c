#include "planner/emit/key_index.h"

#include "engine/base/hash.h"
#include "planner/emit/emit.h"
#include "planner/emit/table_sql.h"
#include "planner/locks.h"

namespace aloft {
namespace {

bool unchanged(const ObjectId& id, const PlanContext& ctx) {
  const Index* was = ctx.live.find<Index>(id);
  const Index* now = ctx.desired.find<Index>(id);
  if (was != nullptr && now != nullptr)
    return was->definition == now->definition && was->unique == now->unique;
  const Constraint* had = ctx.live.find<Constraint>(id);
  const Constraint* has = ctx.desired.find<Constraint>(id);
  return had != nullptr && has != nullptr && had->type == has->type &&
         had->definition == has->definition;
}

}  // namespace

bool is_unique_key(const Constraint& constraint) {
  return constraint.type == Constraint::Type::PrimaryKey ||
         constraint.type == Constraint::Type::Unique;
}

std::string key_index_text(const Constraint& key) {
  std::string text = "USING btree (" + ident_list(key.columns).text + ")";
  if (!key.include.empty()) text += " INCLUDE (" + ident_list(key.include).text + ")";
  if (key.definition.sql.find("NULLS NOT DISTINCT") != std::string::npos)
    text += " NULLS NOT DISTINCT";
  return text;
}

bool is_index_of(const Constraint& key, const Index& index) {
  return is_unique_key(key) && index.unique && index.definition.canon == key_index_text(key);
}

std::optional<Name> index_to_join(const ObjectId& id, const Constraint& wanted,
                                  const PlanContext& ctx) {
  if (!is_unique_key(wanted)) return std::nullopt;
  const ObjectId table = relation_of(id);
  const Table* was = ctx.live.find<Table>(table);
  const Table* now = ctx.desired.find<Table>(table);
  if (was == nullptr || now == nullptr || now->partition_of.empty() ||
      was->partition_of != now->partition_of || is_fresh(ctx, table))
    return std::nullopt;
  const ObjectId parent = table_id(now->partition_of.schema, now->partition_of.name);
  if (!wanted.parent.empty()) {
    const bool stands = unchanged(child_id(Kind::Index, parent, wanted.parent.name), ctx);
    return stands ? std::optional(wanted.parent) : std::nullopt;
  }
  std::optional<Name> found;
  if (wanted.inherited)
    for_each_child<Constraint>(ctx.desired, parent, [&](const ObjectId& above, const auto& key) {
      if (key.type == wanted.type && key.definition == wanted.definition && unchanged(above, ctx))
        found = {above.schema, above.name};
    });
  return found;
}

Step attach_index_step(const ObjectId& id, const Name& parent, const PlanContext& ctx) {
  Step step = catalog_step(
      ctx, id, {sql("ALTER INDEX {} ATTACH PARTITION {}", qualified(parent), qualified(id))},
      {{relation_of(id), LockLevel::AccessExclusive}},
      "The partitioned table's index takes it over; with its last one that becomes valid.");
  const Table* table = ctx.desired.find<Table>(relation_of(id));
  if (table == nullptr) return step;
  const ObjectId above = child_id(
      Kind::Index, table_id(table->partition_of.schema, table->partition_of.name), parent.name);
  // PostgreSQL lets no part go but with the whole, for a moment under a lock.
  if (id.kind == Kind::Index && ctx.desired.contains(above) && !ctx.live.contains(above))
    set_undo(step, {sql("DROP INDEX IF EXISTS {}", qualified(above))});
  return step;
}

std::vector<ObjectId> rivals_of(const ObjectId& id, const Index& index, const Snapshot& desired) {
  std::vector<ObjectId> rivals;
  for_each_child<Constraint>(desired, relation_of(id), [&](const ObjectId& other, const auto& key) {
    if (!key.inherited && key.parent.empty() && is_index_of(key, index)) rivals.push_back(other);
  });
  for_each_child<Index>(desired, relation_of(id), [&](const ObjectId& other, const Index& own) {
    if (other != id && own.parent.empty() && own.unique == index.unique &&
        own.definition == index.definition)
      rivals.push_back(other);
  });
  return rivals;
}

std::vector<ObjectId> going_leaves(const PlanContext& ctx, const ObjectId& table) {
  std::vector<ObjectId> all = leaves(ctx.live, table);
  std::erase_if(all, [&](const ObjectId& leaf) { return ctx.desired.contains(leaf); });
  return all;
}

std::string name_on_going(const ObjectId& index_or_key, const ObjectId& leaf) {
  return suffixed(index_or_key.name, "__" + hash_of(to_string(leaf)).substr(0, 4));
}

}  // namespace aloft
