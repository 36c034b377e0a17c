// ALTER TABLE: subcommands about constraints and parents.

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/alter_table.h"
#include "parser/inherit.h"

namespace aloft {
namespace {

using Type = Constraint::Type;

/// ADD CONSTRAINT ... USING INDEX: the index becomes the constraint's and takes its name.
void add_using_index(const PgQuery__Constraint& node, const Altering& on, const Statement& st,
                     ParseContext& context) {
  const auto found = index_by_name(context, {on.table.schema, node.indexname});
  const SourcePos at = st.at(node.location);
  if (!found || found->kind != Kind::Index || relation_of(*found) != on.table)
    return report_unknown(context, at, "index " + quote_ident(node.indexname));
  const Index index = context.snapshot.indexes.at(*found);
  pg::ParseError ignored;
  const auto tree = pg::Tree::parse("CREATE INDEX ON x " + index.definition.sql, ignored);
  if (!tree || index.plain_keys().empty())
    return refuse(context, at, "an index that cannot be a constraint's");
  const PgQuery__IndexStmt& stmt = *tree->statements().front()->stmt->index_stmt;
  const bool primary = node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  Constraint key{.type = primary ? Type::PrimaryKey : Type::Unique,
                 .options = index.options,
                 .tablespace = index.tablespace,
                 .clustered = index.clustered,
                 .index_comment = index.comment,
                 .deferrable = node.deferrable != 0,
                 .initially_deferred = node.initdeferred != 0,
                 .renamed_from = renamed_from(st, -1),
                 .at = at};
  for (const auto* e : index_elements(stmt.n_index_params, stmt.index_params))
    key.columns.push_back(e->name);
  for (const auto* e : index_elements(stmt.n_index_including_params, stmt.index_including_params))
    key.include.push_back(e->name);
  std::string& text = key.definition.sql;
  text = primary                   ? "PRIMARY KEY "
         : stmt.nulls_not_distinct ? "UNIQUE NULLS NOT DISTINCT "
                                   : "UNIQUE ";
  text += column_list(key.columns);
  if (!key.include.empty()) text += " INCLUDE " + column_list(key.include);
  if (key.deferrable) text += " DEFERRABLE";
  if (key.initially_deferred) text += " INITIALLY DEFERRED";
  if (primary)
    for (const std::string& name : key.columns) {
      if (Column* column = find_column(context, on.table, name)) column->not_null = true;
      spread_not_null(context, on.table, name);
    }
  const std::string name = *node.conname != '\0' ? node.conname : node.indexname;
  erase_index(context, *found);
  insert_constraint(context, child_id(Kind::Constraint, on.table, name), std::move(key));
}

void add_constraint(const PgQuery__AlterTableCmd& cmd, const Altering& on, const Statement& st,
                    ParseContext& context) {
  const PgQuery__Constraint& node = *cmd.def->constraint;
  if (*node.indexname != '\0') return add_using_index(node, on, st, context);
  Clauses clauses;
  sort_clause(node, clauses);
  for (auto* list : {&clauses.checks, &clauses.foreign_keys})
    for (Clause& clause : *list) clause.altering = true;
  add_checks(clauses.checks, on.table, on.recurse, st, context);
  add_keys(clauses.keys, on.table, on.recurse, st, context);
  add_foreign_keys(clauses.foreign_keys, on.table, on.recurse, st, context);
}

void drop_constraint(const ObjectId& table, const std::string& name, bool only_inherited,
                     ParseContext& context) {
  const ObjectId id = child_id(Kind::Constraint, table, name);
  const auto found = context.snapshot.constraints.find(id);
  if (found == context.snapshot.constraints.end()) return;
  if (only_inherited && found->second.local) {
    found->second.inherited = false;
    return;
  }
  erase_constraint(context, id);
  for (const ObjectId& child : children_of(context, table))
    drop_constraint(child, name, true, context);
}

/// ALTER CONSTRAINT changes when a foreign key is checked.
void change_deferral(const PgQuery__AlterTableCmd& cmd, const Altering& on, const Statement& st,
                     ParseContext& context) {
  const PgQuery__Constraint& node = *cmd.def->constraint;
  const auto found =
      context.snapshot.constraints.find(child_id(Kind::Constraint, on.table, node.conname));
  if (found == context.snapshot.constraints.end())
    return report_unknown(context, st.at(), "constraint " + quote_ident(node.conname));
  Constraint& key = found->second;
  std::string& text = key.definition.sql;
  for (const std::string_view word : {" INITIALLY DEFERRED", " DEFERRABLE"})
    if (text.ends_with(word)) text.erase(text.size() - word.size());
  key.deferrable = node.deferrable != 0;
  key.initially_deferred = node.initdeferred != 0;
  if (key.deferrable) text += " DEFERRABLE";
  if (key.initially_deferred) text += " INITIALLY DEFERRED";
}

// ---- parents ----

std::optional<ObjectId> table_named(const PgQuery__RangeVar& name, const Statement& st,
                                    ParseContext& context) {
  const ObjectId id = table_id(relation_schema(name, st, context), name.relname);
  if (context.snapshot.tables.contains(id)) return id;
  report_unknown(context, st.at(name.location), to_string(id));
  return std::nullopt;
}

/// MergeAttributesIntoExisting(): the child must have each column of the parent.
void match_columns(const ObjectId& parent, const ObjectId& child, bool partition, SourcePos at,
                   ParseContext& context) {
  for (const std::string& name : context.snapshot.tables[parent].column_order) {
    Column* column = find_column(context, child, name);
    if (column == nullptr)
      report_unknown(context, at, to_string(child_id(Kind::Column, child, name)));
    else if (partition)
      column->local = false;
  }
}

void attach_partition(const PgQuery__PartitionCmd& cmd, const Altering& on, const Statement& st,
                      ParseContext& context) {
  const auto child = table_named(*cmd.name, st, context);
  if (!child) return;
  Table& table = context.snapshot.tables[*child];
  const SourcePos at = st.at(cmd.name->location);
  if (!table.partition_of.empty() || !is_partitioned(context, on.table)) {
    context.diagnostics.error("invalid-statement",
                              !table.partition_of.empty()
                                  ? to_string(*child) + " is already a partition"
                                  : to_string(on.table) + " is not partitioned",
                              "Correct ATTACH PARTITION.", at);
    return;
  }
  table.partition_of = {on.table.schema, on.table.name};
  if (cmd.bound != nullptr) table.partition_bound.sql = partition_bound(*cmd.bound);
  match_columns(on.table, *child, true, at, context);
  link_child(context, on.table, *child);
  inherit_checks(context, on.table, *child);
  clone_to_partition(context, on.table, *child);
}

/// A child that goes its own way keeps everything as its own.
void release(const ObjectId& parent, const ObjectId& child, ParseContext& context) {
  const Name parent_name{parent.schema, parent.name};
  unlink_child(context, parent, child);
  for (const std::string& name : context.snapshot.tables[child].column_order)
    if (Column* column = find_column(context, child, name)) column->local = true;
  std::vector<ObjectId> ids;
  for_each_child<Constraint>(context.snapshot, child,
                             [&](const ObjectId& id, const Constraint&) { ids.push_back(id); });
  for (const ObjectId& id : ids) {
    context.snapshot.constraints[id].inherited = false;
    context.snapshot.constraints[id].local = true;
    context.snapshot.constraints[id].parent = {};
  }
  ids.clear();
  for_each_child<Index>(context.snapshot, child,
                        [&](const ObjectId& id, const Index&) { ids.push_back(id); });
  for (const ObjectId& id : ids) context.snapshot.indexes[id].parent = {};
}

void detach_partition(const PgQuery__PartitionCmd& cmd, const Altering& on, const Statement& st,
                      ParseContext& context) {
  const auto child = table_named(*cmd.name, st, context);
  if (!child) return;
  context.snapshot.tables[*child].partition_of = {};
  context.snapshot.tables[*child].partition_bound = {};
  release(on.table, *child, context);
}

void add_parent(const PgQuery__RangeVar& name, const Altering& on, const Statement& st,
                ParseContext& context) {
  const auto parent = table_named(name, st, context);
  if (!parent) return;
  context.snapshot.tables[on.table].inherits.push_back({parent->schema, parent->name});
  match_columns(*parent, on.table, false, st.at(name.location), context);
  link_child(context, *parent, on.table);
  inherit_checks(context, *parent, on.table);
}

void drop_parent(const PgQuery__RangeVar& name, const Altering& on, const Statement& st,
                 ParseContext& context) {
  const auto parent = table_named(name, st, context);
  if (!parent) return;
  std::erase(context.snapshot.tables[on.table].inherits, Name{parent->schema, parent->name});
  release(*parent, on.table, context);
}

}  // namespace

bool alter_constraint(const PgQuery__AlterTableCmd& cmd, const Altering& on, const Statement& st,
                      ParseContext& context) {
  switch (static_cast<int>(cmd.subtype)) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      add_constraint(cmd, on, st, context);
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      if (!cmd.missing_ok &&
          !context.snapshot.constraints.contains(child_id(Kind::Constraint, on.table, cmd.name)))
        report_unknown(context, st.at(), to_string(child_id(Kind::Constraint, on.table, cmd.name)));
      drop_constraint(on.table, cmd.name, false, context);
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint: {
      const auto found =
          context.snapshot.constraints.find(child_id(Kind::Constraint, on.table, cmd.name));
      if (found == context.snapshot.constraints.end())
        report_unknown(context, st.at(), to_string(child_id(Kind::Constraint, on.table, cmd.name)));
      else
        found->second.validated = true;
      return true;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint:
      change_deferral(cmd, on, st, context);
      return true;
    default: return false;
  }
}

bool alter_parents(const PgQuery__AlterTableCmd& cmd, const Altering& on, const Statement& st,
                   ParseContext& context) {
  switch (static_cast<int>(cmd.subtype)) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
      attach_partition(*cmd.def->partition_cmd, on, st, context);
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
      detach_partition(*cmd.def->partition_cmd, on, st, context);
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
      add_parent(*cmd.def->range_var, on, st, context);
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
      drop_parent(*cmd.def->range_var, on, st, context);
      return true;
    default: return false;
  }
}

}  // namespace aloft
