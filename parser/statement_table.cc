#include "parser/statement_table.h"

#include <algorithm>
#include <array>
#include <string>

#include "parser/define.h"

namespace aloft {
namespace {

// `node->MEMBER` of the case CASE handed to a handler.
#define ALOFT_RULE(CASE, PASS, MEMBER, HANDLER)                                     \
  StatementRule {                                                                   \
    PG_QUERY__NODE__NODE_##CASE, Pass::PASS,                                        \
        [](const PgQuery__Node& node, const Statement& st, ParseContext& context) { \
          HANDLER(*node.MEMBER, st, context);                                       \
        }                                                                           \
  }

void create_table_as(const PgQuery__CreateTableAsStmt& stmt, const Statement& st,
                     ParseContext& context) {
  if (stmt.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW)
    return parse_create_table_as(stmt, st, context);
  context.diagnostics.error("data-statement", "CREATE TABLE AS and SELECT INTO are data statements",
                            "Write the table with its columns.", st.at());
}

/// Skipped: it sets up the session and says nothing about the schema.
void skip(const PgQuery__Node&, const Statement&, ParseContext&) {}

/// Everything that a desired-state file may hold.
const std::array kRules = {
    ALOFT_RULE(CREATE_STMT, Definition, create_stmt, parse_create_table),
    ALOFT_RULE(CREATE_SEQ_STMT, Definition, create_seq_stmt, parse_create_sequence),
    ALOFT_RULE(CREATE_SCHEMA_STMT, Definition, create_schema_stmt, parse_create_schema),
    ALOFT_RULE(CREATE_EXTENSION_STMT, Definition, create_extension_stmt, parse_create_extension),
    ALOFT_RULE(CREATE_ROLE_STMT, Definition, create_role_stmt, parse_create_role),
    ALOFT_RULE(CREATE_ENUM_STMT, Definition, create_enum_stmt, parse_create_enum),
    ALOFT_RULE(CREATE_DOMAIN_STMT, Definition, create_domain_stmt, parse_create_domain),
    ALOFT_RULE(COMPOSITE_TYPE_STMT, Definition, composite_type_stmt, parse_create_composite),
    ALOFT_RULE(CREATE_FUNCTION_STMT, Definition, create_function_stmt, parse_create_function),
    ALOFT_RULE(VIEW_STMT, Definition, view_stmt, parse_create_view),
    ALOFT_RULE(CREATE_TABLE_AS_STMT, Definition, create_table_as_stmt, create_table_as),
    ALOFT_RULE(DEFINE_STMT, Definition, define_stmt, parse_define),
    ALOFT_RULE(INDEX_STMT, Change, index_stmt, parse_create_index),
    ALOFT_RULE(CREATE_TRIG_STMT, Change, create_trig_stmt, parse_create_trigger),
    ALOFT_RULE(CREATE_POLICY_STMT, Change, create_policy_stmt, parse_create_policy),
    ALOFT_RULE(ALTER_TABLE_STMT, Change, alter_table_stmt, parse_alter_table),
    ALOFT_RULE(ALTER_SEQ_STMT, Change, alter_seq_stmt, parse_alter_sequence),
    ALOFT_RULE(ALTER_ENUM_STMT, Change, alter_enum_stmt, parse_alter_enum),
    ALOFT_RULE(ALTER_DOMAIN_STMT, Change, alter_domain_stmt, parse_alter_domain),
    ALOFT_RULE(ALTER_FUNCTION_STMT, Change, alter_function_stmt, parse_alter_function),
    ALOFT_RULE(ALTER_POLICY_STMT, Change, alter_policy_stmt, parse_alter_policy),
    ALOFT_RULE(ALTER_TSCONFIGURATION_STMT, Change, alter_tsconfiguration_stmt,
               parse_alter_search_configuration),
    ALOFT_RULE(ALTER_EXTENSION_STMT, Change, alter_extension_stmt, parse_alter_extension),
    ALOFT_RULE(ALTER_OBJECT_SCHEMA_STMT, Change, alter_object_schema_stmt,
               parse_alter_object_schema),
    ALOFT_RULE(RENAME_STMT, Change, rename_stmt, parse_rename),
    ALOFT_RULE(DROP_STMT, Change, drop_stmt, parse_drop),
    ALOFT_RULE(ALTER_ROLE_STMT, Change, alter_role_stmt, parse_alter_role),
    ALOFT_RULE(ALTER_ROLE_SET_STMT, Change, alter_role_set_stmt, parse_alter_role_set),
    ALOFT_RULE(GRANT_STMT, Change, grant_stmt, parse_grant),
    ALOFT_RULE(GRANT_ROLE_STMT, Change, grant_role_stmt, parse_grant_role),
    ALOFT_RULE(ALTER_OWNER_STMT, Change, alter_owner_stmt, parse_owner),
    ALOFT_RULE(COMMENT_STMT, Change, comment_stmt, parse_comment),
    StatementRule{PG_QUERY__NODE__NODE_VARIABLE_SET_STMT, Pass::None, skip},
    StatementRule{PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT, Pass::None, skip},
    StatementRule{PG_QUERY__NODE__NODE_TRANSACTION_STMT, Pass::None, skip},
    StatementRule{PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT, Pass::None, skip},
    StatementRule{PG_QUERY__NODE__NODE_DISCARD_STMT, Pass::None, skip},
};

#undef ALOFT_RULE

/// SELECT [pg_catalog.]set_config(...)
bool is_set_config(const PgQuery__SelectStmt& select) {
  if (select.n_target_list != 1 || select.n_from_clause != 0 ||
      select.target_list[0]->node_case != PG_QUERY__NODE__NODE_RES_TARGET)
    return false;
  const PgQuery__Node* value = select.target_list[0]->res_target->val;
  if (value == nullptr || value->node_case != PG_QUERY__NODE__NODE_FUNC_CALL) return false;
  const auto name = pg::names(value->func_call->n_funcname, value->func_call->funcname);
  return name.back() == "set_config" && (name.size() == 1 || name.front() == "pg_catalog");
}

/// SET ROLE, SET SESSION AUTHORIZATION: from then on objects have another owner.
bool changes_owner(const PgQuery__VariableSetStmt& set) {
  const std::string_view name = set.name;
  return (name == "role" || name == "session_authorization") &&
         set.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE;
}

bool is_data_statement(const PgQuery__Node& node) {
  switch (static_cast<int>(node.node_case)) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_COPY_STMT:
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
    case PG_QUERY__NODE__NODE_CALL_STMT:
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT: return true;
    default: return false;
  }
}

/// The statement's kind in words: "CREATE PUBLICATION" out of create_publication_stmt.
std::string words_of(const PgQuery__Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_DEFINE_STMT) {
    const auto* value = protobuf_c_enum_descriptor_get_value(&pg_query__object_type__descriptor,
                                                             node.define_stmt->kind);
    std::string kind = value == nullptr ? "" : value->name;
    if (kind.starts_with("OBJECT_")) kind.erase(0, 7);
    return "CREATE " + kind;
  }
  const auto* field = protobuf_c_message_descriptor_get_field(
      &pg_query__node__descriptor, static_cast<unsigned>(node.node_case));
  std::string name = field == nullptr ? "this statement" : field->name;
  if (name.ends_with("_stmt")) name.resize(name.size() - 5);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c == '_' ? ' ' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

}  // namespace

