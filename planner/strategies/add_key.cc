#include <algorithm>

#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

bool is_primary(const Constraint& constraint) {
  return constraint.type == Constraint::Type::PrimaryKey;
}

std::string key_definition(const Constraint& constraint) {
  std::string text = "USING btree (" + ident_list(constraint.columns).text + ")";
  if (!constraint.include.empty()) text += " INCLUDE (" + ident_list(constraint.include).text + ")";
  if (constraint.definition.sql.find("NULLS NOT DISTINCT") != std::string::npos)
    text += " NULLS NOT DISTINCT";
  return index_definition(text, constraint.options, constraint.tablespace);
}

/// ALTER TABLE ... ADD CONSTRAINT ... USING INDEX: for a moment under the lock.
Step adopt_step(const ObjectId& about, const ObjectId& table, const std::string& name,
                const std::string& index, const Constraint& constraint, const PlanContext& ctx) {
  const Sql alter = sql("ALTER TABLE {}", qualified(table));
  Step step = catalog_step(
      ctx, about, {sql("{} {}", alter, Sql{using_index_clause(name, index, constraint)})},
      {{table, LockLevel::AccessExclusive}},
      "The index that is there becomes the constraint; no row is read.");
  set_undo(step, {sql("{} DROP CONSTRAINT {}", alter, Ident{name})});
  return step;
}

/// The live index of the same name on the same table that can become the constraint.
bool can_adopt(const ObjectId& id, const Constraint& constraint, const PlanContext& ctx) {
  const Index* index = ctx.live.find<Index>(child_id(Kind::Index, relation_of(id), id.name));
  if (index == nullptr || !index->unique || !index->valid || !index->plain) return false;
  std::vector<std::string> columns = constraint.columns;
  columns.insert(columns.end(), constraint.include.begin(), constraint.include.end());
  return index->columns == columns && index->options == constraint.options &&
         index->tablespace == constraint.tablespace;
}

/// The index with the constraint's name that is in the way, if it is to go.
bool is_in_the_way(const ObjectId& id, const PlanContext& ctx) {
  const ObjectId index = child_id(Kind::Index, relation_of(id), id.name);
  return ctx.live.contains(index) && !ctx.desired.contains(index);
}

void plain_key(std::vector<Step>& steps, const ObjectId& about, const ObjectId& table,
               const std::string& name, const Constraint& constraint, const PlanContext& ctx) {
  const ObjectId id = child_id(Kind::Constraint, table, name);
  if (can_adopt(id, constraint, ctx)) {
    steps.push_back(adopt_step(about, table, name, name, constraint, ctx));
    return;
  }
  const bool crowded = is_in_the_way(id, ctx);
  const std::string index = crowded ? suffixed(name, "__new") : name;
  steps.push_back(key_index_step(about, table, index, constraint, ctx));
  if (crowded)
    steps.push_back(concurrent_drop_step(child_id(Kind::Index, table, name), name,
                                         "The constraint's index takes its place.", ctx));
  steps.push_back(adopt_step(about, table, name, index, constraint, ctx));
}

/// Leaf by leaf; then the partitioned table adopts them without a build.
std::vector<Step> partitioned_key(const ObjectId& id, const Constraint& constraint,
                                  const PlanContext& ctx) {
  std::vector<Step> steps;
  for (const ObjectId& leaf : leaves(ctx.live, relation_of(id))) {
    if (!ctx.desired.contains(leaf)) continue;
    std::string name = suffixed(leaf.name, is_primary(constraint) ? "_pkey" : "_key");
    for_each_child<Constraint>(ctx.desired, leaf, [&](const ObjectId& c, const Constraint& share) {
      if (share.inherited && share.type == constraint.type && share.columns == constraint.columns)
        name = c.name;
    });
    if (ctx.live.contains(child_id(Kind::Constraint, leaf, name))) continue;
    plain_key(steps, id, leaf, name, constraint, ctx);
  }
  const Sql alter = sql("ALTER TABLE {}", relation_name(id));
  Locks locks = on_tree(ctx, relation_of(id), LockLevel::Share);
  locks.front().level = LockLevel::AccessExclusive;
  Step adopt = catalog_step(ctx, id,
                            {sql("{} ADD {}", alter, Sql{constraint_clause(id, constraint)})},
                            locks, "The partitioned table takes over its partitions' constraints.");
  set_undo(adopt, {sql("{} DROP CONSTRAINT {}", alter, Ident{id.name})});
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
  index.definition.sql = key_definition(constraint);
  Step step = concurrent_build_step(
      child_id(Kind::Index, table, name), index, name,
      "The constraint's index is built while others read and write; it fails where a value is there "
      "twice.",
      ctx);
  step.object = about;
  step.source = ctx.sources.describe(ctx.desired.place_of(about));
  return step;
}

std::vector<Step> add_key_steps(const ObjectId& id, const Constraint& constraint,
                                const PlanContext& ctx) {
  const Table* table = ctx.live.find<Table>(relation_of(id));
  if (table != nullptr && !table->partition_key.empty()) return partitioned_key(id, constraint, ctx);
  std::vector<Step> steps;
  plain_key(steps, id, relation_of(id), id.name, constraint, ctx);
  return steps;
}

}  // namespace aloft
