#include "planner/strategies/swap_tree.h"

#include <algorithm>
#include <cstdlib>

#include "planner/emit/emit.h"
#include "planner/emit/key_index.h"
#include "planner/emit/table_sql.h"

namespace aloft {
namespace {

/// The columns of the primary key, sorted; none where there is none or it is deferrable.
std::vector<std::string> key_columns(const Snapshot& side, const ObjectId& table) {
  std::vector<std::string> columns;
  for_each_child<Constraint>(side, table, [&](const ObjectId&, const Constraint& c) {
    if (c.type == Constraint::Type::PrimaryKey && !c.deferrable) columns = c.columns;
  });
  std::ranges::sort(columns);
  return columns;
}

/// The number after the word in "FOR VALUES WITH (modulus 4, remainder 0)"; 0: it is not there.
long number_after(const std::string& bound, std::string_view word) {
  const auto at = bound.find(word);
  return at == std::string::npos ? 0 : std::strtol(bound.c_str() + at + word.size(), nullptr, 10);
}

/// Are the remainders of all partitions by hash together all there are? PostgreSQL lets no two of
/// them overlap, so that their shares add up.
bool hash_is_whole(const Snapshot& side, const std::vector<ObjectId>& partitions) {
  long common = 1;
  for (const ObjectId& id : partitions)
    common = std::max(common, number_after(side.tables.at(id).partition_bound.sql, "modulus"));
  long share = 0;
  for (const ObjectId& id : partitions)
    if (const long m = number_after(side.tables.at(id).partition_bound.sql, "modulus"); m > 0)
      share += common % m == 0 ? common / m : 0;
  return share == common;
}

void append_sql(std::vector<Sql>& to, const std::vector<Step>& steps) {
  for (const Step& step : steps)
    for (const std::string& statement : step.sql) to.push_back(Sql{statement});
}

}  // namespace

bool becomes_tree(const ObjectId& table, const PlanContext& ctx) {
  const Table *from = ctx.live.find<Table>(table), *to = ctx.desired.find<Table>(table);
  return from != nullptr && to != nullptr && from->partition_key.empty() &&
         !to->partition_key.empty();
}

ObjectId top_of(const ObjectId& id, const Snapshot& desired) {
  ObjectId table = relation_of(id);
  for (const Table* found = desired.find<Table>(table);
       found != nullptr && !found->partition_of.empty(); found = desired.find<Table>(table))
    table = table_id(found->partition_of.schema, found->partition_of.name);
  return table;
}

std::vector<ObjectId> partitions_of(const Snapshot& side, const ObjectId& table) {
  std::vector<ObjectId> found = children(side, table);
  for (std::size_t i = 0; i < found.size(); ++i) append(found, children(side, ObjectId(found[i])));
  return found;
}

bool tree_brings(const ObjectId& id, const Destiny& destiny, const PlanContext& ctx) {
  const bool own = ctx.live.contains(relation_of(id));
  if (id.kind != Kind::Constraint)
    return !own && destiny.fate == Fate::Create &&
           (id.kind == Kind::Table || id.kind == Kind::Column);
  const Constraint *from = ctx.live.find<Constraint>(id), *to = ctx.desired.find<Constraint>(id);
  if (!own) return destiny.fate == Fate::Create && (to->inherited || is_unique_key(*to));
  return (from == nullptr || is_unique_key(*from)) && (to == nullptr || is_unique_key(*to));
}

std::string tree_obstacle(const ObjectId& table, const PlanContext& ctx, const Fates& fates) {
  const std::vector<ObjectId> partitions = partitions_of(ctx.desired, table);
  if (partitions.empty()) return "the files say no partition for its rows";
  for (const ObjectId& id : partitions) {
    if (!fates.is(id, Fate::Create)) return to_string(id) + " is there already";
    if (ctx.desired.tables.at(id).unlogged) return to_string(id) + " is unlogged";
  }
  if (ctx.live.tables.at(table).unlogged || ctx.desired.tables.at(table).unlogged)
    return "the table is unlogged";
  const std::vector<std::string> before = key_columns(ctx.live, table);
  if (!std::ranges::includes(key_columns(ctx.desired, table), before))
    return "its new primary key does not hold the columns of the old one, by which rows are found";
  std::string found;
  for_each_child<Trigger>(ctx.desired, table, [&](const ObjectId& id, const Trigger& trigger) {
    const std::string& text = trigger.definition.sql;
    // A table with partitions has no row triggers with transition tables (all versions).
    if (text.find("REFERENCING") != std::string::npos &&
        text.find("FOR EACH ROW") != std::string::npos)
      found = to_string(id) + " has transition tables";
  });
  return found;
}

bool takes_every_row(const Snapshot& side, const ObjectId& table) {
  const Table& top = side.tables.at(table);
  if (top.partition_key.empty()) return true;
  const std::vector<ObjectId> partitions = children(side, table);
  const bool some = std::ranges::all_of(
      partitions, [&](const ObjectId& id) { return takes_every_row(side, id); });
  if (top.partition_key.sql.starts_with("HASH")) return some && hash_is_whole(side, partitions);
  return some && !default_partition(side, table).name.empty();
}

Sql refuse_rows_beyond(const ObjectId& from, const ObjectId& to) {
  const std::string table = to_sql(qualified(from));
  const Sql body = sql(
      "DECLARE fits text; beyond boolean; BEGIN SELECT string_agg('(' || "
      "pg_catalog.pg_get_partition_constraintdef(relid) || ')', ' OR ') INTO fits FROM "
      "pg_catalog.pg_partition_tree({}) WHERE isleaf; EXECUTE {} || fits || {} INTO beyond; IF "
      "beyond THEN RAISE EXCEPTION USING MESSAGE = {}; END IF; END",
      Literal{to_sql(qualified(to))},
      Literal{"SELECT EXISTS (SELECT FROM ONLY " + table + " WHERE ("}, Literal{") IS NOT TRUE)"},
      Literal{"rows of " + name_of(from) + " are in none of the partitions that the files say"});
  return sql("DO {}", Literal{body.text});
}

std::vector<Sql> create_tree_sql(const ObjectId& copy, const PlanContext& made) {
  std::vector<Sql> statements;
  std::vector<ObjectId> tables{copy};
  append(tables, partitions_of(made.desired, copy));
  for (const ObjectId& table : tables) {
    if (table != copy)
      append_sql(statements, create_steps({.id = table}, made.desired.tables.at(table), made));
    for_each_child<Index>(made.desired, table, [&](const ObjectId& id, const Index& index) {
      append_sql(statements, create_steps({.id = id}, index, made));
    });
  }
  return statements;
}

}  // namespace aloft
