#include "planner/emit/access.h"

#include <algorithm>
#include <map>
#include <set>

namespace aloft {
namespace {

/// The word of ALTER, COMMENT and DROP for a kind.
std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::Role: return "ROLE";
    case Kind::Schema: return "SCHEMA";
    case Kind::Extension: return "EXTENSION";
    case Kind::Enum: return "TYPE";
    case Kind::Domain: return "DOMAIN";
    case Kind::Composite: return "TYPE";
    case Kind::Sequence: return "SEQUENCE";
    case Kind::Function: return "FUNCTION";
    case Kind::Aggregate: return "AGGREGATE";
    case Kind::Operator: return "OPERATOR";
    case Kind::SearchParser: return "TEXT SEARCH PARSER";
    case Kind::SearchTemplate: return "TEXT SEARCH TEMPLATE";
    case Kind::SearchDictionary: return "TEXT SEARCH DICTIONARY";
    case Kind::SearchConfiguration: return "TEXT SEARCH CONFIGURATION";
    case Kind::Table: return "TABLE";
    case Kind::Column: return "COLUMN";
    case Kind::Constraint: return "CONSTRAINT";
    case Kind::Index: return "INDEX";
    case Kind::View: return "VIEW";
    case Kind::Trigger: return "TRIGGER";
    case Kind::Policy: return "POLICY";
  }
  return "";
}

std::string name_in_sql(const ObjectId& id) {
  switch (id.kind) {
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension: return quote_ident(id.name);
    case Kind::Function: return to_sql(qualified(id)) + "(" + id.args + ")";
    case Kind::Aggregate:
      return to_sql(qualified(id)) + "(" + (id.args.empty() ? "*" : id.args) + ")";
    case Kind::Operator: return quote_ident(id.schema) + "." + id.name + " (" + id.args + ")";
    case Kind::Column: return to_sql(relation_name(id)) + "." + quote_ident(id.name);
    case Kind::Constraint:
    case Kind::Trigger:
    case Kind::Policy: return quote_ident(id.name) + " ON " + to_sql(relation_name(id));
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite:
    case Kind::Sequence:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Table:
    case Kind::Index:
    case Kind::View: return to_sql(qualified(id));
  }
  return {};
}

/// What GRANT writes after ON. A view, plain or materialized, is a TABLE to it, a domain a TYPE
/// (GRANT ... ON DOMAIN does the same).
std::string grant_target(const Target& target) {
  switch (target.id.kind) {
    case Kind::Table:
    case Kind::View: return "TABLE " + target.name;
    case Kind::Column: return "TABLE " + to_sql(relation_name(target.id));
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite: return "TYPE " + target.name;
    // GRANT knows aggregates as functions.
    case Kind::Aggregate:
      return "FUNCTION " + to_sql(qualified(target.id)) + "(" + target.id.args + ")";
    case Kind::Function:
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Sequence:
    case Kind::Operator:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Constraint:
    case Kind::Index:
    case Kind::Trigger:
    case Kind::Policy: return target.word + " " + target.name;
  }
  return {};
}

/// Privileges by grantee, as SQL; a column's each with the column: "SELECT (c), UPDATE (c)".
using Bundle = std::map<std::string, std::vector<std::string>>;

std::string grantee_sql(const std::string& grantee) {
  return grantee.empty() ? "PUBLIC" : role_sql(grantee).text;
}

std::string owner_of(const Target& target) {
  return target.owner.empty() ? "CURRENT_USER" : role_sql(target.owner).text;
}

std::string privilege_list(const Target& target, const std::vector<std::string>& privileges) {
  std::string list;
  for (const std::string& p : privileges) {
    if (!list.empty()) list += ", ";
    list += p;
    if (target.id.kind == Kind::Column) list += " (" + quote_ident(target.id.name) + ")";
  }
  return list;
}

