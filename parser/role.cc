#include <algorithm>
#include <array>

#include "parser/handlers.h"
#include "parser/targets.h"

namespace aloft {
namespace {

using Names = std::vector<std::string>;

void set_option(Options& options, const std::string& name, const std::string& value) {
  const auto it = std::ranges::lower_bound(options, name, {}, &Option::name);
  if (it != options.end() && it->name == name)
    it->value = value;
  else
    options.insert(it, Option{name, value});
}

/// gram.y's name of a yes-or-no attribute -> CREATE ROLE's.
std::string_view attribute_name(std::string_view defname) {
  static constexpr std::array<std::array<std::string_view, 2>, 7> kNames{
      {{"superuser", "SUPERUSER"},
       {"inherit", "INHERIT"},
       {"createrole", "CREATEROLE"},
       {"createdb", "CREATEDB"},
       {"canlogin", "LOGIN"},
       {"isreplication", "REPLICATION"},
       {"bypassrls", "BYPASSRLS"}}};
  for (const auto& [tree, sql] : kNames)
    if (tree == defname) return sql;
  return "";
}

bool truth(const pg::Node* node) {
  if (node == nullptr) return true;
  if (node->node_case == PG_QUERY__NODE__NODE_BOOLEAN) return node->boolean->boolval != 0;
  return node->node_case != PG_QUERY__NODE__NODE_INTEGER || node->integer->ival != 0;
}

Names role_names(const pg::Node* node, const Statement& st, ParseContext& context) {
  Names names;
  if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_LIST) return names;
  for (const pg::Node* item : pg::list(node->list->n_items, node->list->items))
    if (auto name = role_name(item->role_spec, st, context)) names.push_back(std::move(*name));
  return names;
}

Role* find_role(const std::string& name, const Statement& st, ParseContext& context) {
  const auto it = context.snapshot.roles.find(ObjectId{.kind = Kind::Role, .name = name});
  if (it != context.snapshot.roles.end()) return &it->second;
  unknown_object(context, st.at(), "role", name);
  return nullptr;
}

/// One attribute of CREATE ROLE or ALTER ROLE. False where it is none.
bool role_attribute(const PgQuery__DefElem& option, Role& role, const Statement& st,
                    ParseContext& context) {
  const std::string_view name = option.defname;
  if (const std::string_view attribute = attribute_name(name); !attribute.empty()) {
    set_option(role.attributes, std::string(attribute), truth(option.arg) ? "true" : "false");
  } else if (name == "connectionlimit") {
    const auto limit =
        option.arg != nullptr && option.arg->node_case == PG_QUERY__NODE__NODE_INTEGER
            ? option.arg->integer->ival
            : -1;
    set_option(role.attributes, "CONNECTION LIMIT", std::to_string(limit));
  } else if (name == "validUntil") {
    set_option(role.attributes, "VALID UNTIL", std::string(pg::str(option.arg)));
  } else if (name == "password") {
    context.diagnostics.error(
        "secret", "a password does not belong in desired state",
        "take the PASSWORD clause out, and set the password where secrets are kept",
        st.at(option.location));
  } else {
    return false;
  }
  return true;
}

/// Whether a role that the statement makes a member is yet to be defined.
bool members_missing(const PgQuery__CreateRoleStmt& stmt, const Statement& st,
                     ParseContext& context) {
  for (const pg::Node* node : pg::list(stmt.n_options, stmt.options)) {
    const std::string_view name = node->def_elem->defname;
    if (context.last_pass || (name != "rolemembers" && name != "adminmembers")) continue;
    for (const std::string& member : role_names(node->def_elem->arg, st, context))
      if (!context.snapshot.contains({.kind = Kind::Role, .name = member}))
        return context.deferred = true;
  }
  return false;
}

}  // namespace

void parse_create_role(const PgQuery__CreateRoleStmt& stmt, const Statement& st,
                       ParseContext& context) {
  const ObjectId id{.kind = Kind::Role, .name = stmt.role};
  if (members_missing(stmt, st, context) || !first_time(context, id, st.at())) return;
  Role role{.at = st.at()};
  if (stmt.stmt_type == PG_QUERY__ROLE_STMT_TYPE__ROLESTMT_USER)
    set_option(role.attributes, "LOGIN", "true");
  for (const pg::Node* node : pg::list(stmt.n_options, stmt.options)) {
    const PgQuery__DefElem& option = *node->def_elem;
    const std::string_view name = option.defname;
    if (role_attribute(option, role, st, context)) continue;
    if (name == "addroleto") {
      for (const std::string& group : role_names(option.arg, st, context))
        set_option(role.member_of, group, "");
    } else if (name == "rolemembers" || name == "adminmembers") {
      for (const std::string& member : role_names(option.arg, st, context))
        if (Role* found = find_role(member, st, context))
          set_option(found->member_of, stmt.role, name == "adminmembers" ? "ADMIN" : "");
    } else {
      refuse(context, st.at(option.location), "CREATE ROLE ... " + std::string(name));
    }
  }
  context.snapshot.roles[id] = std::move(role);
}

void parse_alter_role(const PgQuery__AlterRoleStmt& stmt, const Statement& st,
                      ParseContext& context) {
  const auto name = role_name(stmt.role, st, context);
  if (!name) return;
  Role* role = find_role(*name, st, context);
  if (role == nullptr) return;
  for (const pg::Node* node : pg::list(stmt.n_options, stmt.options)) {
    const PgQuery__DefElem& option = *node->def_elem;
    if (role_attribute(option, *role, st, context)) continue;
    if (std::string_view(option.defname) != "rolemembers") {
      refuse(context, st.at(option.location), "ALTER ROLE ... " + std::string(option.defname));
      continue;
    }
    for (const std::string& member : role_names(option.arg, st, context)) {  // ALTER GROUP
      Role* found = find_role(member, st, context);
      if (found == nullptr) continue;
      if (stmt.action > 0)
        set_option(found->member_of, *name, "");
      else
        std::erase_if(found->member_of, [&](const Option& o) { return o.name == *name; });
    }
  }
}

void parse_grant_role(const PgQuery__GrantRoleStmt& stmt, const Statement& st,
                      ParseContext& context) {
  if (stmt.grantor != nullptr) refuse(context, st.at(), "GRANTED BY");
  Names members;
  for (const pg::Node* node : pg::list(stmt.n_grantee_roles, stmt.grantee_roles))
    if (auto name = role_name(node->role_spec, st, context)) members.push_back(std::move(*name));
  for (const pg::Node* node : pg::list(stmt.n_granted_roles, stmt.granted_roles)) {
    const PgQuery__AccessPriv& group = *node->access_priv;
    if (group.n_cols > 0) refuse(context, st.at(), "columns of a role");
    for (const std::string& member : members) {
      Role* role = find_role(member, st, context);
      if (role == nullptr) continue;
      const auto held = std::ranges::find(role->member_of, group.priv_name, &Option::name);
      const bool has = held != role->member_of.end();
      if (stmt.is_grant) {
        const bool admin = stmt.admin_opt || (has && held->value == "ADMIN");
        set_option(role->member_of, group.priv_name, admin ? "ADMIN" : "");
      } else if (has && stmt.admin_opt) {
        held->value.clear();
      } else if (has) {
        role->member_of.erase(held);
      }
    }
  }
}

}  // namespace aloft
