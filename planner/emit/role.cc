#include <algorithm>
#include <array>
#include <utility>

#include "planner/emit/access.h"
#include "planner/emit/emit.h"

namespace aloft {
namespace {

/// "LOGIN", "NOLOGIN", "CONNECTION LIMIT 5", "VALID UNTIL '...'"
std::string attribute_sql(const Option& attribute) {
  if (attribute.value == "true") return attribute.name;
  if (attribute.value == "false") return "NO" + attribute.name;
  if (attribute.name == "VALID UNTIL") return "VALID UNTIL " + quote_literal(attribute.value);
  return attribute.name + " " + attribute.value;
}

bool is_setting(const Option& attribute) {
  return attribute.name.starts_with("SET ") || attribute.name.starts_with("RESET ");
}

std::string attributes_sql(const Options& attributes) {
  std::string text;
  for (const Option& attribute : attributes)
    if (!is_setting(attribute)) text += " " + attribute_sql(attribute);
  return text;
}

/// The members of a list of identifiers as pg_db_role_setting keeps it.
std::vector<Literal> members_of(const std::string& list) {
  std::vector<Literal> members;
  std::string name;
  bool quoted = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '"' && quoted && i + 1 < list.size() && list[i + 1] == '"')
      name += list[++i];
    else if (list[i] == '"')
      quoted = !quoted;
    else if (!quoted && list[i] == ',')
      members.push_back({std::exchange(name, "")});
    else if (quoted || list[i] != ' ')
      name += list[i];
  }
  members.push_back({name});
  return members;
}

/// ALTER ROLE ... SET keeps the members of these lists apart: one constant each.
bool is_quoted_list(std::string_view setting) {
  constexpr auto kLists = std::to_array<std::string_view>(
      {"local_preload_libraries", "search_path", "session_preload_libraries",
       "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories"});
  return std::ranges::binary_search(kLists, setting);
}

/// A custom setting's name has a dot, that is not to be quoted.
Sql setting_name(std::string_view setting) {
  const auto dot = setting.find('.');
  if (dot == std::string_view::npos) return Sql{quote_ident(setting)};
  return Sql{quote_qualified(setting.substr(0, dot), setting.substr(dot + 1))};
}

/// ALTER ROLE ... SET and RESET, one statement for each setting among `attributes`.
std::vector<Sql> settings_sql(const std::string& role, const Options& attributes) {
  std::vector<Sql> statements;
  for (const Option& attribute : attributes) {
    if (!is_setting(attribute)) continue;
    const bool set = attribute.name.starts_with("SET ");
    const std::string name = attribute.name.substr(set ? 4 : 6);
    if (!set)
      statements.push_back(sql("ALTER ROLE {} RESET {}", Ident{role}, setting_name(name)));
    else
      statements.push_back(sql("ALTER ROLE {} SET {} TO {}", Ident{role}, setting_name(name),
                               is_quoted_list(name) ? sql_list(members_of(attribute.value))
                                                    : Sql{quote_literal(attribute.value)}));
  }
  return statements;
}

/// All that leads to these attributes.
std::vector<Sql> alter_sql(const std::string& role, const Options& attributes) {
  std::vector<Sql> statements;
  if (const std::string text = attributes_sql(attributes); !text.empty())
    statements.push_back(sql("ALTER ROLE {}{}", Ident{role}, Sql{text}));
  append(statements, settings_sql(role, attributes));
  return statements;
}

/// Does it let the role do more than its privileges say?
bool is_power(const Option& attribute) {
  constexpr auto kPowers = std::to_array<std::string_view>(
      {"BYPASSRLS", "CREATEDB", "CREATEROLE", "REPLICATION", "SUPERUSER"});
  return attribute.value == "true" && std::ranges::count(kPowers, attribute.name) > 0;
}

const Option* find(const Options& options, const std::string& name) {
  const auto it = std::ranges::find(options, name, &Option::name);
  return it == options.end() ? nullptr : &*it;
}

