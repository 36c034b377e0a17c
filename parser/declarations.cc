#include "parser/declarations.h"

namespace aloft {
namespace {

std::optional<Declared> of_relation(Kind kind, const PgQuery__RangeVar* name) {
  if (name == nullptr) return std::nullopt;
  return Declared{.kind = kind, .schema = name->schemaname, .name = name->relname};
}

std::optional<Declared> of_names(Kind kind, const std::vector<std::string>& name) {
  if (name.empty()) return std::nullopt;
  return Declared{
      .kind = kind, .schema = name.size() > 1 ? name[name.size() - 2] : "", .name = name.back()};
}

std::string constant(const PgQuery__Node* node) {
  if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_A_CONST ||
      node->a_const->val_case != PG_QUERY__A__CONST__VAL_SVAL)
    return "";
  return node->a_const->sval->sval;
}

/// "public, \"My Schema\"" as a list of names (SplitIdentifierString).
std::vector<std::string> split_path(const std::string& text) {
  std::vector<std::string> path;
  std::string name;
  bool quoted = false, any = false;
  const auto finish = [&] {
    if (any && name != "$user") path.push_back(name);
    name.clear();
    any = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        name += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        name += text[++i];
      else
        quoted = false;
    } else if (c == '"') {
      quoted = any = true;
    } else if (c == ',') {
      finish();
    } else if (c != ' ' && c != '\t' && c != '\n') {
      any = true;
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  finish();
  std::erase(path, "");
  return path;
}

}  // namespace

std::optional<Declared> declaration(const PgQuery__Node& statement) {
  switch (static_cast<int>(statement.node_case)) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return of_relation(Kind::Table, statement.create_stmt->relation);
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      return of_relation(Kind::Sequence, statement.create_seq_stmt->sequence);
    case PG_QUERY__NODE__NODE_VIEW_STMT: return of_relation(Kind::View, statement.view_stmt->view);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      if (statement.create_table_as_stmt->objtype != PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW)
        return std::nullopt;
      return of_relation(Kind::View, statement.create_table_as_stmt->into->rel);
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
      return of_relation(Kind::Composite, statement.composite_type_stmt->typevar);
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT: {
      const auto& stmt = *statement.create_enum_stmt;
      return of_names(Kind::Enum, pg::names(stmt.n_type_name, stmt.type_name));
    }
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT: {
      const auto& stmt = *statement.create_domain_stmt;
      return of_names(Kind::Domain, pg::names(stmt.n_domainname, stmt.domainname));
    }
    default: return std::nullopt;
  }
}

std::optional<std::vector<std::string>> search_path_change(const PgQuery__Node& statement) {
  if (statement.node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT) {
    const PgQuery__VariableSetStmt& set = *statement.variable_set_stmt;
    const bool all = set.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL;
    if (!all && std::string_view(set.name) != "search_path") return std::nullopt;
    if (set.kind != PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE)
      return std::vector<std::string>{"public"};
    std::vector<std::string> path;
    for (const PgQuery__Node* argument : pg::list(set.n_args, set.args)) {
      const std::string schema = constant(argument);
      if (!schema.empty() && schema != "$user") path.push_back(schema);
    }
    return path;
  }
  if (statement.node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return std::nullopt;
  const PgQuery__FuncCall& call =
      *statement.select_stmt->target_list[0]->res_target->val->func_call;
  if (call.n_args < 2 || constant(call.args[0]) != "search_path") return std::nullopt;
  return split_path(constant(call.args[1]));
}

}  // namespace aloft
