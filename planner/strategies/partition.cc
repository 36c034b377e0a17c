// Attaching and detaching partitions while others read and write (locks: the partitioned table only
// SHARE UPDATE EXCLUSIVE).

#include <algorithm>

#include "planner/emit/key_index.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

/// The items between the parentheses, cut at top-level commas and trimmed.
std::vector<std::string> items(std::string_view list) {
  std::vector<std::string> result{""};
  int depth = 0;
  char quote = 0;
  for (const char c : list) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    } else if (c == ',' && depth == 0) {
      result.emplace_back();
      continue;
    } else if (c == ' ' && result.back().empty()) {
      continue;
    }
    result.back() += c;
  }
  return result;
}

/// What the first parenthesised group at or after `from` holds; `end` is moved past it.
std::string group(const std::string& text, std::size_t& from) {
  const std::size_t start = text.find('(', from);
  if (start == std::string::npos) return {};
  int depth = 0;
  char quote = 0;
  for (std::size_t i = start; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      from = i + 1;
      return text.substr(start + 1, i - start - 1);
    }
  }
  return {};
}

/// A value of a bound as one of the key's type: an expression has no assignment cast.
std::string typed(const std::string& value, const std::string& type) {
  const bool adapts = type.empty() || value.starts_with('\'') || value == "NULL";
  for (const std::string_view number : {"smallint", "integer", "bigint", "numeric"})
    if (type.starts_with(number)) return value;
  return adapts ? value : "(" + value + ")::" + type;
}

std::string list_condition(const std::string& key, const std::string& bound,
                           const std::string& type) {
  std::size_t at = 0;
  std::vector<std::string> values = items(group(bound, at));
  const bool nulls = std::erase(values, "NULL") > 0;
  for (std::string& value : values) value = typed(value, type);
  if (values.empty()) return key + " IS NULL";
  std::string in;
  for (const std::string& value : values) in += (in.empty() ? "" : ", ") + value;
  const std::string test =
      values.size() == 1 ? key + " = " + values.front() : key + " IN (" + in + ")";
  return nulls ? "(" + key + " IS NULL) OR (" + test + ")"
               : "(" + key + " IS NOT NULL) AND (" + test + ")";
}

std::string range_condition(const std::string& key, const std::string& bound,
                            const std::string& type) {
  std::size_t at = bound.find("FROM");
  if (at == std::string::npos) return {};
  const std::string from = group(bound, at), to = group(bound, at);
  std::string condition = "(" + key + " IS NOT NULL)";
  if (from != "MINVALUE") condition += " AND (" + key + " >= " + typed(from, type) + ")";
  if (to != "MAXVALUE") condition += " AND (" + key + " < " + typed(to, type) + ")";
  return condition;
}

Sql attach(const ObjectId& id, const Table& table) {
  return sql("ALTER TABLE {} ATTACH PARTITION {} {}", qualified(table.partition_of), qualified(id),
             Sql{table.partition_bound.sql});
}

/// A check of `table`, added without a scan and validated under a lock that stops nobody.
void prove(std::vector<Step>& steps, const ObjectId& about, const ObjectId& table,
           const std::string& name, const std::string& condition, const std::string& why,
           const PlanContext& ctx) {
  const Sql target = sql("ALTER TABLE {}", qualified(table));
  Step add = catalog_step(
      ctx, about,
      {sql("{} ADD CONSTRAINT {} CHECK ({}) NOT VALID", target, Ident{name}, Sql{condition})},
      {{table, LockLevel::AccessExclusive}}, why);
  set_undo(add, {sql("{} DROP CONSTRAINT {}", target, Ident{name})});
  steps.push_back(std::move(add));
  steps.push_back(scan_step(ctx, about, sql("{} VALIDATE CONSTRAINT {}", target, Ident{name}),
                            table, {{table, LockLevel::ShareUpdateExclusive}},
                            "All rows are checked while others read and write."));
}

void drop_proof(std::vector<Step>& steps, const ObjectId& about, const ObjectId& table,
                const std::string& name, const PlanContext& ctx) {
  steps.push_back(catalog_step(
      ctx, about, {sql("ALTER TABLE {} DROP CONSTRAINT {}", qualified(table), Ident{name})},
      {{table, LockLevel::AccessExclusive}}, "The check has done its work."));
}