/// The options of `from` that `to` does not have just so.
Options without(const Options& from, const Options& to) {
  Options rest;
  std::ranges::set_difference(from, to, std::back_inserter(rest));
  return rest;
}

/// GRANT and REVOKE that lead from one set of memberships to the other.
std::vector<Sql> memberships_sql(const std::string& role, const Options& from, const Options& to) {
  std::vector<Sql> statements;
  for (const Option& group : from) {
    const Option* kept = find(to, group.name);
    if (kept == nullptr)
      statements.push_back(sql("REVOKE {} FROM {}", Ident{group.name}, Ident{role}));
    else if (!group.value.empty() && kept->value.empty())
      statements.push_back(
          sql("REVOKE ADMIN OPTION FOR {} FROM {}", Ident{group.name}, Ident{role}));
  }
  for (const Option& group : without(to, from)) {
    const Option* had = find(from, group.name);
    if (had != nullptr && group.value.empty()) continue;
    statements.push_back(sql("GRANT {} TO {}{}", Ident{group.name}, Ident{role},
                             Sql{group.value.empty() ? "" : " WITH ADMIN OPTION"}));
  }
  return statements;
}

Step attributes_step(const Action& action, const Role& from, const Role& to,
                     const PlanContext& ctx) {
  const Options wanted = without(to.attributes, from.attributes);
  Options before;
  for (const Option& attribute : wanted) {
    const bool reset = attribute.name.starts_with("RESET ");
    if (const Option* was = find(from.attributes, attribute.name.substr(reset ? 2 : 0)))
      before.push_back(*was);
    else if (is_setting(attribute))
      before.push_back({"RE" + attribute.name, ""});
  }
  Step step = catalog_step(ctx, action.id, alter_sql(action.id.name, wanted), {},
                           "The role's attributes change, in all databases of the cluster.");
  for (const Option& attribute : wanted) {
    if (is_power(attribute))
      add_hazard(step, Hazard::Privilege, "role " + action.id.name + " gets " + attribute.name);
    if (attribute.name == "LOGIN" && attribute.value == "false")
      add_hazard(step, Hazard::AppBreaking, "role " + action.id.name + " can no longer log in");
  }
  if (!before.empty()) set_undo(step, alter_sql(action.id.name, before));
  return step;
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Role& wanted, const PlanContext& ctx) {
  const Ident role{action.id.name};
  std::vector<Sql> statements{
      sql("CREATE ROLE {}{}", role, Sql{attributes_sql(wanted.attributes)})};
  append(statements, settings_sql(action.id.name, wanted.attributes));
  append(statements, memberships_sql(action.id.name, {}, wanted.member_of));
  if (!wanted.comment.empty())
    statements.push_back(comment_sql(target_of(action.id), wanted.comment));
  Step step = catalog_step(ctx, action.id, statements, {},
                           "A new role. It belongs to the whole cluster and has no password.");
  for (const Option& attribute : wanted.attributes)
    if (is_power(attribute))
      add_hazard(step, Hazard::Privilege, "role " + action.id.name + " gets " + attribute.name);
  set_undo(step, {sql("DROP ROLE {}", role)});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Role& from, const Role& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  if (changes(action, "attributes")) steps.push_back(attributes_step(action, from, to, ctx));
  if (changes(action, "member_of")) {
    Step step =
        catalog_step(ctx, action.id, memberships_sql(action.id.name, from.member_of, to.member_of),
                     {}, "The role's memberships change, in all databases of the cluster.");
    add_hazard(step, Hazard::Privilege, "changes whose rights role " + action.id.name + " has");
    set_undo(step, memberships_sql(action.id.name, to.member_of, from.member_of));
    steps.push_back(std::move(step));
  }
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

// A role belongs to the cluster: other databases may need it.
std::vector<Step> drop_steps(const Action&, const Role&, const PlanContext&) {
  return {};
}

bool must_rebuild(const Change&, const Role&, const Role&, const PlanContext&) {
  return false;
}

}  // namespace aloft
