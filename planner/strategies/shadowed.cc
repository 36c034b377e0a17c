#include "planner/strategies/shadowed.h"

#include <set>

#include "planner/estimate.h"
#include "planner/locks.h"
#include "planner/recreate.h"
#include "planner/strategies/shadow_publication.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/strategies.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

using Links = std::map<ObjectId, std::set<ObjectId>>;

/// The columns whose type change writes their table anew.
std::set<ObjectId> rewritten(const Fates& fates, const PlanContext& ctx) {
  std::set<ObjectId> columns;
  for (const ObjectId& id : fates.in_place) {
    const Destiny& destiny = fates.of.at(id);
    if (!retypes(id, destiny) || destiny.replaced) continue;
    const Column* from = ctx.live.find<Column>(id);
    const Column* to = ctx.desired.find<Column>(id);
    if (from != nullptr && to != nullptr && from->type != to->type &&
        classify_type_change(*from, *to, ctx) == TypeChange::Rewrite)
      columns.insert(id);
  }
  return columns;
}

/// Both ends of foreign keys among the columns. Partitions' columns go with their table's.
Links links_among(const std::set<ObjectId>& columns, const Snapshot& live) {
  Links links;
  if (columns.size() < 2) return links;
  for (const auto& [id, key] : live.constraints) {
    if (key.type != Constraint::Type::ForeignKey || key.inherited) continue;
    const ObjectId there = table_id(key.referenced.schema, key.referenced.name);
    for (std::size_t i = 0; i < key.columns.size() && i < key.referenced_columns.size(); ++i) {
      const ObjectId from = child_id(Kind::Column, relation_of(id), key.columns[i]);
      const ObjectId to = child_id(Kind::Column, there, key.referenced_columns[i]);
      if (!columns.contains(from) || !columns.contains(to)) continue;
      links[from].insert(to);
      links[to].insert(from);
    }
  }
  return links;
}

std::vector<ObjectId> linked(const ObjectId& start, const Links& links) {
  std::vector<ObjectId> found{start};
  std::set<ObjectId> seen{start};
  for (std::size_t i = 0; i < found.size(); ++i)
    if (const auto it = links.find(found[i]); it != links.end())
      for (const ObjectId& next : it->second)
        if (seen.insert(next).second) found.push_back(next);
  return found;
}

/// Would the plain way do: asked for, or over in a moment?
bool goes_plain(const std::vector<ObjectId>& columns, const PlanContext& ctx) {
  bool moments = true;
  for (const ObjectId& id : columns) {
    if (ctx.desired.columns.at(id).said->in_place) return true;
    moments = moments && !plain_change_loses(id, ctx) && !is_listed(id, ctx);
    std::int64_t ms = 0;
    for (const ObjectId& table : leaves(ctx.live, relation_of(id))) {
      ms += rewrite_ms(size_of(ctx.facts, table));
      moments = moments && is_moment(ctx, table, ms);
    }
  }
  return moments;
}

}  // namespace

Shadows find_shadows(const Fates& fates, const PlanContext& ctx) {
  Shadows shadows;
  const std::set<ObjectId> columns = rewritten(fates, ctx);
  if (columns.empty()) return shadows;
  const Links links = links_among(columns, ctx.live);
  std::set<ObjectId> decided;
  for (const ObjectId& start : columns) {
    if (decided.contains(start)) continue;
    const std::vector<ObjectId> together = linked(start, links);
    decided.insert(together.begin(), together.end());
    if (goes_plain(together, ctx)) continue;
    std::string obstacle;
    for (const ObjectId& id : together) {
      ShadowPlan plan = plan_shadow(id, columns, ctx);
      if (!plan.obstacle.empty() && obstacle.empty())
        obstacle = (together.size() > 1 ? "of " + name_of(id) + ": " : "") + plan.obstacle;
      shadows.emplace(id, std::move(plan));
    }
    if (!obstacle.empty())
      for (const ObjectId& id : together) shadows.at(id).obstacle = obstacle;
  }
  return shadows;
}

std::vector<std::pair<ObjectId, ObjectId>> shadow_links(const Shadows& shadows,
                                                        const Snapshot& live) {
  std::vector<std::pair<ObjectId, ObjectId>> pairs;
  for (const auto& [id, plan] : shadows) {
    std::vector<ObjectId> keys = plan.referring;
    append(keys, plan.made_again);
    for (const ObjectId& key_id : keys) {
      const Constraint& key = live.constraints.at(key_id);
      for (std::size_t i = 0; i < key.columns.size() && i < key.referenced_columns.size(); ++i) {
        const ObjectId from = child_id(Kind::Column, relation_of(key_id), key.columns[i]);
        if (key.referenced_columns[i] == id.name && from != id && is_shadowed(shadows, from))
          pairs.emplace_back(from, id);
      }
    }
  }
  return pairs;
}

}  // namespace aloft
