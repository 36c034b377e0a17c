#include <algorithm>

#include "parser/handlers.h"
#include "parser/targets.h"

namespace aloft {
namespace {

/// The roles of a policy; PUBLIC among them makes it everybody's (CREATE POLICY manual).
PolicyRoles policy_roles(std::size_t count, pg::Node* const* roles, const Statement& st,
                         ParseContext& context) {
  PolicyRoles names;
  for (const pg::Node* node : pg::list(count, roles)) {
    if (node->role_spec->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC) return {};
    if (auto name = role_or_login(node->role_spec, st, context)) names.push_back(std::move(*name));
  }
  return names;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

}  // namespace

void parse_create_policy(const PgQuery__CreatePolicyStmt& stmt, const Statement& st,
                         ParseContext& context) {
  const auto table = find_relation(name_list(*stmt.table), st, context);
  if (!table || table->kind != Kind::Table)
    return unknown_object(context, st.at(stmt.table->location), "table",
                          written(name_list(*stmt.table)));
  const ObjectId id = child_id(Kind::Policy, *table, stmt.policy_name);
  if (!first_time(context, id, st.at())) return;
  Policy policy{.command = upper(stmt.cmd_name),
                .permissive = stmt.permissive != 0,
                .roles = policy_roles(stmt.n_roles, stmt.roles, st, context),
                .renamed_from = renamed_from(st, -1),
                .at = st.at()};
  if (stmt.qual != nullptr) policy.using_expr.sql = pg::deparse_expression(stmt.qual);
  if (stmt.with_check != nullptr) policy.check_expr.sql = pg::deparse_expression(stmt.with_check);
  context.snapshot.policies[id] = std::move(policy);
}

void parse_alter_policy(const PgQuery__AlterPolicyStmt& stmt, const Statement& st,
                        ParseContext& context) {
  const ObjectId table = table_id(relation_schema(*stmt.table, st, context), stmt.table->relname);
  const auto it = context.snapshot.policies.find(child_id(Kind::Policy, table, stmt.policy_name));
  if (it == context.snapshot.policies.end())
    return unknown_object(context, st.at(), "policy",
                          name_of(child_id(Kind::Policy, table, stmt.policy_name)));
  Policy& policy = it->second;
  if (stmt.n_roles > 0) policy.roles = policy_roles(stmt.n_roles, stmt.roles, st, context);
  if (stmt.qual != nullptr) policy.using_expr.sql = pg::deparse_expression(stmt.qual);
  if (stmt.with_check != nullptr) policy.check_expr.sql = pg::deparse_expression(stmt.with_check);
}

}  // namespace aloft
