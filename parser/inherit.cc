#include "parser/inherit.h"

#include <algorithm>
#include <tuple>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/table_build.h"

namespace aloft {
namespace {

using Type = Constraint::Type;

Name name_of_table(const ObjectId& id) {
  return {id.schema, id.name};
}

SourcePos place_of_table(const ParseContext& context, const ObjectId& id) {
  const Table* table = context.snapshot.find<Table>(id);
  return table == nullptr ? SourcePos{} : table->at;
}

bool is_partition(const ParseContext& context, const ObjectId& id) {
  const Table* table = context.snapshot.find<Table>(id);
  return table != nullptr && !table->partition_of.empty();
}

/// The objects of one kind on a table, copied: what follows may change the map.
template <class T>
std::vector<std::pair<ObjectId, T>> on_table(const ParseContext& context, const ObjectId& table) {
  std::vector<std::pair<ObjectId, T>> result;
  for_each_child<T>(context.snapshot, table,
                    [&](const ObjectId& id, const T& object) { result.emplace_back(id, object); });
  return result;
}

/// The constraint as a child has it.
Constraint inherited_copy(const Constraint& from, SourcePos at) {
  Constraint copy = from;
  copy.local = false;
  copy.inherited = true;
  copy.clustered = false;
  copy.named = false;
  copy.comment.clear();
  copy.index_comment.clear();
  copy.renamed_from.clear();
  copy.at = at;
  return copy;
}

/// Is the table made above the statement at `said`? What CREATE TABLE brings from a parent it takes
/// for valid, and a partition makes it before its own keys, so that a statement above does not find
/// these. Attaching (`said` is unknown) finds all.
bool made_above(const ParseContext& context, const ObjectId& table, SourcePos said) {
  const SourcePos made = place_of_table(context, table);
  return !said.known() || said.file != made.file ||
         std::tie(made.line, made.column) < std::tie(said.line, said.column);
}

void take_check(ParseContext& context, const ObjectId& child, const std::string& name,
                const Constraint& check) {
  const ObjectId id = child_id(Kind::Constraint, child, name);
  const auto there = context.snapshot.constraints.find(id);
  if (there == context.snapshot.constraints.end()) {
    Constraint copy = inherited_copy(check, place_of_table(context, child));
    copy.validated = copy.validated || !made_above(context, child, check.at);
    insert_constraint(context, id, std::move(copy));
    return;
  }
  there->second.inherited = true;
  if (is_partition(context, child)) there->second.local = false;
}

std::string clone_key_name(const ObjectId& table, const Constraint& key,
                           const ParseContext& context) {
  if (key.type == Type::PrimaryKey) return choose_relation_name(table, "", "pkey", true, context);
  std::vector<std::string> names = key.columns;
  names.insert(names.end(), key.include.begin(), key.include.end());
  return choose_relation_name(table, joined_columns(names),
                              key.type == Type::Unique ? "key" : "excl", true, context);
}

void spread_key_said(ParseContext&, const ObjectId& table, const ObjectId& constraint,
                     SourcePos said);
void spread_index_said(ParseContext&, const ObjectId& table, const ObjectId& index, SourcePos said);

/// The partition's part of a key: its own if it has an equal one, else a new one.
void take_key(ParseContext& context, const ObjectId& partition, const Constraint& key,
              SourcePos said) {
  for (auto& [id, own] : on_table<Constraint>(context, partition)) {
    if (own.type != key.type || own.inherited || own.definition.sql != key.definition.sql ||
        !own.parent.empty() || !made_above(context, partition, said))
      continue;
    Constraint& adopted = context.snapshot.constraints[id];
    adopted.inherited = true;
    adopted.local = false;
    return;
  }
  const ObjectId id =
      child_id(Kind::Constraint, partition, clone_key_name(partition, key, context));
  insert_constraint(context, id, inherited_copy(key, place_of_table(context, partition)));
  spread_key_said(context, partition, id, said);
}

void take_foreign_key(ParseContext& context, const ObjectId& partition, const ObjectId& from,
                      const Constraint& key) {
  for (auto& [id, own] : on_table<Constraint>(context, partition)) {
    if (own.type != key.type || own.inherited || own.definition.sql != key.definition.sql) continue;
    Constraint& adopted = context.snapshot.constraints[id];
    adopted.inherited = true;
    adopted.local = false;
    return;
  }
  ObjectId id = child_id(Kind::Constraint, partition, from.name);
  if (context.snapshot.constraints.contains(id))
    id.name = choose_constraint_name(partition, joined_columns(key.columns), "fkey", context);
  insert_constraint(context, id, inherited_copy(key, place_of_table(context, partition)));
  if (const auto open = context.open_references.find(from); open != context.open_references.end())
    context.open_references[id] = open->second;
  spread_foreign_key(context, partition, id);
}

/// The definition of the index behind a key.
std::string key_index(const Constraint& key) {
  std::string text = "USING btree " + column_list(key.columns);
  if (!key.include.empty()) text += " INCLUDE " + column_list(key.include);
  if (key.definition.sql.find("NULLS NOT DISTINCT") != std::string::npos)
    text += " NULLS NOT DISTINCT";
  return text;
}

/// The partition's own index, free or behind a key, that is to be part of the parent's: of several
/// equal ones PostgreSQL takes the oldest.
std::optional<ObjectId> own_index(const ParseContext& context, const ObjectId& partition,
                                  const Index& index, SourcePos said) {
  std::optional<ObjectId> oldest;
  SourcePos oldest_at;
  const auto consider = [&](const ObjectId& id, SourcePos at) {
    if (oldest && std::tie(oldest_at.file, oldest_at.line, oldest_at.column) <=
                      std::tie(at.file, at.line, at.column))
      return;
    oldest = id;
    oldest_at = at;
  };
  if (index.unique && made_above(context, partition, said))
    for_each_child<Constraint>(context.snapshot, partition,
                               [&](const ObjectId& id, const Constraint& own) {
                                 if (is_key(own) && own.type != Type::Exclusion && !own.inherited &&
                                     own.parent.empty() && key_index(own) == index.definition.sql)
                                   consider(id, own.at);
                               });
  for_each_child<Index>(context.snapshot, partition, [&](const ObjectId& id, const Index& own) {
    if (own.unique == index.unique && own.parent.empty() &&
        own.definition.sql == index.definition.sql)
      consider(id, own.at);
  });
  return oldest;
}

void take_index(ParseContext& context, const ObjectId& partition, const ObjectId& from,
                const Index& index, SourcePos said) {
  const Name parent{from.schema, from.name};
  if (const auto own = own_index(context, partition, index, said)) {
    if (own->kind == Kind::Index)
      context.snapshot.indexes[*own].parent = parent;
    else
      context.snapshot.constraints[*own].parent = parent;
    return;
  }
  Index copy = index;
  copy.parent = parent;
  copy.only = copy.clustered = copy.named = false;
  copy.valid = true;
  copy.comment.clear();
  copy.statistics.clear();
  copy.renamed_from.clear();
  copy.at = place_of_table(context, partition);
  const ObjectId id = child_id(Kind::Index, partition, clone_index_name(partition, index, context));
  insert_index(context, id, std::move(copy));
  spread_index_said(context, partition, id, said);
}

void spread_index_said(ParseContext& context, const ObjectId& table, const ObjectId& index,
                       SourcePos said) {
  if (!is_partitioned(context, table)) return;
  const Index from = context.snapshot.indexes.at(index);
  for (const ObjectId& child : children_of(context, table))
    take_index(context, child, index, from, said);
}

void spread_key_said(ParseContext& context, const ObjectId& table, const ObjectId& constraint,
                     SourcePos said) {
  if (!is_partitioned(context, table)) return;
  const Constraint from = context.snapshot.constraints.at(constraint);
  for (const ObjectId& child : children_of(context, table)) take_key(context, child, from, said);
}

}  // namespace

std::vector<ObjectId> parents_of(const PgQuery__CreateStmt& stmt, const Statement& st,
                                 const ParseContext& context) {
  std::vector<ObjectId> parents;
  const auto add = [&](const PgQuery__RangeVar& name) {
    parents.push_back(table_id(relation_schema(name, st, context), name.relname));
  };
  for (const PgQuery__Node* node : pg::list(stmt.n_inh_relations, stmt.inh_relations))
    add(*node->range_var);
  for (const PgQuery__Node* node : pg::list(stmt.n_table_elts, stmt.table_elts))
    if (node->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE)
      add(*node->table_like_clause->relation);
  if (stmt.of_typename != nullptr) {
    const Name name = resolve_name(pg::names(stmt.of_typename->n_names, stmt.of_typename->names),
                                   {Kind::Composite}, st, context);
    parents.push_back({.kind = Kind::Composite, .schema = name.schema, .name = name.name});
  }
  return parents;
}

bool is_partitioned(const ParseContext& context, const ObjectId& id) {
  const Table* table = context.snapshot.find<Table>(id);
  return table != nullptr && !table->partition_key.empty();
}

std::vector<ObjectId> children_of(const ParseContext& context, const ObjectId& table) {
  std::vector<ObjectId> result;
  const auto found = context.children.find(name_of_table(table));
  if (found == context.children.end()) return result;
  for (const Name& child : found->second) result.push_back(table_id(child.schema, child.name));
  return result;
}

void link_child(ParseContext& context, const ObjectId& parent, const ObjectId& child) {
  context.children[name_of_table(parent)].push_back(name_of_table(child));
}

void unlink_child(ParseContext& context, const ObjectId& parent, const ObjectId& child) {
  std::erase(context.children[name_of_table(parent)], name_of_table(child));
}

void inherit_column(ParseContext& context, const ObjectId& child, const std::string& name,
                    const Column& column) {
  if (Column* there = find_column(context, child, name)) {
    there->not_null = there->not_null || column.not_null;
    return;
  }
  Column copy{.type = column.type,
              .collation = column.collation,
              .default_value = column.default_value,
              .not_null = column.not_null,
              .generated = column.generated,
              .storage = column.storage,
              .local = false,
              .compression = column.compression,
              .at = place_of_table(context, child)};
  insert_column(context, child, name, std::move(copy));
}

void inherit_checks(ParseContext& context, const ObjectId& parent, const ObjectId& child) {
  for (const auto& [id, check] : on_table<Constraint>(context, parent))
    if (check.type == Type::Check && !check.no_inherit) take_check(context, child, id.name, check);
}

void clone_to_partition(ParseContext& context, const ObjectId& parent, const ObjectId& partition) {
  for (const auto& [id, key] : on_table<Constraint>(context, parent))
    if (is_key(key)) take_key(context, partition, key, {});
  for (const auto& [id, index] : on_table<Index>(context, parent))
    take_index(context, partition, id, index, {});
  for (const auto& [id, key] : on_table<Constraint>(context, parent))
    if (key.type == Type::ForeignKey) take_foreign_key(context, partition, id, key);
}

void spread_column(ParseContext& context, const ObjectId& table, const std::string& name) {
  for (const ObjectId& child : children_of(context, table)) {
    const bool there = find_column(context, child, name) != nullptr;
    if (const Column* column = find_column(context, table, name))
      inherit_column(context, child, name, Column(*column));
    if (!there) spread_column(context, child, name);
  }
}

void spread_check(ParseContext& context, const ObjectId& table, const ObjectId& constraint) {
  const Constraint check = context.snapshot.constraints.at(constraint);
  if (check.no_inherit) return;
  for (const ObjectId& child : children_of(context, table)) {
    take_check(context, child, constraint.name, check);
    spread_check(context, child, child_id(Kind::Constraint, child, constraint.name));
  }
}

void spread_not_null(ParseContext& context, const ObjectId& table, const std::string& name) {
  for (const ObjectId& child : children_of(context, table)) {
    if (Column* column = find_column(context, child, name)) column->not_null = true;
    spread_not_null(context, child, name);
  }
}

void spread_index(ParseContext& context, const ObjectId& table, const ObjectId& index) {
  spread_index_said(context, table, index, context.snapshot.indexes.at(index).at);
}

void spread_key(ParseContext& context, const ObjectId& table, const ObjectId& constraint) {
  spread_key_said(context, table, constraint, context.snapshot.constraints.at(constraint).at);
}

void spread_foreign_key(ParseContext& context, const ObjectId& table, const ObjectId& constraint) {
  if (!is_partitioned(context, table)) return;
  const Constraint from = context.snapshot.constraints.at(constraint);
  for (const ObjectId& child : children_of(context, table))
    take_foreign_key(context, child, constraint, from);
}

std::string clone_index_name(const ObjectId& table, const Index& index,
                             const ParseContext& context) {
  pg::ParseError ignored;
  const auto tree = pg::Tree::parse("CREATE INDEX ON x " + index.definition.sql, ignored);
  std::vector<std::string> names = {"expr"};
  if (tree && tree->statements().size() == 1 &&
      tree->statements().front()->stmt->node_case == PG_QUERY__NODE__NODE_INDEX_STMT) {
    const PgQuery__IndexStmt& stmt = *tree->statements().front()->stmt->index_stmt;
    auto elements = index_elements(stmt.n_index_params, stmt.index_params);
    std::ranges::copy(index_elements(stmt.n_index_including_params, stmt.index_including_params),
                      std::back_inserter(elements));
    names = index_column_names(elements);
  }
  return choose_relation_name(table, joined_columns(names), "idx", false, context);
}

void rebuild_lookups(ParseContext& context) {
  context.index_names.clear();
  context.constraint_names.clear();
  for (const auto& [id, index] : context.snapshot.indexes)
    context.index_names[{id.schema, id.name}] = id;
  for (const auto& [id, constraint] : context.snapshot.constraints) {
    context.constraint_names.insert({id.schema, id.name});
    if (is_key(constraint)) context.index_names[{id.schema, id.name}] = id;
  }
  // The order in which children came is kept where the names are still the same.
  std::map<Name, std::vector<Name>> children;
  for (const auto& [id, table] : context.snapshot.tables) {
    const Name child{id.schema, id.name};
    if (!table.partition_of.empty()) children[table.partition_of].push_back(child);
    for (const Name& parent : table.inherits) children[parent].push_back(child);
  }
  context.children = std::move(children);
}

namespace {

/// Whether every partition has its part of the index.
bool whole(const ParseContext& context, const ObjectId& index) {
  const Name name{index.schema, index.name};
  for (const ObjectId& child : children_of(context, relation_of(index))) {
    bool has = false;
    for_each_child<Index>(context.snapshot, child, [&](const ObjectId& id, const Index& part) {
      if (part.parent == name && (!part.only || whole(context, id))) has = true;
    });
    for_each_child<Constraint>(
        context.snapshot, child,
        [&](const ObjectId&, const Constraint& key) { has = has || key.parent == name; });
    if (!has) return false;
  }
  return true;
}

void complete_reference(ParseContext& context, const ObjectId& id, std::size_t place) {
  const auto found = context.snapshot.constraints.find(id);
  if (found == context.snapshot.constraints.end()) return;
  Constraint& key = found->second;
  const ObjectId table = table_id(key.referenced.schema, key.referenced.name);
  if (!context.snapshot.tables.contains(table))
    return report_unknown(context, key.at, to_string(table));
  for_each_child<Constraint>(context.snapshot, table, [&](const ObjectId&, const Constraint& c) {
    if (c.type == Type::PrimaryKey) key.referenced_columns = c.columns;
  });
  if (key.referenced_columns.empty()) {
    context.diagnostics.error(
        "unknown-object",
        to_string(id) + " references " + to_string(table) + ", which has no primary key",
        "Name the referenced columns.", key.at);
    return;
  }
  key.definition.sql.insert(place, column_list(key.referenced_columns));
}

}  // namespace

void finish_partitions(ParseContext& context) {
  std::vector<ObjectId> complete;
  for (const auto& [id, index] : context.snapshot.indexes)
    if (index.only && whole(context, id)) complete.push_back(id);
  for (auto& [id, index] : context.snapshot.indexes) index.valid = !index.only;
  for (const ObjectId& id : complete) {
    context.snapshot.indexes[id].only = false;
    context.snapshot.indexes[id].valid = true;
  }
  for (const auto& [id, place] : context.open_references) complete_reference(context, id, place);
}

}  // namespace aloft