void revoke(std::vector<Sql>& statements, const Target& target, const Bundle& bundle,
            std::string_view prefix) {
  for (const auto& [role, privileges] : bundle)
    statements.push_back(Sql{"REVOKE " + std::string(prefix) + privilege_list(target, privileges) +
                             " ON " + grant_target(target) + " FROM " + role});
}
void grant(std::vector<Sql>& statements, const Target& target, const Bundle& bundle,
           std::string_view suffix) {
  for (const auto& [role, privileges] : bundle)
    statements.push_back(Sql{"GRANT " + privilege_list(target, privileges) + " ON " +
                             grant_target(target) + " TO " + role + std::string(suffix)});
}

const Grant* find_grant(const Grants& grants, const Grant& like) {
  const auto it = std::ranges::find_if(grants, [&](const Grant& g) {
    return g.grantee == like.grantee && g.privilege == like.privilege && g.taken == like.taken;
  });
  return it == grants.end() ? nullptr : &*it;
}

}  // namespace

Target target_of(const ObjectId& id) {
  return {.id = id, .word = std::string(word_of(id.kind)), .name = name_in_sql(id)};
}
Target target_of(const ObjectId& id, const View& view) {
  Target target = target_of(id);
  if (view.materialized) target.word = "MATERIALIZED VIEW";
  return target;
}
Target target_of(const ObjectId& id, const Function& function) {
  Target target = target_of(id);
  if (function.procedure) target.word = "PROCEDURE";
  return target;
}

Sql role_sql(const std::string& role) {
  return Sql{role == kLogin ? "CURRENT_USER" : quote_ident(role)};
}

Sql owner_sql(const Target& target, const std::string& owner) {
  return sql("ALTER {} OWNER TO {}", target.text(), role_sql(owner));
}

Sql comment_sql(const Target& target, const std::string& text) {
  return sql("COMMENT ON {} IS {}", target.text(),
             text.empty() ? Sql{"NULL"} : Sql{quote_literal(text)});
}

std::vector<Sql> grants_sql(const Target& target, const Grants& from, const Grants& to) {
  Bundle gone, option_gone, plain, with_option;
  for (const Grant& g : from) {
    const Grant* kept = find_grant(to, g);
    const std::string role = g.taken ? owner_of(target) : grantee_sql(g.grantee);
    if (kept == nullptr)
      (g.taken ? plain : gone)[role].push_back(g.privilege);
    else if (g.grantable && !kept->grantable)
      option_gone[role].push_back(g.privilege);
  }
  for (const Grant& g : to) {
    const Grant* had = find_grant(from, g);
    if (had != nullptr && (had->grantable || !g.grantable)) continue;
    if (g.taken)
      gone[owner_of(target)].push_back(g.privilege);
    else
      (g.grantable ? with_option : plain)[grantee_sql(g.grantee)].push_back(g.privilege);
  }
  std::vector<Sql> statements;
  revoke(statements, target, gone, "");
  revoke(statements, target, option_gone, "GRANT OPTION FOR ");
  grant(statements, target, plain, "");
  grant(statements, target, with_option, " WITH GRANT OPTION");
  return statements;
}

Grants born_with(Kind kind) {
  switch (kind) {
    case Kind::Function:
    case Kind::Aggregate: return {{.grantee = "", .privilege = "EXECUTE"}};
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite: return {{.grantee = "", .privilege = "USAGE"}};
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Sequence:
    case Kind::Operator:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Table:
    case Kind::Column:
    case Kind::Constraint:
    case Kind::Index:
    case Kind::View:
    case Kind::Trigger:
    case Kind::Policy: return {};
  }
  return {};
}

std::vector<Sql> new_grants_sql(const Target& target, const Grants& wanted,
                                const PlanContext& ctx) {
  const bool in_full = ctx.facts.default_privileges && target.id.kind != Kind::Column;
  if (!in_full) return grants_sql(target, born_with(target.id.kind), wanted);
  std::set<std::string> everybody{""};
  for (const Grant& g : wanted) everybody.insert(g.grantee);
  std::vector<Sql> statements;
  for (const std::string& role : everybody)
    statements.push_back(
        Sql{"REVOKE ALL ON " + grant_target(target) + " FROM " + grantee_sql(role)});
  append(statements, grants_sql(target, {}, wanted));
  return statements;
}

