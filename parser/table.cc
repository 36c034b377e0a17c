// CREATE TABLE.

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/inherit.h"
#include "parser/table_build.h"
#include "parser/table_like.h"

namespace aloft {
namespace {

bool refused(const PgQuery__CreateStmt& stmt, const Statement& st, ParseContext& context) {
  const SourcePos at = st.at(stmt.relation->location);
  if (*stmt.relation->relpersistence == 't') {
    refuse(context, at, "temporary tables");
    return true;
  }
  if (*stmt.relation->catalogname != '\0') refuse(context, at, "names with a database");
  if (stmt.oncommit > PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_NOOP) refuse(context, at, "ON COMMIT");
  return false;
}

/// Where the columns and constraints start.
std::vector<int> elements_of(const PgQuery__CreateStmt& stmt) {
  std::vector<int> starts;
  for (const PgQuery__Node* node : pg::list(stmt.n_table_elts, stmt.table_elts)) {
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF)
      starts.push_back(node->column_def->location);
    if (node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT)
      starts.push_back(node->constraint->location);
  }
  return starts;
}

Table new_table(const PgQuery__CreateStmt& stmt, const Statement& st, ParseContext& context) {
  Table table{.unlogged = *stmt.relation->relpersistence == 'u',
              .options = options_of(stmt.n_options, stmt.options),
              .access_method = stmt.access_method,
              .tablespace = stmt.tablespacename,
              .at = st.at(stmt.relation->location)};
  if (table.access_method == "heap") table.access_method.clear();
  if (stmt.partspec != nullptr) table.partition_key.sql = partition_key(*stmt.partspec);
  if (stmt.partbound != nullptr) table.partition_bound.sql = partition_bound(*stmt.partbound);
  const std::vector<int> elements = elements_of(stmt);
  table.renamed_from = renamed_from(st, -1, elements, context);
  if (table.renamed_from.empty())
    table.renamed_from = renamed_from(st, stmt.relation->location, elements, context);
  return table;
}

/// The columns of the parents, before the table's own.
void take_parents(const PgQuery__CreateStmt& stmt, const ObjectId& id, const Statement& st,
                  ParseContext& context) {
  for (const PgQuery__Node* node : pg::list(stmt.n_inh_relations, stmt.inh_relations)) {
    const PgQuery__RangeVar& name = *node->range_var;
    const ObjectId parent = table_id(relation_schema(name, st, context), name.relname);
    const auto found = context.snapshot.tables.find(parent);
    if (found == context.snapshot.tables.end()) {
      report_unknown(context, st.at(name.location), to_string(parent));
      continue;
    }
    Table& table = context.snapshot.tables[id];
    if (stmt.partbound != nullptr) {
      table.partition_of = {parent.schema, parent.name};
      if (table.tablespace.empty()) table.tablespace = found->second.tablespace;
    } else {
      table.inherits.push_back({parent.schema, parent.name});
    }
    const std::vector<std::string> order = found->second.column_order;
    for (const std::string& column : order)
      if (const Column* from = find_column(context, parent, column))
        inherit_column(context, id, column, *from);
    link_child(context, parent, id);
  }
}

/// CREATE TABLE ... OF: the attributes of the composite type.
void take_type(const PgQuery__CreateStmt& stmt, const ObjectId& id, const Statement& st,
               ParseContext& context) {
  if (stmt.of_typename == nullptr) return;
  const auto written = pg::names(stmt.of_typename->n_names, stmt.of_typename->names);
  const Name name = resolve_name(written, {Kind::Composite}, st, context);
  context.snapshot.tables[id].of_type = name;
  const ObjectId type{.kind = Kind::Composite, .schema = name.schema, .name = name.name};
  const Composite* composite = context.snapshot.find<Composite>(type);
  if (composite == nullptr)
    return report_unknown(context, st.at(stmt.of_typename->location), to_string(type));
  for (const Attribute& attribute : composite->attributes)
    insert_column(context, id, attribute.name,
                  {.type = attribute.type,
                   .collation = attribute.collation,
                   .at = context.snapshot.tables[id].at});
}

/// A column said in CREATE TABLE: new, an inherited one said again, or options for one.
void take_column(const PgQuery__ColumnDef& def, const ObjectId& id, bool options_only,
                 Clauses& clauses, const Statement& st, ParseContext& context) {
  Column* const there = find_column(context, id, def.colname);
  if (options_only) {
    if (there == nullptr)
      return report_unknown(context, st.at(def.location),
                            to_string(child_id(Kind::Column, id, def.colname)));
    there->at = st.at(def.location);
    return read_column_clauses(def, id, *there, clauses, st, context);
  }
  Column column = read_column(def, id, clauses, st, context);
  if (there == nullptr || there->local) {
    insert_column(context, id, def.colname, std::move(column));
    return;
  }
  // Merged with the inherited one: the child's own default wins, NOT NULL of either holds.
  column.not_null = column.not_null || there->not_null;
  if (column.default_value.empty()) {
    column.default_value = there->default_value;
    column.generated = there->generated;
  }
  if (column.compression.empty()) column.compression = there->compression;
  if (column.storage == ' ') column.storage = there->storage;
  *there = std::move(column);
}

void take_elements(const PgQuery__CreateStmt& stmt, const ObjectId& id, Clauses& clauses,
                   const Statement& st, ParseContext& context) {
  const bool options_only = stmt.partbound != nullptr || stmt.of_typename != nullptr;
  for (const PgQuery__Node* element : pg::list(stmt.n_table_elts, stmt.table_elts)) {
    switch (static_cast<int>(element->node_case)) {
      case PG_QUERY__NODE__NODE_COLUMN_DEF:
        take_column(*element->column_def, id, options_only, clauses, st, context);
        break;
      case PG_QUERY__NODE__NODE_CONSTRAINT: sort_clause(*element->constraint, clauses); break;
      case PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE:
        take_like(*element->table_like_clause, id, st, context);
        break;
      default: refuse(context, st.at(), "an element of this CREATE TABLE");
    }
  }
}

std::vector<ObjectId> inherited_from(const Table& table) {
  std::vector<ObjectId> parents;
  if (!table.partition_of.empty())
    parents.push_back(table_id(table.partition_of.schema, table.partition_of.name));
  for (const Name& parent : table.inherits) parents.push_back(table_id(parent.schema, parent.name));
  return parents;
}

}  // namespace

