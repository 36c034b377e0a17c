// ALTER TABLE: which object it speaks of, and its subcommands one by one.

#include "parser/alter_table.h"

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/inherit.h"
#include "parser/targets.h"

namespace aloft {
namespace {

std::string words_of(PgQuery__AlterTableType type) {
  const auto* value =
      protobuf_c_enum_descriptor_get_value(&pg_query__alter_table_type__descriptor, type);
  const std::string name = value == nullptr ? "this" : value->name;
  std::string text;
  for (const char c : name.substr(name.starts_with("AT_") ? 3 : 0)) {
    if (c >= 'A' && c <= 'Z' && !text.empty()) text += ' ';
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

bool trigger_known(const ParseContext& context, const ObjectId& table, const char* name) {
  return context.snapshot.triggers.contains(child_id(Kind::Trigger, table, name));
}

/// Whether a subcommand names an index, trigger or constraint that is not there yet but may come.
bool too_early(const PgQuery__AlterTableCmd& cmd, const ObjectId& table,
               const ParseContext& context) {
  const auto index_missing = [&](const char* name) {
    return !index_by_name(context, {table.schema, name});
  };
  switch (static_cast<int>(cmd.subtype)) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn: return index_missing(cmd.name);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity: {
      const auto& identity = *cmd.def->replica_identity_stmt;
      return *identity.identity_type == 'i' && index_missing(identity.name);
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint: {
      const auto& constraint = *cmd.def->constraint;
      return *constraint.indexname != '\0' && index_missing(constraint.indexname);
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
      return !trigger_known(context, table, cmd.name);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      return !context.snapshot.constraints.contains(child_id(Kind::Constraint, table, cmd.name));
    default: return false;
  }
}

void alter_one_table(const PgQuery__AlterTableStmt& stmt, const ObjectId& table,
                     const Statement& st, ParseContext& context) {
  const Altering altering{
      .table = table, .recurse = stmt.relation->inh != 0, .at = st.at(stmt.relation->location)};
  for (const PgQuery__Node* node : pg::list(stmt.n_cmds, stmt.cmds)) {
    const PgQuery__AlterTableCmd& cmd = *node->alter_table_cmd;
    if (!context.last_pass && too_early(cmd, table, context)) {
      context.deferred = true;
      return;
    }
  }
  for (const PgQuery__Node* node : pg::list(stmt.n_cmds, stmt.cmds)) {
    const PgQuery__AlterTableCmd& cmd = *node->alter_table_cmd;
    const bool taken =
        alter_column(cmd, altering, st, context) || alter_constraint(cmd, altering, st, context) ||
        alter_parents(cmd, altering, st, context) || alter_properties(cmd, altering, st, context);
    if (!taken) refuse_command(cmd, st, context);
  }
}

}  // namespace

void refuse_command(const PgQuery__AlterTableCmd& cmd, const Statement& st, ParseContext& context) {
  refuse(context, st.at(), "ALTER TABLE ... " + words_of(cmd.subtype));
}

std::string owner_name(const PgQuery__RoleSpec* role, const Statement& st, ParseContext& context) {
  return role_or_login(role, st, context).value_or("");
}

void parse_alter_table(const PgQuery__AlterTableStmt& stmt, const Statement& st,
                       ParseContext& context) {
  if (stmt.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE) return alter_composite(stmt, st, context);
  if (stmt.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE)
    return refuse(context, st.at(), "foreign tables");
  const std::string schema = relation_schema(*stmt.relation, st, context);
  const std::string name = stmt.relation->relname;
  const auto id_of = [&](Kind kind) {
    return ObjectId{.kind = kind, .schema = schema, .name = name};
  };
  // ALTER TABLE works on views, sequences and indexes too.
  if (context.snapshot.tables.contains(id_of(Kind::Table)))
    return alter_one_table(stmt, id_of(Kind::Table), st, context);
  if (context.snapshot.views.contains(id_of(Kind::View)))
    return alter_view(stmt, id_of(Kind::View), st, context);
  if (context.snapshot.sequences.contains(id_of(Kind::Sequence)))
    return alter_sequence_table_form(stmt, id_of(Kind::Sequence), st, context);
  if (const auto index = index_by_name(context, {schema, name}))
    return alter_index(stmt, *index, st, context);
  if (stmt.missing_ok) return;
  if (!context.last_pass && stmt.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX) {
    context.deferred = true;
    return;
  }
  if (context.identity_sequences.contains({schema, name})) return;  // its owner is its table's
  const bool index = stmt.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX;
  report_unknown(context, st.at(stmt.relation->location),
                 (index ? "index " : "table ") + quote_qualified(schema, name));
}

}  // namespace aloft
