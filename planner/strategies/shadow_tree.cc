#include "planner/strategies/shadow_tree.h"

#include <algorithm>
#include <set>

#include "engine/model/fields.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

bool names(const std::vector<std::string>& columns, const std::string& column) {
  return std::ranges::find(columns, column) != columns.end();
}

/// What one partition has of its own on the column, and cannot be taken over.
class Partition {
 public:
  Partition(const ObjectId& column, const ObjectId& top, const PlanContext& ctx)
      : column_(column), table_(relation_of(column)), top_(top), ctx_(ctx) {}

  std::string obstacle() const {
    const Table* wanted = ctx_.desired.find<Table>(table_);
    const Table& live = ctx_.live.tables.at(table_);
    if (wanted == nullptr || wanted->partition_of != live.partition_of ||
        wanted->partition_bound != live.partition_bound || is_fresh(ctx_, table_))
      return name_of(table_) + ", a partition, comes or goes in the same plan";
    if (is_partition_key(column_, ctx_))
      return "the column is in the partition key of " + name_of(table_);
    for (const auto& look : {own_column(), own_constraints()})
      if (!look.empty()) return look;
    return {};
  }

 private:
  std::string own_column() const {
    const Column* was = ctx_.live.find<Column>(column_);
    const Column* to = ctx_.desired.find<Column>(column_);
    if (was == nullptr || to == nullptr) return name_of(table_) + " has no such column";
    for (const std::string_view field : changed_fields(*was, *to))
      if (field != "type" && field != "collation")
        return "the column of partition " + name_of(table_) + " changes in more than its type (" +
               std::string(field) + ")";
    const auto differs = [](const Column& own, const Column& above) {
      return own.not_null != above.not_null || own.storage != above.storage ||
             own.compression != above.compression || own.statistics != above.statistics ||
             own.options != above.options;
    };
    if (differs(*was, ctx_.live.columns.at(top_)) || differs(*to, ctx_.desired.columns.at(top_)))
      return "the column of partition " + name_of(table_) +
             " has another NOT NULL, storage, compression or statistics than that of " +
             name_of(relation_of(top_));
    return {};
  }

  std::string own_constraints() const {
    std::string found;
    for_each_child<Constraint>(ctx_.live, table_, [&](const ObjectId& id, const Constraint& c) {
      if (!c.inherited && (names(c.columns, column_.name) || names(c.include, column_.name)))
        found = "partition " + name_of(table_) + " has constraint " + quote_ident(id.name) +
                " of its own on it";
    });
    for_each_child<Index>(ctx_.live, table_, [&](const ObjectId& id, const Index& index) {
      if (index.parent.empty() && names(index.columns, column_.name))
        found = "partition " + name_of(table_) + " has index " + quote_ident(id.name) +
                " of its own on it";
    });
    return found;
  }

  const ObjectId& column_;
  const ObjectId table_;
  const ObjectId& top_;
  const PlanContext& ctx_;
};

/// Would it have to be made again around the column of a partition? Its constraints and indexes are
/// looked at with those of the partitioned table; a foreign key to that has one more for each
/// partition, which is in no snapshot.
bool stands_by_itself(const ObjectId& user, const ObjectId& table, const PlanContext& ctx) {
  if (user == table) return false;
  if (user.kind == Kind::Constraint && !ctx.live.contains(user)) return false;
  return relation_of(user) != table || (user.kind != Kind::Constraint && user.kind != Kind::Index);
}

/// What stands on the columns of partitions themselves, for people.
std::string users_of(const std::set<ObjectId>& columns, const PlanContext& ctx) {
  if (ctx.live_edges != nullptr)
    for (const Edge& edge : *ctx.live_edges)
      if (columns.contains(edge.on) && stands_by_itself(edge.dependent, relation_of(edge.on), ctx))
        return to_string(edge.dependent) + " stands on it in partition " +
               name_of(relation_of(edge.on));
  for (const auto& [sequence, owned] : ctx.live.sequences)
    if (columns.contains(owned.owned_by))
      return to_string(sequence) + " is owned by it in partition " +
             name_of(relation_of(owned.owned_by));
  if (ctx.uses != nullptr)
    for (const UnmanagedUse& use : *ctx.uses)
      if (columns.contains(use.on))
        return use.user.kind + " " + use.user.name + " stands on it in partition " +
               name_of(relation_of(use.on));
  return {};
}

/// PostgreSQL adds the column to a foreign table that is a partition too, and nobody fills it.
std::string foreign_partition(const std::set<ObjectId>& tables, const PlanContext& ctx) {
  if (ctx.uses == nullptr) return {};
  for (const UnmanagedUse& use : *ctx.uses)
    if (tables.contains(use.on) && use.user.kind == "foreign table")
      return "foreign table " + use.user.name + " is a partition of " + name_of(use.on);
  return {};
}

}  // namespace

std::vector<ObjectId> columns_below(const ObjectId& column, const Snapshot& live) {
  const Table* table = live.find<Table>(relation_of(column));
  std::vector<ObjectId> columns;
  if (table == nullptr || table->partition_key.empty()) return columns;
  for (const ObjectId& partition : descendants(live, relation_of(column)))
    columns.push_back(child_id(Kind::Column, partition, column.name));
  return columns;
}

