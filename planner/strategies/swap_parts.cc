#include "planner/strategies/swap_parts.h"

#include <algorithm>

#include "planner/emit/key_index.h"
#include "planner/emit/table_sql.h"
#include "planner/emit/view_sql.h"
#include "planner/strategies/swap_referring.h"
#include "planner/strategies/swap_tree.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

bool has_index(const Constraint& constraint) {
  using enum Constraint::Type;
  return constraint.type == PrimaryKey || constraint.type == Unique || constraint.type == Exclusion;
}

/// The columns of the primary key.
std::vector<std::string> key_of(const Snapshot& side, const ObjectId& table) {
  std::vector<std::string> columns;
  for_each_child<Constraint>(side, table, [&](const ObjectId&, const Constraint& c) {
    if (c.type == Constraint::Type::PrimaryKey) columns = c.columns;
  });
  return columns;
}

/// Those that are there stay where they are for `SELECT *`, new ones come last, as ADD COLUMN would
/// have it.
std::vector<std::string> column_order(const Table& from, const Table& to) {
  std::vector<std::string> order = from.column_order;
  for (const std::string& name : to.column_order)
    if (std::ranges::find(order, name) == order.end()) order.push_back(name);
  return order;
}

}  // namespace

std::set<std::vector<std::string>> unique_columns(const Snapshot& side, const ObjectId& table) {
  std::set<std::vector<std::string>> keys;
  const auto add = [&](std::vector<std::string> columns) {
    std::ranges::sort(columns);
    keys.insert(std::move(columns));
  };
  for_each_child<Constraint>(side, table, [&](const ObjectId&, const Constraint& c) {
    if (is_unique_key(c)) add(c.columns);
  });
  for_each_child<Index>(side, table, [&](const ObjectId&, const Index& index) {
    if (index.unique && !index.plain_keys().empty()) add(index.plain_keys());
  });
  return keys;
}

std::string copy_table_name(const ObjectId& table) {
  return suffixed(table.name, "__new_" + run_mark(table).substr(0, 4));
}
std::string old_table_name(const ObjectId& table) {
  return suffixed(table.name, "__old_" + run_mark(table).substr(0, 4));
}

SwapParts::SwapParts(const ObjectId& about, const PlanContext& ctx)
    : about_(about),
      ctx_(ctx),
      table_(relation_of(about)),
      from_(ctx.live.tables.at(table_)),
      to_(ctx.desired.tables.at(table_)),
      mark_(run_mark(table_)),
      copy_(table_id(table_.schema, copy_table_name(table_))),
      old_(table_id(table_.schema, old_table_name(table_))),
      witness_{"aloft", "witness_" + mark_} {}

std::vector<std::string> SwapParts::shared_columns() const {
  std::vector<std::string> names;
  for (const ObjectId& id : columns_in_order(ctx_.live, table_, {})) {
    const Column* wanted = ctx_.desired.find<Column>(id);
    if (wanted != nullptr && wanted->generated == ' ') names.push_back(id.name);
  }
  return names;
}

std::vector<ObjectId> SwapParts::new_columns() const {
  std::vector<ObjectId> found;
  for_each_child<Column>(ctx_.desired, table_, [&](const ObjectId& id, const Column&) {
    if (!ctx_.live.contains(id)) found.push_back(id);
  });
  return found;
}

CopyTrigger SwapParts::forward() const {
  CopyTrigger trigger{
      .from = table_, .to = copy_, .name = "copy_" + mark_, .columns = shared_columns()};
  trigger.referred = !referring_keys(table_, ctx_).empty();
  // With the columns that a partitioned table's key has to have more it is a key of the first
  // table, too.
  trigger.key = key_of(ctx_.desired, table_);
  trigger.key_is_of_from = trigger.key.size() == key_of(ctx_.live, table_).size();
  return trigger;
}

CopyTrigger SwapParts::backward() const {
  CopyTrigger trigger = forward();
  trigger.to = old_;
  trigger.name = "back_" + mark_;
  trigger.from_tree = tree();
  if (!trigger.key_is_of_from) trigger.narrow_key = key_of(ctx_.live, table_);
  trigger.key_is_of_from = true;
  return trigger;
}

std::vector<SwapIndex> SwapParts::indexes_of(const Snapshot& side, std::string_view suffix) const {
  std::vector<SwapIndex> found;
  const auto add = [&](const ObjectId& id) {
    found.push_back({id, suffixed(id.name, std::string(suffix) + run_mark(id).substr(0, 4))});
  };
  for_each_child<Constraint>(side, table_, [&](const ObjectId& id, const Constraint& c) {
    if (has_index(c)) add(id);
  });
  for_each_child<Index>(side, table_, [&](const ObjectId& id, const Index&) { add(id); });
  return found;
}

