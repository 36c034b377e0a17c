#include "planner/strategies/counterparts.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/strategies/fill_column.h"

namespace aloft {
namespace {

std::string said_twice(const ObjectId& former) {
  return "two directives `reverse` give a value to " + name_of(former);
}

/// What a new column is made of, or nothing: then it only has to be filled. Of a database that is
/// many versions behind, the directives may be of a later change of the column's type.
Counterparts made_of(const ObjectId& id, const Column& column, const PlanContext& ctx) {
  Counterparts one{.table = relation_of(id), .fresh = {id}};
  const auto& said = column.said;
  if (said->reads.contains(id.name)) return one;  // they are of when it gets another type
  for (const auto& [name, value] : said->formers) {
    const ObjectId former = child_id(Kind::Column, one.table, name);
    if (!ctx.live.contains(former))
      one.obstacle = "`reverse` gives a value to " + name_of(former) + ", which is not there";
    else if (!one.back.emplace(former, value).second)
      one.obstacle = said_twice(former);
  }
  one.former = one.followers();
  for (const std::string& name : said->reads) {
    const ObjectId former = child_id(Kind::Column, one.table, name);
    const bool counts = !said->new_value.empty() || !ctx.desired.contains(former);
    if (counts && ctx.live.contains(former) && !one.back.contains(former))
      one.former.push_back(former);
  }
  std::ranges::sort(one.former);
  if (!one.obstacle.empty()) return one;
  if (!one.former.empty() && !said->old_value.empty())
    one.obstacle =
        "`reverse` has to say which column it gives a value: reverse COLUMN = EXPRESSION";
  else if (!one.former.empty() && !said->new_value.empty() && !said->fill.empty())
    one.obstacle = "both `using` and `backfill` say its value";
  else if (one.former.empty() && !said->new_value.empty() && !said->reads.empty())
    one.obstacle = "`using` reads no column that " + to_sql(qualified(one.table)) +
                   " has: " + said->new_value.sql;
  return one;
}

void join(Counterparts& to, Counterparts&& more) {
  for (const auto& [former, value] : more.back)
    if (to.back.contains(former)) to.obstacle = said_twice(former);
  append(to.fresh, more.fresh);
  append(to.former, more.former);
  std::ranges::sort(to.former);
  to.former.erase(std::ranges::unique(to.former).begin(), to.former.end());
  to.back.merge(more.back);
  if (to.obstacle.empty()) to.obstacle = std::move(more.obstacle);
}

/// What keeps the columns from being filled and kept in step.
std::string obstacle(const Counterparts& columns, const PlanContext& ctx) {
  for (const ObjectId& id : columns.fresh) {
    const Column& column = ctx.desired.columns.at(id);
    if (std::string why = fill_obstacle(id, column, ctx); !why.empty()) return why;
    if (value_said(column).empty())
      return "`reverse` needs `using` beside it, which says the new value";
    if (columns.both_ways() && is_volatile(value_said(column), ctx.desired))
      return "with `reverse` the new value has to follow from the row alone, and " +
             value_said(column) + " may be another each time";
  }
  for (const ObjectId& id : columns.former)
    if (const Column* live = ctx.live.find<Column>(id); live != nullptr && live->generated != ' ')
      return name_of(id) + " is a generated column, which the server computes after all triggers";
  return "";
}

}  // namespace

std::vector<ObjectId> Counterparts::followers() const {
  std::vector<ObjectId> ids;
  for (const auto& [id, value] : back) ids.push_back(id);
  return ids;
}

const ObjectId* Counterparts::other_name(const ObjectId& id, const PlanContext& ctx) const {
  const auto it = back.find(id);
  const Column* was = ctx.live.find<Column>(id);
  if (it == back.end() || was == nullptr) return nullptr;
  for (const ObjectId& other : fresh) {
    const Column& column = ctx.desired.columns.at(other);
    const bool may_be_null = !was->not_null && !column.default_value.empty();
    if (value_said(column) == quote_ident(id.name) && it->second.sql == quote_ident(other.name) &&
        column.type == was->type && column.collation == was->collation && !may_be_null)
      return &other;
  }
  return nullptr;
}

std::string listed(const std::vector<ObjectId>& columns) {
  std::string list;
  for (const ObjectId& id : columns) list += (list.empty() ? "" : ", ") + quote_ident(id.name);
  return list;
}

AllCounterparts find_counterparts(const Fates& fates, const PlanContext& ctx) {
  AllCounterparts all;
  for (const auto& [id, destiny] : fates.of_kind(Kind::Column)) {
    if (destiny.fate != Fate::Create) continue;
    const Column* column = ctx.desired.find<Column>(id);
    if (column == nullptr || column->said.empty() || is_fresh(ctx, relation_of(id))) continue;
    Counterparts one = made_of(id, *column, ctx);
    if (one.former.empty() && one.obstacle.empty()) continue;
    // Groups that it has a column in common with become one with it.
    const auto meets = [&](const Counterparts& other) {
      return other.table == one.table &&
             std::ranges::find_first_of(other.former, one.former) != other.former.end();
    };
    const auto others = std::ranges::stable_partition(all.groups, std::not_fn(meets));
    for (Counterparts& other : others) {
      join(other, std::move(one));
      one = std::move(other);
    }
    all.groups.erase(others.begin(), others.end());
    all.groups.push_back(std::move(one));
  }
  for (std::size_t i = 0; i < all.groups.size(); ++i) {
    Counterparts& group = all.groups[i];
    if (group.obstacle.empty()) group.obstacle = obstacle(group, ctx);
    for (const ObjectId& id : group.fresh) all.of[id] = i;
    for (const ObjectId& id : group.former) all.of[id] = i;
  }
  return all;
}

const Counterparts* counterparts_of(const ObjectId& column, const PlanContext& ctx) {
  if (ctx.counterparts == nullptr) return nullptr;
  const auto it = ctx.counterparts->of.find(column);
  return it == ctx.counterparts->of.end() ? nullptr : &ctx.counterparts->groups[it->second];
}

void tie_counterparts(const AllCounterparts& all, const Nodes& nodes, StepGraph& graph) {
  for (const Counterparts& group : all.groups) {
    const int lead = nodes.find(group.fresh.front()).create;
    for (const ObjectId& id : group.fresh) {
      const int other = nodes.find(id).create;
      if (other == lead) continue;
      for (const int number : std::vector<int>(graph.in(other))) {
        const StepGraph::Arc arc = graph.arcs()[static_cast<std::size_t>(number)];
        if (!arc.gone) graph.add(arc.before, lead, arc.why, arc.wish, arc.abreast);
      }
      graph.add(lead, other);
    }
    for (const ObjectId& id : group.former) graph.add(lead, nodes.find(id).drop);
  }
}

}  // namespace aloft