/// Attaching takes the table's oldest index that fits, and one that is to stay apart would be it:
/// it becomes the attached one, and another is built under its name.
std::vector<Step> swap_index_steps(const ObjectId& id, const Index& wanted,
                                   const std::vector<ObjectId>& rivals, const PlanContext& ctx) {
  const ObjectId& rival = rivals.front();
  const Index* was = ctx.live.find<Index>(rival);
  const Index* stays = ctx.desired.find<Index>(rival);
  const auto dressed = [](const Index& index) {
    return !index.options.empty() || !index.tablespace.empty() || !index.comment.empty() ||
           !index.statistics.empty() || index.clustered;
  };
  const bool simple = rivals.size() == 1 && was != nullptr && stays != nullptr &&
                      was->definition == wanted.definition && was->unique == wanted.unique &&
                      was->valid && !dressed(*was) && !dressed(wanted);
  if (!simple)
    return {impossible_step(
        ctx, id,
        to_string(rival) + " is equal to it and older: attaching the table "
                           "would take that in its place; add it after the table is attached")};
  std::vector<Step> steps{catalog_step(
      ctx, id, {sql("ALTER INDEX {} RENAME TO {}", qualified(rival), Ident{id.name})},
      {index_lock(rival, LockLevel::ShareUpdateExclusive)},
      "Attaching the table takes its oldest index that fits; that gets the right name.")};
  set_undo(steps.front(), {sql("ALTER INDEX {} RENAME TO {}", qualified(id), Ident{rival.name})});
  append(steps, build_index_steps(rival, *stays, ctx));
  return steps;
}

/// What a table in use needs to be like its partitions-to-be siblings, made while others read and
/// write: attaching would make it under its lock, or refuse.
std::vector<Step> fit_steps(const ObjectId& id, const PlanContext& ctx) {
  std::vector<Step> steps;
  for_each_child<Constraint>(ctx.desired, id, [&](const ObjectId& c, const Constraint& wanted) {
    if (!wanted.inherited || ctx.live.contains(c)) return;
    Constraint alone = wanted;
    alone.inherited = false;
    append(steps, add_constraint_steps(c, alone, ctx));
  });
  for_each_child<Index>(ctx.desired, id, [&](const ObjectId& i, const Index& wanted) {
    if (wanted.parent.empty() || ctx.live.contains(i)) return;
    Index alone = wanted;
    alone.parent = {};
    const std::vector<ObjectId> rivals = rivals_of(i, wanted, ctx.desired);
    append(steps, rivals.empty() ? build_index_steps(i, alone, ctx)
                                 : swap_index_steps(i, alone, rivals, ctx));
  });
  return steps;
}

/// The name of the check that DETACH CONCURRENTLY leaves: <table>_<column>_check; empty where it
/// cannot be told.
std::string left_behind(const ObjectId& id, const ObjectId& parent, const PlanContext& ctx) {
  const Table* partitioned = ctx.live.find<Table>(parent);
  if (partitioned == nullptr || !partitioned->partition_of.empty()) return {};
  std::size_t at = 0;
  const std::vector<std::string> keys = items(group(partitioned->partition_key.sql, at));
  if (keys.size() != 1 || !ctx.live.contains(child_id(Kind::Column, id, keys.front()))) return {};
  const std::string name = id.name + "_" + keys.front() + "_check";
  const bool taken = ctx.live.contains(child_id(Kind::Constraint, id, name)) ||
                     ctx.desired.contains(child_id(Kind::Constraint, id, name));
  return taken || name.size() > 63 ? std::string() : name;
}

}  // namespace

std::string bound_condition(const std::string& key, const std::string& bound,
                            const std::string& type) {
  std::size_t at = 0;
  const std::vector<std::string> keys = items(group(key, at));
  if (keys.size() != 1 || keys.front().empty()) return {};
  // A collation or operator class after the key is not part of the expression.
  const bool plain = keys.front().find(' ') == std::string::npos;
  if (!plain) return {};
  if (key.starts_with("LIST") && bound.find(" IN (") != std::string::npos)
    return list_condition(keys.front(), bound, type);
  if (key.starts_with("RANGE") && bound.find("FROM") != std::string::npos)
    return range_condition(keys.front(), bound, type);
  return {};
}

namespace {

/// The type of the column that is the partition key; empty where it is not one column.
std::string key_type(const ObjectId& id, const Table& table, const PlanContext& ctx) {
  std::size_t at = 0;
  const std::vector<std::string> keys = items(group(table.partition_key.sql, at));
  const Column* column = nullptr;
  for_each_child<Column>(ctx.desired, id, [&](const ObjectId& c, const Column& found) {
    if (keys.size() == 1 && quote_ident(c.name) == keys.front()) column = &found;
  });
  return column == nullptr ? "" : column->type;
}

}  // namespace

