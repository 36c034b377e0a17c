// ALTER TABLE: properties of the table itself, and the forms for views, sequences, indexes and
// types.

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/alter_table.h"
#include "parser/choose_name.h"
#include "parser/inherit.h"
#include "parser/targets.h"

namespace aloft {
namespace {

void set_cluster(const ObjectId& table, const std::string& index, const Statement& st,
                 ParseContext& context) {
  Snapshot& s = context.snapshot;
  std::vector<ObjectId> ids;
  for_each_child<Index>(s, table, [&](const ObjectId& id, const Index&) { ids.push_back(id); });
  for_each_child<Constraint>(s, table,
                             [&](const ObjectId& id, const Constraint&) { ids.push_back(id); });
  bool found = index.empty();
  for (const ObjectId& id : ids) {
    const bool on = id.name == index;
    found = found || on;
    if (id.kind == Kind::Index)
      s.indexes[id].clustered = on;
    else
      s.constraints[id].clustered = on;
  }
  if (!found) report_unknown(context, st.at(), "index " + quote_ident(index));
}

/// ENABLE and DISABLE TRIGGER; an empty name: all of the table's.
void set_trigger(const ObjectId& table, const std::string& name, char state, bool spread,
                 const Statement& st, ParseContext& context) {
  std::vector<ObjectId> ids;
  for_each_child<Trigger>(context.snapshot, table, [&](const ObjectId& id, const Trigger&) {
    if (name.empty() || id.name == name) ids.push_back(id);
  });
  for (const ObjectId& id : ids) context.snapshot.triggers[id].enabled = state;
  if (ids.empty() && !name.empty())
    report_unknown(context, st.at(), to_string(child_id(Kind::Trigger, table, name)));
  if (spread && name.empty())
    for (const ObjectId& child : children_of(context, table))
      set_trigger(child, name, state, spread, st, context);
}

void set_replica_identity(const PgQuery__ReplicaIdentityStmt& stmt, Table& table,
                          const ObjectId& id, const Statement& st, ParseContext& context) {
  table.replica_identity = {.mode = *stmt.identity_type, .index = stmt.name};
  if (table.replica_identity.mode != 'i') return table.replica_identity.index.clear();
  if (!index_by_name(context, {id.schema, stmt.name}))
    report_unknown(context, st.at(), "index " + quote_ident(stmt.name));
}

void set_of_type(const PgQuery__TypeName& type, Table& table, const Statement& st,
                 const ParseContext& context) {
  table.of_type = resolve_name(pg::names(type.n_names, type.names), {Kind::Composite}, st, context);
}

ViewColumn& column_of(View& view, const char* name) {
  return view_column(view, name);
}

}  // namespace

void set_options(Options& options, const Options& changes) {
  for (const Option& change : changes) {
    std::erase_if(options, [&](const Option& o) { return o.name == change.name; });
    options.push_back(change);
  }
  std::ranges::sort(options);
}

void reset_options(Options& options, std::size_t count, PgQuery__Node* const* names) {
  for (const Option& name : options_of(count, names))
    std::erase_if(options, [&](const Option& o) { return o.name == name.name; });
}

bool alter_properties(const PgQuery__AlterTableCmd& cmd, const Altering& on, const Statement& st,
                      ParseContext& context) {
  Table& table = context.snapshot.tables[on.table];
  const auto trigger = [&](char state) {
    set_trigger(on.table, cmd.name, state, on.recurse, st, context);
  };
  switch (static_cast<int>(cmd.subtype)) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
      table.owner = owner_name(cmd.newowner, st, context);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
      set_cluster(on.table, cmd.name, st, context);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster: set_cluster(on.table, "", st, context); break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged: table.unlogged = false; break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged: table.unlogged = true; break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropOids: break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
      table.access_method = std::string_view(cmd.name) == "heap" ? "" : cmd.name;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
      table.tablespace = std::string_view(cmd.name) == "pg_default" ? "" : cmd.name;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      set_options(table.options, options_of(cmd.def->list->n_items, cmd.def->list->items));
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      reset_options(table.options, cmd.def->list->n_items, cmd.def->list->items);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig: trigger('O'); break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig: trigger('A'); break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig: trigger('R'); break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig: trigger('D'); break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
      set_trigger(on.table, "", 'O', on.recurse, st, context);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
      set_trigger(on.table, "", 'D', on.recurse, st, context);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddOf:
      set_of_type(*cmd.def->type_name, table, st, context);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropOf: table.of_type = {}; break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity:
      set_replica_identity(*cmd.def->replica_identity_stmt, table, on.table, st, context);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity: table.row_security = true; break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity: table.row_security = false; break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity: table.force_row_security = true; break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity: table.force_row_security = false; break;
    default: return false;
  }
  return true;
}

void alter_view(const PgQuery__AlterTableStmt& stmt, const ObjectId& id, const Statement& st,
                ParseContext& context) {
  View& view = context.snapshot.views[id];
  for (const PgQuery__Node* node : pg::list(stmt.n_cmds, stmt.cmds)) {
    const PgQuery__AlterTableCmd& cmd = *node->alter_table_cmd;
    switch (static_cast<int>(cmd.subtype)) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
        view.owner = owner_name(cmd.newowner, st, context);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
        column_of(view, cmd.name).default_value.sql = pg::deparse_expression(cmd.def);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
        column_of(view, cmd.name).statistics =
            static_cast<std::int32_t>(std::atol(option_value(cmd.def).c_str()));
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
        set_options(view.options, options_of(cmd.def->list->n_items, cmd.def->list->items));
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
        reset_options(view.options, cmd.def->list->n_items, cmd.def->list->items);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
        view.tablespace = std::string_view(cmd.name) == "pg_default" ? "" : cmd.name;
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
        view.access_method = std::string_view(cmd.name) == "heap" ? "" : cmd.name;
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
        if (!context.last_pass && !index_by_name(context, {id.schema, cmd.name})) {
          context.deferred = true;
          return;
        }
        set_cluster(table_id(id.schema, id.name), cmd.name, st, context);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
        set_cluster(table_id(id.schema, id.name), "", st, context);
        break;
      default: refuse_command(cmd, st, context);
    }
  }
}