void parse_create_table(const PgQuery__CreateStmt& stmt, const Statement& st,
                        ParseContext& context) {
  if (refused(stmt, st, context)) return;
  const SourcePos at = st.at(stmt.relation->location);
  const std::string schema = creation_schema(stmt.relation->schemaname, st, context, at);
  if (schema.empty()) return;
  const ObjectId id = table_id(schema, stmt.relation->relname);
  if (stmt.if_not_exists && context.said.contains(id)) return;
  if (!first_time(context, id, at)) return;
  context.snapshot.tables[id] = new_table(stmt, st, context);
  take_parents(stmt, id, st, context);
  take_type(stmt, id, st, context);
  Clauses clauses;
  take_elements(stmt, id, clauses, st, context);
  const auto parents = inherited_from(context.snapshot.tables[id]);
  for (const ObjectId& parent : parents) inherit_checks(context, parent, id);
  take_like_checks(stmt, id, st, context);
  add_checks(clauses.checks, id, false, st, context);
  if (stmt.partbound != nullptr)
    for (const ObjectId& parent : parents) clone_to_partition(context, parent, id);
  add_keys(clauses.keys, id, false, st, context);
  take_like_keys(stmt, id, st, context);
  add_foreign_keys(clauses.foreign_keys, id, false, st, context);
}

}  // namespace aloft