std::vector<Step> attach_steps(const ObjectId& id, const Table& table, const PlanContext& ctx) {
  std::vector<Step> steps;
  const ObjectId parent = table_id(table.partition_of.schema, table.partition_of.name);
  const Table* partitioned = ctx.desired.find<Table>(parent);
  const std::string condition =
      partitioned == nullptr
          ? std::string()
          : bound_condition(partitioned->partition_key.sql, table.partition_bound.sql,
                            key_type(parent, *partitioned, ctx));
  const ObjectId other = default_partition(ctx.live, parent);
  const bool is_default = table.partition_bound.sql == "DEFAULT";
  // A default partition that is dropped, detached or this table itself is not asked.
  const Table* other_wanted = other == id ? nullptr : ctx.desired.find<Table>(other);
  const bool has_other =
      !is_default && other_wanted != nullptr && other_wanted->partition_of == table.partition_of;
  const bool has_rows =
      ctx.live.contains(id) && !is_fresh(ctx, id) && !size_of(ctx.facts, id).empty();
  const bool other_has_rows = has_other && !size_of(ctx.facts, other).empty();
  const std::string own = suffixed(id.name, "_bound"), theirs = suffixed(id.name, "_not_here");
  const bool prove_own = has_rows && !condition.empty();
  const bool prove_other = other_has_rows && !condition.empty();
  if (ctx.live.contains(id) && !is_fresh(ctx, id)) append(steps, fit_steps(id, ctx));
  if (prove_own)
    prove(steps, id, id, own, condition,
          "A proof of the partition's bound, so that attaching it does not scan it.", ctx);
  if (prove_other)
    prove(steps, id, other, theirs, "NOT (" + condition + ")",
          "A proof that the default partition holds none of its rows, so that attaching does not "
          "scan that.",
          ctx);
  const Locks locks{{parent, LockLevel::ShareUpdateExclusive},
                    {id, LockLevel::AccessExclusive},
                    {has_other ? other : id, LockLevel::AccessExclusive}};
  const std::string why = "The table becomes a partition; others go on using the rest.";
  const bool scans = (has_rows && !prove_own) || (other_has_rows && !prove_other);
  Step step =
      scans ? heavy_step(ctx, id, {attach(id, table)}, has_rows ? id : other, false, locks, why)
            : catalog_step(ctx, id, {attach(id, table)}, locks, why);
  set_undo(step, {sql("ALTER TABLE {} DETACH PARTITION {}", qualified(parent), qualified(id))});
  steps.push_back(std::move(step));
  if (prove_own) drop_proof(steps, id, id, own, ctx);
  if (prove_other) drop_proof(steps, id, other, theirs, ctx);
  return steps;
}

std::vector<Step> detach_steps(const ObjectId& id, const Table& was, const PlanContext& ctx) {
  const ObjectId parent = table_id(was.partition_of.schema, was.partition_of.name);
  // A new default partition is there by then.
  const ObjectId there = default_partition(ctx.live, parent);
  const ObjectId other = there.name.empty() ? default_partition(ctx.desired, parent) : there;
  const Sql detach = sql("ALTER TABLE {} DETACH PARTITION {}", qualified(parent), qualified(id));
  // DETACH CONCURRENTLY leaves the bound behind as a check, under a name that is only known for a
  // key of one column; a table that is to be dropped may keep it.
  const bool stays = ctx.desired.contains(id);
  const std::string left = stays ? left_behind(id, parent, ctx) : std::string();
  Step step;
  if (other.name.empty() && (!stays || !left.empty())) {
    step = lone_step(
        ctx, id, Sql{detach.text + " CONCURRENTLY"},
        {.what = StepCheck::What::PartitionDetached, .schema = id.schema, .name = id.name},
        {{parent, LockLevel::ShareUpdateExclusive}, {id, LockLevel::AccessExclusive}},
        "The table leaves the partitioned table while others use that; it waits for "
        "every transaction that has used it.");
  } else {
    step = catalog_step(ctx, id, {detach},
                        {{parent, LockLevel::AccessExclusive},
                         {id, LockLevel::AccessExclusive},
                         {other, LockLevel::AccessExclusive}},
                        "The table leaves the partitioned table, for a moment under a lock.");
  }
  add_hazard(step, Hazard::AppBreaking,
             "its rows are no longer seen through " + to_sql(qualified(parent)));
  set_undo(step, {attach(id, was)});
  std::vector<Step> steps{std::move(step)};
  if (!steps.front().transactional && !left.empty())
    steps.push_back(catalog_step(
        ctx, id, {sql("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}", qualified(id), Ident{left})},
        {{id, LockLevel::AccessExclusive}}, "Detaching has left its bound behind as a check."));
  return steps;
}

}  // namespace aloft
