#include "planner/strategies/shadow_together.h"

#include <algorithm>

#include "planner/locks.h"

namespace aloft {
namespace {

void join_locks(Step& to, const Step& more) {
  for (const RelationLock& lock : more.locks)
    if (std::ranges::find(to.locks, lock.relation, &RelationLock::relation) == to.locks.end())
      to.locks.push_back(lock);
}

std::vector<ObjectId> tables_of(const std::vector<TogetherColumn>& columns) {
  std::vector<ObjectId> tables;
  for (const TogetherColumn& column : columns)
    if (std::ranges::find(tables, relation_of(column.id)) == tables.end())
      tables.push_back(relation_of(column.id));
  return tables;
}

void join(Step& to, const Step& more) {
  append(to.proofs, more.proofs);
  append(to.scaffold, more.scaffold);
  append(to.applications, more.applications);
  join_locks(to, more);
  for (const HazardNote& note : more.hazards) add_hazard(to, note.hazard, note.why);
}

/// The cut-overs, each of which begins with the lock on its table, as one.
Step as_one(const std::vector<Step>& cut_overs, const std::vector<TogetherColumn>& columns,
            const Along& along) {
  const std::vector<ObjectId> tables = tables_of(columns);
  Step one = cut_overs.front();
  one.sql = {lock_exclusive(tables).text};
  for (const Sql& statement : along.there) one.sql.push_back(statement.text);
  for (const Step& step : cut_overs)
    one.sql.insert(one.sql.end(), step.sql.begin() + 1, step.sql.end());
  std::string others;
  for (std::size_t i = 1; i < cut_overs.size(); ++i) {
    join(one, cut_overs[i]);
    others += (others.empty() ? "" : ", ") + name_of(columns[i].id);
  }
  if (!others.empty()) one.why += " In the same transaction: " + others + ".";
  append(one.scaffold, along.scaffold);
  return one;
}

}  // namespace

std::vector<Step> cut_over_together(const std::vector<TogetherColumn>& columns, const Along& along,
                                    const PlanContext& ctx) {
  std::vector<Step> cut_overs, after, closing;
  std::vector<WayBack> ways;
  for (const auto& [id, from, to, plan] : columns) {
    for (Step& step : cut_over_steps(id, from, to, plan, ctx)) {
      if (step.after_soak)
        closing.push_back(std::move(step));
      else
        (step.proofs.empty() ? after : cut_overs).push_back(std::move(step));
    }
    ways.push_back(way_back(id, from, to, plan, ctx));
  }
  std::vector<Step> steps{as_one(cut_overs, columns, along)};
  set_undo(steps.front(), in_order(ways, tables_of(columns), along.back));
  append(steps, after);
  for (const Sql& statement : along.last) closing.back().sql.push_back(statement.text);
  append(steps, closing);
  return steps;
}

}  // namespace aloft