Snapshot SwapParts::copy_side() const {
  Snapshot side;
  side.search_path = ctx_.desired.search_path;
  Table& table = side.tables.emplace(copy_, to_).first->second;
  table.column_order = column_order(from_, to_);
  for_each_child<Column>(ctx_.desired, table_, [&](const ObjectId& id, const Column& column) {
    Column& copy =
        side.columns.emplace(child_id(Kind::Column, copy_, id.name), column).first->second;
    copy.identity = ' ';
  });
  const std::vector<SwapIndex> indexes = new_indexes();
  for_each_child<Constraint>(ctx_.desired, table_, [&](const ObjectId& id, const Constraint& c) {
    const auto it = std::ranges::find(indexes, id, &SwapIndex::id);
    const std::string& name = it == indexes.end() ? id.name : it->aside;
    side.constraints.emplace(child_id(Kind::Constraint, copy_, name), c);
  });
  if (tree()) add_partitions(side);
  return side;
}

void SwapParts::add_partitions(Snapshot& side) const {
  const std::vector<SwapIndex> indexes = new_indexes();
  const auto aside = [&](Name& name) {
    for (const auto& [id, other] : indexes)
      if (name == Name{id.schema, id.name}) name.name = other;
  };
  for (const auto& [id, other] : indexes)
    if (id.kind == Kind::Index)
      side.indexes.emplace(child_id(Kind::Index, copy_, other), ctx_.desired.indexes.at(id));
  for (const ObjectId& table : partitions_of(ctx_.desired, table_)) {
    Table& part = side.tables.emplace(table, ctx_.desired.tables.at(table)).first->second;
    if (part.partition_of == Name{table_.schema, table_.name}) part.partition_of.name = copy_.name;
    for_each_child<Column>(ctx_.desired, table, [&](const ObjectId& id, const Column& column) {
      side.columns.emplace(id, column).first->second.identity = ' ';
    });
    for_each_child<Constraint>(ctx_.desired, table, [&](const ObjectId& id, const Constraint& c) {
      aside(side.constraints.emplace(id, c).first->second.parent);
    });
    for_each_child<Index>(ctx_.desired, table, [&](const ObjectId& id, const Index& index) {
      aside(side.indexes.emplace(id, index).first->second.parent);
    });
  }
}

Sql SwapParts::no_crash() const {
  return sql("SELECT EXISTS (SELECT FROM {})", witness_);
}

std::vector<ObjectId> SwapParts::views() const {
  std::vector<ObjectId> found;
  if (ctx_.live_edges == nullptr) return found;
  for (const Edge& edge : *ctx_.live_edges)
    if (edge.dependent.kind == Kind::View && relation_of(edge.on) == table_ &&
        std::ranges::find(found, edge.dependent) == found.end())
      found.push_back(edge.dependent);
  return found;
}

std::vector<Sql> SwapParts::replace_views() const {
  std::vector<Sql> statements;
  for (const ObjectId& view : views())
    statements.push_back(replace_view_sql(view, ctx_.live.views.at(view)));
  return statements;
}

std::vector<ObjectId> SwapParts::with_referring(std::vector<ObjectId> tables) const {
  for (const ObjectId& key : referring_keys(table_, ctx_))
    if (std::ranges::find(tables, relation_of(key)) == tables.end())
      tables.push_back(relation_of(key));
  return tables;
}

std::vector<ObjectId> SwapParts::foreign_keys() const {
  std::vector<ObjectId> found;
  for_each_child<Constraint>(ctx_.live, table_, [&](const ObjectId& id, const Constraint& c) {
    if (c.type == Constraint::Type::ForeignKey) found.push_back(id);
  });
  return found;
}

ObjectId SwapParts::referenced_by(const ObjectId& foreign_key) const {
  const Name& there = ctx_.live.constraints.at(foreign_key).referenced;
  return table_id(there.schema, there.name);
}

Sql SwapParts::compare(const CopyTrigger& trigger, const std::string& message) const {
  const Sql body = sql("BEGIN IF {} THEN RAISE EXCEPTION USING MESSAGE = {}; END IF; END",
                       trigger.differ_sql(), Literal{message});
  return sql("DO {}", Literal{body.text});
}

std::vector<Sql> SwapParts::rename_indexes(const ObjectId& table,
                                           const std::vector<SwapIndex>& indexes,
                                           bool aside) const {
  std::vector<Sql> statements;
  for (const auto& [id, other] : indexes) {
    const std::string &now = aside ? id.name : other, &then = aside ? other : id.name;
    statements.push_back(id.kind == Kind::Index ? sql("ALTER INDEX {} RENAME TO {}",
                                                      QualifiedName{table.schema, now}, Ident{then})
                                                : sql("ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
                                                      qualified(table), Ident{now}, Ident{then}));
  }
  return statements;
}

ObjectId SwapParts::identity_column() const {
  ObjectId found;
  for_each_child<Column>(ctx_.live, table_, [&](const ObjectId& id, const Column& column) {
    if (column.identity != ' ') found = id;
  });
  return found;
}

std::vector<Sql> SwapParts::sequences_to(const ObjectId& table) const {
  std::vector<Sql> statements;
  for (const auto& [id, sequence] : ctx_.live.sequences)
    if (!sequence.owned_by.name.empty() && relation_of(sequence.owned_by) == table_)
      statements.push_back(sql("ALTER SEQUENCE {} OWNED BY {}.{}", qualified(id), qualified(table),
                               Ident{sequence.owned_by.name}));
  return statements;
}

}  // namespace aloft
