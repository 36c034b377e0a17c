// plan_of(): the plan of a comparison with everything that is not the planner's filled in.

#include <set>

#include "cli/compare.h"
#include "cli/plan_grounds.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/plan_json.h"
#include "parser/missing_names.h"
#include "planner/locks.h"
#include "planner/planner.h"

namespace aloft {
namespace {

void fill_fingerprints(Plan& plan, const Comparison& c) {
  const Snapshot& live = c.live.snapshot;
  const auto add = [&](const ObjectId& id) {
    plan.fingerprints.emplace(to_string(id), fingerprint(live, id));
    const ObjectId relation = relation_of(id);
    if (relation != id && live.contains(relation))
      plan.fingerprints.emplace(to_string(relation), fingerprint(live, relation));
  };
  for (const Change& change : c.changes) add(change.id);
  for (const Step& step : plan.steps) add(step.object);
}

/// The tables that the changes are about, with their partitions and inheriting tables.
std::vector<ObjectId> changed_tables(const Comparison& c) {
  std::set<ObjectId> tables;
  for (const Change& change : c.changes)
    if (change.op != Change::Op::Create || change.id.kind != Kind::Table)
      tables.insert(relation_of(change.op == Change::Op::Rename ? change.from : change.id));
  for (std::size_t before = 0; before != tables.size();) {
    before = tables.size();
    for (const auto& [id, table] : c.live.snapshot.tables) {
      bool below = tables.contains(table_id(table.partition_of.schema, table.partition_of.name));
      for (const Name& parent : table.inherits)
        below = below || tables.contains(table_id(parent.schema, parent.name));
      if (below) tables.insert(id);
    }
  }
  return {tables.begin(), tables.end()};
}

/// What the plan leads to: its changes, and the constraints of the tables that it works on. Where a
/// column gives its place to another they are made again in several steps: a foreign key refers to
/// the new column of a table before that has its name, a check is NOT VALID first.
void fill_leads_to(Plan& plan, const Comparison& c) {
  std::set<ObjectId> tables;
  for (const ObjectId& id : plan.scaffold) tables.insert(relation_of(id));
  const auto lead = [&](const ObjectId& id) {
    plan.leads_to.emplace(to_string(id), fingerprint(c.desired, id));
  };
  for (const Change& change : c.changes) lead(change.id);
  for (const auto& [id, constraint] : c.desired.constraints)
    if (tables.contains(relation_of(id)) ||
        tables.contains(table_id(constraint.referenced.schema, constraint.referenced.name)))
      lead(id);
}

}  // namespace

std::optional<Plan> plan_of(const Comparison& c, Session* session, const PlanOptions& planning,
                            Diagnostics& diagnostics) {
  Plan plan;
  if (!c.changes.empty()) {
    if (diagnostics.has_errors()) return std::nullopt;
    report_missing_names(c.desired, c.changes, c.live.names, c.live.snapshot.unmanaged,
                         diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    PlanGrounds grounds(c, session);
    if (session != nullptr) measure_sizes(*session, grounds.facts, changed_tables(c));
    auto made = make_plan(grounds.request(planning), diagnostics);
    if (!made) return std::nullopt;
    plan = std::move(*made);
  }
  plan.tool_version = kVersion;
  plan.server_version = c.live.facts.server_version_text;
  fill_fingerprints(plan, c);
  plan.notes.insert(plan.notes.end(), c.notes.begin(), c.notes.end());
  for (const Unmanaged& u : c.live.snapshot.unmanaged)
    plan.unmanaged.push_back(u.kind + " " + u.name);
  if (!plan.scaffold.empty()) fill_leads_to(plan, c);
  plan.id = plan_hash(plan);
  return plan;
}

}  // namespace aloft