void alter_sequence_table_form(const PgQuery__AlterTableStmt& stmt, const ObjectId& id,
                               const Statement& st, ParseContext& context) {
  Sequence& sequence = context.snapshot.sequences[id];
  for (const PgQuery__Node* node : pg::list(stmt.n_cmds, stmt.cmds)) {
    const PgQuery__AlterTableCmd& cmd = *node->alter_table_cmd;
    switch (static_cast<int>(cmd.subtype)) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
        sequence.owner = owner_name(cmd.newowner, st, context);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged: sequence.unlogged = false; break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged: sequence.unlogged = true; break;
      default: refuse_command(cmd, st, context);
    }
  }
}

namespace {

void attach_index(const PgQuery__PartitionCmd& cmd, const ObjectId& parent, const Statement& st,
                  ParseContext& context) {
  const Name name{relation_schema(*cmd.name, st, context), cmd.name->relname};
  const auto part = index_by_name(context, name);
  if (!part) {
    if (!context.last_pass)
      context.deferred = true;
    else
      report_unknown(context, st.at(cmd.name->location),
                     "index " + quote_qualified(name.schema, name.name));
    return;
  }
  if (part->kind == Kind::Index) {
    context.snapshot.indexes[*part].parent = {parent.schema, parent.name};
    return;
  }
  Constraint& key = context.snapshot.constraints[*part];
  if (parent.kind != Kind::Constraint) {
    key.parent = {parent.schema, parent.name};
    return;
  }
  key.inherited = true;
  key.local = false;
}

}  // namespace

void alter_index(const PgQuery__AlterTableStmt& stmt, const ObjectId& id, const Statement& st,
                 ParseContext& context) {
  const bool plain = id.kind == Kind::Index;
  Options& options =
      plain ? context.snapshot.indexes[id].options : context.snapshot.constraints[id].options;
  std::string& tablespace =
      plain ? context.snapshot.indexes[id].tablespace : context.snapshot.constraints[id].tablespace;
  for (const PgQuery__Node* node : pg::list(stmt.n_cmds, stmt.cmds)) {
    const PgQuery__AlterTableCmd& cmd = *node->alter_table_cmd;
    switch (static_cast<int>(cmd.subtype)) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
        attach_index(*cmd.def->partition_cmd, id, st, context);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
        set_options(options, options_of(cmd.def->list->n_items, cmd.def->list->items));
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
        reset_options(options, cmd.def->list->n_items, cmd.def->list->items);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
        tablespace = std::string_view(cmd.name) == "pg_default" ? "" : cmd.name;
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
        if (!plain) return refuse_command(cmd, st, context);
        set_options(context.snapshot.indexes[id].statistics,
                    {{std::to_string(cmd.num), option_value(cmd.def)}});
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner: break;  // an index is its table's owner's
      default: refuse_command(cmd, st, context);
    }
  }
}

void alter_composite(const PgQuery__AlterTableStmt& stmt, const Statement& st,
                     ParseContext& context) {
  std::vector<std::string> written = {stmt.relation->relname};
  if (*stmt.relation->schemaname != '\0')
    written.insert(written.begin(), stmt.relation->schemaname);
  const Name name = resolve_name(written, {Kind::Composite}, st, context);
  const ObjectId id{.kind = Kind::Composite, .schema = name.schema, .name = name.name};
  const auto found = context.snapshot.composites.find(id);
  if (found == context.snapshot.composites.end())
    return report_unknown(context, st.at(stmt.relation->location), to_string(id));
  auto& attributes = found->second.attributes;
  for (const PgQuery__Node* node : pg::list(stmt.n_cmds, stmt.cmds)) {
    const PgQuery__AlterTableCmd& cmd = *node->alter_table_cmd;
    const auto attribute = std::ranges::find(attributes, std::string(cmd.name), &Attribute::name);
    const auto missing = [&] {
      if (attribute != attributes.end() || cmd.missing_ok) return attribute == attributes.end();
      report_unknown(context, st.at(),
                     "attribute " + quote_ident(cmd.name) + " of " + to_string(id));
      return true;
    };
    switch (static_cast<int>(cmd.subtype)) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn: {
        const PgQuery__ColumnDef& def = *cmd.def->column_def;
        attributes.push_back({.name = def.colname,
                              .type = type_spelling(*def.type_name, st, context),
                              .collation = collation_text(def.coll_clause)});
        break;
      }
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
        if (!missing()) attributes.erase(attribute);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType: {
        if (missing()) break;
        const PgQuery__ColumnDef& def = *cmd.def->column_def;
        attribute->type = type_spelling(*def.type_name, st, context);
        attribute->collation = collation_text(def.coll_clause);
        break;
      }
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
        found->second.owner = owner_name(cmd.newowner, st, context);
        break;
      default: refuse_command(cmd, st, context);
    }
  }
}

}  // namespace aloft