bool owner_to_set(const std::string& owner, const PlanContext& ctx) {
  return !owner.empty() && owner != ctx.facts.user;
}

namespace {

/// What the statements lock: a relation-like object itself, or the relation of a child.
Locks access_locks(const ObjectId& id, LockLevel level) {
  switch (id.kind) {
    case Kind::Table:
    case Kind::View:
    case Kind::Index:
    case Kind::Sequence: return {{id, level}};
    case Kind::Column: return {{relation_of(id), level}};
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite:
    case Kind::Function:
    case Kind::Aggregate:
    case Kind::Operator:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Constraint:
    case Kind::Trigger:
    case Kind::Policy: return {};
  }
  return {};
}

}  // namespace

Step owner_step(const Target& target, const std::string& from, const std::string& to,
                const PlanContext& ctx) {
  Step step = catalog_step(ctx, target.id, {owner_sql(target, to)},
                           access_locks(target.id, LockLevel::AccessExclusive),
                           "The owner becomes " + to + ".");
  add_hazard(
      step, Hazard::Privilege,
      "gives " + to + " all rights on it" + (from.empty() ? "" : " and takes them from " + from));
  if (!from.empty()) set_undo(step, {owner_sql(target, from)});
  return step;
}

namespace {

/// REVOKE on a whole table or view takes the same privilege on each of its columns along (REVOKE
/// manual): GRANTs of those that are there and are to stay.
std::vector<Sql> column_grants_again(const ObjectId& id, const Grants& from, const Grants& to,
                                     const PlanContext& ctx) {
  std::vector<Sql> statements;
  const auto again = [&](const ObjectId& column, const Grants& wanted) {
    Grants lost;
    std::ranges::copy_if(wanted, std::back_inserter(lost), [&](const Grant& g) {
      const Grant* had = find_grant(from, g);
      const Grant* kept = find_grant(to, g);
      return had != nullptr && (kept == nullptr || (had->grantable && !kept->grantable));
    });
    append(statements, grants_sql(target_of(column), {}, lost));
  };
  const ObjectId relation = table_id(id.schema, id.name);
  if (id.kind == Kind::Table)
    for_each_child<Column>(ctx.desired, relation, [&](const ObjectId& column, const Column& c) {
      if (ctx.live.contains(column)) again(column, c.grants);
    });
  if (id.kind == Kind::View)
    if (const View* view = ctx.desired.find<View>(id))
      for (const ViewColumn& c : view->column_extras)
        again(child_id(Kind::Column, relation, c.name), c.grants);
  return statements;
}

}  // namespace

Step grants_step(const Target& target, const Grants& from, const Grants& to,
                 const PlanContext& ctx) {
  // GRANT takes ACCESS SHARE from 18 on and no relation lock before.
  const LockLevel level =
      ctx.facts.server_version >= 180000 ? LockLevel::AccessShare : LockLevel::None;
  const auto lead = [&](const Grants& a, const Grants& b) {
    std::vector<Sql> statements = grants_sql(target, a, b);
    append(statements, column_grants_again(target.id, a, b, ctx));
    return statements;
  };
  Step step = catalog_step(ctx, target.id, lead(from, to),
                           level == LockLevel::None ? Locks{} : access_locks(target.id, level),
                           "Privileges on it change.");
  add_hazard(step, Hazard::Privilege, "changes who may use " + name_of(target.id));
  set_undo(step, lead(to, from));
  return step;
}

Step comment_step(const Target& target, const std::string& from, const std::string& to,
                  const PlanContext& ctx) {
  Step step = catalog_step(ctx, target.id, {comment_sql(target, to)},
                           access_locks(target.id, LockLevel::ShareUpdateExclusive),
                           to.empty() ? "The comment goes." : "The comment changes.");
  set_undo(step, {comment_sql(target, from)});
  return step;
}

}  // namespace aloft
