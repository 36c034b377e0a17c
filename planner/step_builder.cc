#include "planner/step_builder.h"

#include <algorithm>

#include "planner/estimate.h"
#include "planner/hazards.h"
#include "planner/locks.h"

namespace aloft {
namespace {

/// Is the id (of a table or view) a relation of the live side? Sequences and indexes by their own
/// kind; a key's index is known by its constraint.
bool is_live(const Snapshot& live, ObjectId id) {
  if (id.kind == Kind::Sequence) return live.contains(id);
  if (id.kind == Kind::Index) {
    const bool own = live.contains(id);
    id.kind = Kind::Constraint;
    return own || live.contains(id);
  }
  id.kind = Kind::Table;
  if (live.contains(id)) return true;
  id.kind = Kind::View;
  return live.contains(id);
}

std::vector<std::string> texts(const std::vector<Sql>& statements) {
  std::vector<std::string> result;
  for (const Sql& statement : statements) result.push_back(statement.text);
  return result;
}

Step bare_step(const PlanContext& context, const ObjectId& id, const std::vector<Sql>& statements,
               const Locks& locks, std::string why) {
  Step step;
  step.object = id;
  step.sql = texts(statements);
  for (const LockOn& lock : locks) {
    if (!is_live(context.live, lock.relation)) continue;
    const std::string name = to_sql(qualified(lock.relation));
    const auto same = std::ranges::find(step.locks, name, &RelationLock::relation);
    if (same == step.locks.end())
      step.locks.push_back({.relation = name, .level = lock.level});
    else
      same->level = std::max(same->level, lock.level);
  }
  step.lock_timeout_ms = context.options.lock_timeout_ms;
  step.statement_timeout_ms = context.options.statement_timeout_ms;
  step.source = context.sources.describe(context.desired.place_of(id));
  step.why = std::move(why);
  return step;
}

}  // namespace

QualifiedName qualified(const ObjectId& id) {
  return {id.schema, id.name};
}
QualifiedName relation_name(const ObjectId& child) {
  return {child.schema, child.relation};
}

TableSize tree_size(const PlanContext& context, const ObjectId& table) {
  TableSize sum = size_of(context.facts, table);
  const auto has_no_own_rows = [&](const ObjectId& id) {
    const Table* live = context.live.find<Table>(id);
    return live != nullptr && !live->partition_key.empty();
  };
  if (has_no_own_rows(table)) sum.rows = sum.bytes = 0;
  for (const ObjectId& id : descendants(context.live, table)) {
    const TableSize more = size_of(context.facts, id);
    sum.known = sum.known && more.known;
    if (has_no_own_rows(id)) continue;
    if (more.rows > 0) sum.rows = std::max<std::int64_t>(sum.rows, 0) + more.rows;
    if (more.bytes > 0) sum.bytes = std::max<std::int64_t>(sum.bytes, 0) + more.bytes;
    sum.index_bytes += more.index_bytes;
  }
  return sum;
}

Step catalog_step(const PlanContext& context, const ObjectId& id,
                  const std::vector<Sql>& statements, const Locks& locks, std::string why) {
  return bare_step(context, id, statements, locks, std::move(why));
}

Step scan_step(const PlanContext& context, const ObjectId& id, const Sql& statement,
               const ObjectId& scanned, const Locks& locks, std::string why) {
  Step step = bare_step(context, id, {statement}, locks, std::move(why));
  const TableSize size = tree_size(context, scanned);
  step.scans = true;
  step.rows = size.rows;
  step.bytes = size.bytes;
  step.duration_ms = scan_ms(size);
  step.statement_timeout_ms = 0;
  return step;
}

Step lone_step(const PlanContext& context, const ObjectId& id, const Sql& statement,
               StepCheck check, const Locks& locks, std::string why) {
  Step step = bare_step(context, id, {statement}, locks, std::move(why));
  step.transactional = false;
  step.check = std::move(check);
  step.lock_timeout_ms = 0;
  step.statement_timeout_ms = 0;
  return step;
}

Step heavy_step(const PlanContext& context, const ObjectId& id, const std::vector<Sql>& statements,
                const ObjectId& table, bool rewrites, const Locks& locks, std::string why) {
  Step step = bare_step(context, id, statements, locks, std::move(why));
  ObjectId relation = table;
  relation.kind = Kind::Table;
  const TableSize size = tree_size(context, relation);
  step.statement_timeout_ms = 0;
  (rewrites ? step.rewrites : step.scans) = true;
  step.rows = size.rows;
  step.bytes = size.bytes;
  if (!is_live(context.live, relation) || size.empty()) return step;
  step.duration_ms = rewrites ? rewrite_ms(size) : index_build_ms(size);
  step.hold_ms = step.duration_ms;
  if (rewrites)
    add_hazard(step, Hazard::Rewrite,
               "writes " + to_sql(qualified(relation)) + " and all its indexes anew" +
                   (size.known ? "" : " (its size is not known)"));
  judge_hold(step, context);
  if (!size.known)
    add_hazard(step, Hazard::Blocking,
               "stops " + to_sql(qualified(relation)) + " for as long as it takes to read it");
  return step;
}

Step impossible_step(const PlanContext& context, const ObjectId& id, std::string why) {
  return bare_step(context, id, {}, {}, std::move(why));
}

void add_hazard(Step& step, Hazard hazard, std::string why) {
  HazardNote note{.hazard = hazard, .why = std::move(why)};
  if (std::ranges::find(step.hazards, note) == step.hazards.end())
    step.hazards.push_back(std::move(note));
}

void add_note(Step& step, Stage stage, std::string what) {
  step.applications.push_back({.stage = stage, .what = std::move(what)});
}

void set_undo(Step& step, const std::vector<Sql>& statements) {
  step.undo = texts(statements);
}

void mark_loss(Step& step, std::string why) {
  step.phase = Phase::Contract;
  add_hazard(step, Hazard::DataLoss, std::move(why));
  add_hazard(step, Hazard::Irreversible, "only a backup brings it back");
}

bool changes(const Action& action, std::string_view field) {
  return std::ranges::find(action.fields, field) != action.fields.end();
}

std::string suffixed(std::string_view name, std::string_view suffix) {
  constexpr std::size_t kLongest = 63;
  std::size_t keep = std::min(name.size(), kLongest - suffix.size());
  while (keep > 0 && keep < name.size() && (static_cast<unsigned char>(name[keep]) & 0xC0) == 0x80)
    --keep;
  return std::string(name.substr(0, keep)) + std::string(suffix);
}

}  // namespace aloft