const StatementRule* rule_of(const PgQuery__Node& statement) {
  static const StatementRule kSetConfig{PG_QUERY__NODE__NODE_SELECT_STMT, Pass::None, skip};
  if (statement.node_case == PG_QUERY__NODE__NODE_SELECT_STMT)
    return is_set_config(*statement.select_stmt) ? &kSetConfig : nullptr;
  if (statement.node_case == PG_QUERY__NODE__NODE_DEFINE_STMT &&
      !defined_kind(*statement.define_stmt))
    return nullptr;
  if (statement.node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT &&
      changes_owner(*statement.variable_set_stmt))
    return nullptr;
  const auto found = std::ranges::find(kRules, statement.node_case, &StatementRule::node);
  return found == kRules.end() ? nullptr : &*found;
}

Pass pass_of(const PgQuery__Node& statement, const StatementRule& rule) {
  // COPY takes over what the other configuration has by then.
  if (statement.node_case == PG_QUERY__NODE__NODE_DEFINE_STMT &&
      defined_kind(*statement.define_stmt) == Kind::SearchConfiguration)
    return Pass::Change;
  if (statement.node_case != PG_QUERY__NODE__NODE_COMMENT_STMT) return rule.pass;
  switch (static_cast<int>(statement.comment_stmt->objtype)) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY: return Pass::Late;
    default: return rule.pass;
  }
}

void refuse_statement(const PgQuery__Node& statement, SourcePos at, Diagnostics& diagnostics) {
  const std::string words = words_of(statement);
  if (is_data_statement(statement))
    diagnostics.error("data-statement", words + " is a data statement, no part of a desired state",
                      "Take it out; the files say what the schema is.", at);
  else if (statement.node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT)
    diagnostics.error("unsupported-statement",
                      "aloft does not manage owners by SET ROLE or SET SESSION AUTHORIZATION",
                      "Say the owners by ALTER ... OWNER TO.", at);
  else
    diagnostics.error("unsupported-statement", "aloft does not manage " + words,
                      "Take it out of the desired state.", at);
}

}  // namespace aloft
