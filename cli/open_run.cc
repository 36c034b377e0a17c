#include "cli/open_run.h"

#include <algorithm>
#include <set>

#include "engine/diff/reconcile.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/plan_json.h"
#include "planner/locks.h"
#include "planner/strategies/second_column.h"

namespace aloft {
namespace {

/// Everything that stands on it goes with it.
template <class T>
void erase(Objects<T>& objects, const ObjectId& id) {
  std::erase_if(objects, [&id](const auto& entry) {
    return entry.first == id ||
           (id.relation.empty() && !entry.first.relation.empty() &&
            entry.first.schema == id.schema && entry.first.relation == id.name &&
            (id.kind == Kind::Table || id.kind == Kind::View));
  });
}

/// A partition has the column, the check or its part of the index too, be it older than the run or
/// not.
void erase_with_parts(Snapshot& live, const ObjectId& id) {
  for (const ObjectId& table : children(live, relation_of(id))) {
    if (id.kind == Kind::Column || id.kind == Kind::Constraint)
      erase_with_parts(live, child_id(id.kind, table, id.name));
    if (id.kind != Kind::Index) continue;
    std::vector<ObjectId> parts;
    for_each_child<Index>(live, table, [&](const ObjectId& part, const Index& index) {
      if (index.parent == Name{id.schema, id.name}) parts.push_back(part);
    });
    for (const ObjectId& part : parts) erase_with_parts(live, part);
  }
  for_each_kind(live, [&id](auto& objects) { erase(objects, id); });
  if (id.kind != Kind::Column) return;
  if (const auto table = live.tables.find(relation_of(id)); table != live.tables.end())
    std::erase(table->second.column_order, id.name);
}

/// The tables, views and other things by their own name that the run works on.
std::set<ObjectId> relations_of(const Plan& plan) {
  std::set<ObjectId> found;
  for (const Step& step : plan.steps) found.insert(relation_of(step.object));
  for (const ObjectId& id : plan.scaffold) found.insert(relation_of(id));
  return found;
}

/// The fingerprint of the desired object as it was before the run made it: where the files leave
/// its owner unsaid, the owner of what is live is taken for it as soon as there is one.
std::string fingerprint_when_new(const Comparison& c, const ObjectId& id) {
  Snapshot alone;
  for_each_kind(c.desired, [&](const auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    const auto it = objects.find(id);
    if (it == objects.end()) return;
    T& object = alone.of<T>()[id] = it->second;
    if constexpr (requires { object.owner; }) {
      const T* live = c.live.snapshot.template find<T>(id);
      if (live != nullptr && live->owner == object.owner) object.owner.clear();
    }
  });
  return fingerprint(alone, id);
}

/// Does a statement of the run make it, to become something else or to go again: an index that is
/// to be a key's, a check that is a proof?
bool is_on_the_way(const Plan& plan, const ObjectId& id) {
  const bool index = id.kind == Kind::Index;
  if ((!index && id.kind != Kind::Constraint) || plan.leads_to.contains(to_string(id)))
    return false;
  const std::string made =
      index ? " " + quote_ident(id.name) + " ON " : " ADD CONSTRAINT " + quote_ident(id.name) + " ";
  const std::string table = " " + quote_qualified(id.schema, id.relation) + " ";
  return std::ranges::any_of(plan.steps, [&](const Step& step) {
    return std::ranges::any_of(step.sql, [&](const std::string& statement) {
      return (!index || statement.starts_with("CREATE ")) &&
             statement.find(made) != std::string::npos &&
             statement.find(table) != std::string::npos;
    });
  });
}

std::string run_words(const OpenRun& run) {
  return "run " + run.id + " of " + run.started.substr(0, 19);
}

}  // namespace

std::optional<RunUnderWay> run_under_way(Session& session, std::vector<std::string>& notes) {
  if (!has_journal(session)) return std::nullopt;
  if (!may_read_journal(session)) {
    notes.push_back(
        "this login may not read the journal (schema aloft), so that a run that is under "
        "way is not seen");
    return std::nullopt;
  }
  const auto open = read_open_run(session);
  if (!open) return std::nullopt;
  RunUnderWay found{*open, plan_from_json(open->plan)};
  if (found.plan.scaffold.empty() && open->undoes.empty()) return std::nullopt;
  const bool untouched = open->undoes.empty() && open->done.empty() && open->begun.empty() &&
                         found.plan.steps.front().transactional;
  if (untouched)
    return std::nullopt;  // it failed in its first step: another plan may take its place
  return found;
}

ChangeSet hide_scaffold(Snapshot& live, const Plan& plan) {
  for (const ObjectId& id : plan.scaffold) {
    // Before the run has put the view there, the name and what belongs to it are the table's.
    if (id.kind == Kind::View && !live.views.contains(id)) continue;
    erase_with_parts(live, id);
  }
  ChangeSet renames;
  for (const Alias& alias : plan.aliases)
    if (rename_table(live, alias.now, alias.otherwise))
      renames.push_back({.op = Change::Op::Rename, .id = alias.otherwise, .from = alias.now});
  return renames;
}

void say_second_columns(Snapshot& desired, const Snapshot& live, const Plan& plan) {
  const std::set<ObjectId> relations = relations_of(plan);
  ChangeSet renames;
  for (const auto& [id, column] : desired.columns) {
    const ObjectId from = child_id(Kind::Column, relation_of(id), column.renamed_from);
    if (!column.renamed_from.empty() && relations.contains(relation_of(id)) && live.contains(id) &&
        live.contains(from))
      renames.push_back({.op = Change::Op::Rename, .id = id, .from = from});
  }
  for (const Change& rename : renames)
    if (!desired.columns.at(rename.id).renamed_from.empty()) say_second_column(rename, desired);
}

void leave_to_run(Comparison& c, const RunUnderWay& under_way, Diagnostics& diagnostics) {
  const Plan& plan = under_way.plan;
  const bool rolls_back = !under_way.run.undoes.empty();
  const std::set<ObjectId> relations = relations_of(plan);
  const auto made_by_run = [&](const Change& change) {
    const ObjectId& id = change.id;
    const auto it = plan.leads_to.find(to_string(id));
    return it != plan.leads_to.end() &&
           (it->second == fingerprint(c.desired, id) || it->second == fingerprint_when_new(c, id));
  };
  std::erase_if(c.changes, [&](const Change& change) {
    return change.op == Change::Op::Drop && is_on_the_way(plan, change.id);
  });
  const std::size_t before = c.changes.size();
  std::erase_if(c.changes, made_by_run);
  if (c.changes.size() < before)
    c.notes.push_back(run_words(under_way.run) + " is on the way to " +
                      std::to_string(before - c.changes.size()) +
                      " of the changes that the files ask for; aloft contract finishes it");
  for (const Change& change : c.changes) {
    const bool touches =
        relations.contains(relation_of(change.id)) ||
        (change.op == Change::Op::Rename && relations.contains(relation_of(change.from)));
    if (touches)
      diagnostics.error("run-under-way",
                        to_string(change.id) + " is to change, and " + run_words(under_way.run) +
                            " is at work there" + (rolls_back ? ", taking another run back" : ""),
                        rolls_back
                            ? "finish it with aloft rollback"
                            : "finish it with aloft contract or take it back with aloft rollback",
                        c.desired.place_of(change.id));
  }
}

}  // namespace aloft
