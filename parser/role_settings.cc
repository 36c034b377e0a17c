#include <algorithm>
#include <array>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/handlers.h"
#include "parser/targets.h"

namespace aloft {
namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

/// PostgreSQL's settings of the kind GUC_LIST_QUOTE: the members of their lists are kept quoted.
bool quotes_members(std::string_view setting) {
  constexpr auto kQuoting = std::to_array<std::string_view>(
      {"local_preload_libraries", "search_path", "session_preload_libraries",
       "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"});
  return std::ranges::binary_search(kQuoting, setting);
}

/// As flatten_set_variable_args() puts it into pg_db_role_setting. nullopt for an interval.
std::optional<std::string> setting_value(const PgQuery__VariableSetStmt& set) {
  const bool quotes = quotes_members(lower(set.name));
  std::string text;
  bool first = true;
  for (const pg::Node* argument : pg::list(set.n_args, set.args)) {
    if (argument->node_case != PG_QUERY__NODE__NODE_A_CONST) return std::nullopt;
    const bool string = argument->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL;
    const std::string value = option_value(argument);
    text += (first ? "" : ", ") + (string && quotes ? quote_ident(value) : value);
    first = false;
  }
  return text;
}

void put(Options& attributes, const std::string& setting, Option option) {
  std::erase_if(attributes, [&](const Option& o) {
    return o.name == "SET " + setting || o.name == "RESET " + setting;
  });
  attributes.push_back(std::move(option));
  std::ranges::sort(attributes);
}

}  // namespace

void parse_alter_role_set(const PgQuery__AlterRoleSetStmt& stmt, const Statement& st,
                          ParseContext& context) {
  if (stmt.role == nullptr) return refuse(context, st.at(), "ALTER ROLE ALL");
  if (stmt.database != nullptr && *stmt.database != '\0')
    return refuse(context, st.at(), "ALTER ROLE ... IN DATABASE");
  const auto name = role_name(stmt.role, st, context);
  if (!name) return;
  const auto role = context.snapshot.roles.find({.kind = Kind::Role, .name = *name});
  if (role == context.snapshot.roles.end()) return unknown_object(context, st.at(), "role", *name);
  const PgQuery__VariableSetStmt& set = *stmt.setstmt;
  const std::string setting = lower(set.name);
  switch (static_cast<int>(set.kind)) {
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE:
      if (auto value = setting_value(set))
        return put(role->second.attributes, setting, {"SET " + setting, std::move(*value)});
      return refuse(context, st.at(), "ALTER ROLE ... SET " + setting + " to an interval");
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET:
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT:
      return put(role->second.attributes, setting, {"RESET " + setting, ""});
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL:
      return refuse(context, st.at(), "ALTER ROLE ... RESET ALL");
    default: return refuse(context, st.at(), "ALTER ROLE ... SET " + setting + " FROM CURRENT");
  }
}

}  // namespace aloft