std::vector<Sql> drop_not_null_sql(const ObjectId& column, const std::string& name,
                                   const Snapshot& live) {
  const auto drop = [&](const ObjectId& of) {
    return sql("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL", relation_name(of), Ident{name});
  };
  // Each before those below it: what is inherited still cannot be dropped.
  const auto depth = [&](const ObjectId& of) {
    int levels = 0;
    for (const Table* table = live.find<Table>(relation_of(of));
         table != nullptr && !table->partition_of.empty(); ++levels)
      table = live.find<Table>(table_id(table->partition_of.schema, table->partition_of.name));
    return levels;
  };
  std::vector<ObjectId> below = columns_below(column, live);
  std::ranges::stable_sort(below, {}, depth);
  std::vector<Sql> all{drop(column)};
  for (const ObjectId& partition : below) all.push_back(drop(partition));
  return all;
}

std::string tree_obstacle(const ObjectId& column, const PlanContext& ctx) {
  const ObjectId table = relation_of(column);
  const Table& live = ctx.live.tables.at(table);
  if (!live.partition_of.empty()) return "the table is a partition";
  if (!live.inherits.empty()) return "the table inherits from others";
  if (live.partition_key.empty())
    return has_children(ctx, table) ? "other tables inherit from the table" : "";
  if (descendants(ctx.live, table).size() != descendants(ctx.desired, table).size())
    return "partitions of the table come or go in the same plan";
  const std::vector<ObjectId> below = columns_below(column, ctx.live);
  std::set<ObjectId> tables{table};
  for (const ObjectId& part : below) tables.insert(relation_of(part));
  if (const std::string found = foreign_partition(tables, ctx); !found.empty()) return found;
  for (const ObjectId& part : below)
    if (const std::string found = Partition(part, column, ctx).obstacle(); !found.empty())
      return found;
  return users_of({below.begin(), below.end()}, ctx);
}

std::vector<Proof> partition_facts(const ObjectId& column, const Snapshot& live) {
  const std::vector<ObjectId> below = columns_below(column, live);
  if (live.tables.at(relation_of(column)).partition_key.empty()) return {};
  const Literal table{to_sql(relation_name(column))};
  std::vector<Literal> names{table};
  for (const ObjectId& part : below) names.push_back({to_sql(relation_name(part))});
  const Sql own = sql(
      "(SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attribute a JOIN "
      "pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = "
      "p.relid AND a.attname = {})",
      Literal{column.name});
  const Sql above =
      sql("(SELECT {} FROM (SELECT {}::pg_catalog.regclass AS relid) AS p)", own, table);
  return {{sql("SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_partition_tree({}) AS p WHERE p.relid "
               "<> ALL (ARRAY(SELECT pg_catalog.to_regclass(n) FROM unnest(ARRAY[{}]) AS n WHERE "
               "pg_catalog.to_regclass(n) IS NOT NULL)) AND {} IS DISTINCT FROM {})",
               table, sql_list(names), own, above)
               .text,
           "no partition of " + table.text +
               " that was made in the meantime has a default of its "
               "own for " +
               quote_ident(column.name)}};
}

bool plain_change_loses(const ObjectId& column, const PlanContext& ctx) {
  bool found = false;
  for (const ObjectId& part : columns_below(column, ctx.live)) {
    if (const Column* wanted = ctx.desired.find<Column>(part); wanted != nullptr)
      found = found || wanted->default_value != ctx.desired.columns.at(column).default_value;
    const auto look = [&](const ObjectId&, const auto& object) {
      found = found || names(object.columns, column.name);
    };
    for_each_child<Index>(ctx.live, relation_of(part), look);
    for_each_child<Constraint>(ctx.live, relation_of(part),
                               [&](const ObjectId& id, const Constraint& c) {
                                 if (c.type != Constraint::Type::Check) look(id, c);
                               });
  }
  return found;
}

std::vector<Step> tree_proofs(const ObjectId& column, const std::string& check,
                              const std::string& why, const PlanContext& ctx) {
  std::vector<ObjectId> tables = leaves(ctx.live, relation_of(column));
  if (tables.empty() || tables.front() != relation_of(column))
    tables.push_back(relation_of(column));
  std::vector<Step> steps;
  for (const ObjectId& table : tables) {
    Step step = validate_step(child_id(Kind::Column, table, column.name), check,
                              {.type = Constraint::Type::Check}, ctx);
    step.object = column;
    step.source = ctx.sources.describe(ctx.desired.place_of(column));
    if (!why.empty()) step.why = why;
    if (table != relation_of(column)) step.why = "Partition " + name_of(table) + ": " + step.why;
    step.phase = Phase::Backfill;
    step.prelude = step.undone_by_others = true;
    if (tables.size() > 1 && table == tables.back()) {
      step.why = "All partitions are proven, and with them the partitioned table: no row is read.";
      step.scans = false;
      step.rows = step.bytes = -1;
      step.duration_ms = 0;
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<Sql> partition_defaults(const ObjectId& column, const Snapshot& side) {
  std::vector<Sql> statements;
  for (const ObjectId& part : columns_below(column, side))
    append(statements, child_column_sql(part, side.columns.at(part), side.columns.at(column)));
  return statements;
}

std::vector<Sql> drop_partition_defaults(const ObjectId& column, const Snapshot& side) {
  std::vector<Sql> statements;
  if (!side.columns.at(column).default_value.empty()) return statements;
  for (const ObjectId& part : columns_below(column, side))
    if (!side.columns.at(part).default_value.empty())
      statements.push_back(sql("ALTER TABLE ONLY {} ALTER COLUMN {} DROP DEFAULT",
                               relation_name(part), Ident{part.name}));
  return statements;
}

}  // namespace aloft
