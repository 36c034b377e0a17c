#include "parser/access.h"

#include <algorithm>
#include <array>

#include "parser/targets.h"

namespace aloft {
namespace {

using Names = std::vector<std::string>;

/// What can be granted on an object, as GRANT's manual lists it; ALL stands for all of these.
Names all_privileges(Kind kind, int server_version) {
  switch (kind) {
    case Kind::Table:
    case Kind::View: {
      Names all{"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"};
      if (server_version >= 170000) all.emplace_back("MAINTAIN");
      return all;
    }
    case Kind::Column: return {"SELECT", "INSERT", "UPDATE", "REFERENCES"};
    case Kind::Sequence: return {"USAGE", "SELECT", "UPDATE"};
    case Kind::Function:
    case Kind::Aggregate: return {"EXECUTE"};
    case Kind::Schema: return {"USAGE", "CREATE"};
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite: return {"USAGE"};
    case Kind::Role:
    case Kind::Extension:
    case Kind::Operator:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Constraint:
    case Kind::Index:
    case Kind::Trigger:
    case Kind::Policy: return {};
  }
  return {};
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

/// The privileges of one item of the list for objects of that kind; an empty name is ALL.
Names expand(const PgQuery__AccessPriv& item, Kind kind, const Statement& st,
             ParseContext& context) {
  Names all = all_privileges(kind, context.server_version);
  if (item.priv_name == nullptr || *item.priv_name == '\0') return all;
  const std::string name = upper(item.priv_name);
  const bool maintain = name == "MAINTAIN" && (kind == Kind::Table || kind == Kind::View);
  if (maintain || std::ranges::find(all, name) != all.end()) return {name};
  context.diagnostics.error(
      "invalid-statement",
      "there is no privilege " + name + " on a " + std::string(kind_name(kind)),
      "take it out of the list", st.at());
  return {};
}

void apply(const Names& privileges, const GrantAction& action, Grants& grants) {
  for (const std::string& grantee : action.grantees)
    for (const std::string& privilege : privileges) {
      const auto same = [&](const Grant& g) {
        return g.grantee == grantee && g.privilege == privilege;
      };
      const auto held = std::ranges::find_if(grants, same);
      if (!action.grant && held != grants.end()) {
        if (action.option_only)
          held->grantable = false;
        else
          grants.erase(held);
      } else if (action.grant && held != grants.end()) {
        held->grantable = held->grantable || action.with_option;
      } else if (action.grant) {
        grants.push_back({grantee, privilege, action.with_option});
      }
    }
  std::ranges::sort(grants);
}

/// Keeps in mind what is taken from roles that do not hold it: one may turn out to be the owner.
void note_taken(const ObjectId& id, const Names& privileges, const GrantAction& action,
                const Grants& grants, ParseContext& context) {
  if (action.option_only) return;
  for (const std::string& grantee : action.grantees) {
    const auto held = [&](const std::string& privilege) {
      return std::ranges::any_of(
          grants, [&](const Grant& g) { return g.grantee == grantee && g.privilege == privilege; });
    };
    const auto it = context.taken.find({id, grantee});
    if (action.grant) {
      if (it == context.taken.end()) continue;
      for (const std::string& privilege : privileges) it->second.erase(privilege);
      if (it->second.empty()) context.taken.erase(it);
    } else if (!grantee.empty()) {
      for (const std::string& privilege : privileges) {
        if (held(privilege)) continue;
        context.taken[{id, grantee}].insert(privilege);
      }
    }
  }
}

void apply_to_columns(const ObjectId& relation, const Names& columns, const Names& privileges,
                      const GrantAction& action, const Statement& st, ParseContext& context) {
  Snapshot& s = context.snapshot;
  for (const std::string& column : columns) {
    if (relation.kind == Kind::View) {
      View& view = s.views[relation];
      if (view.columns.empty() || std::ranges::find(view.columns, column) != view.columns.end()) {
        apply(privileges, action, view_column(view, column).grants);
        continue;
      }
    } else if (relation.kind == Kind::Table) {
      const auto it = s.columns.find(child_id(Kind::Column, relation, column));
      if (it != s.columns.end()) {
        apply(privileges, action, it->second.grants);
        continue;
      }
    }
    unknown_object(context, st.at(), "column", name_of(child_id(Kind::Column, relation, column)));
  }
}

/// A privilege taken from the whole relation is taken from each of its columns (REVOKE manual).
void revoke_from_columns(const ObjectId& relation, const Names& privileges,
                         const GrantAction& action, Snapshot& s) {
  if (relation.kind == Kind::View)
    for (ViewColumn& column : s.views[relation].column_extras)
      apply(privileges, action, column.grants);
  if (relation.kind != Kind::Table) return;
  for (auto it = s.columns.lower_bound(child_id(Kind::Column, relation, ""));
       it != s.columns.end() && it->first.schema == relation.schema &&
       it->first.relation == relation.name;
       ++it)
    apply(privileges, action, it->second.grants);
}

}  // namespace

void apply_grant(const ObjectId& id, const PgQuery__GrantStmt& stmt, const GrantAction& action,
                 const Statement& st, ParseContext& context) {
  static constexpr PgQuery__AccessPriv kAll = PG_QUERY__ACCESS_PRIV__INIT;
  const auto on_object = [&](const PgQuery__AccessPriv& item) {
    const Names privileges = expand(item, id.kind, st, context);
    visit_object(context.snapshot, id, [&](auto& object) {
      if constexpr (requires { object.grants; }) {
        note_taken(id, privileges, action, object.grants, context);
        apply(privileges, action, object.grants);
      }
    });
    if (!action.grant) revoke_from_columns(id, privileges, action, context.snapshot);
  };
  if (stmt.n_privileges == 0) return on_object(kAll);
  for (const pg::Node* node : pg::list(stmt.n_privileges, stmt.privileges)) {
    const PgQuery__AccessPriv& item = *node->access_priv;
    if (item.n_cols == 0) {
      on_object(item);
      continue;
    }
    apply_to_columns(id, pg::names(item.n_cols, item.cols), expand(item, Kind::Column, st, context),
                     action, st, context);
  }
}

void finish_access(ParseContext& context) {
  Snapshot& s = context.snapshot;
  for (const auto& [who, taken] : context.taken)
    visit_object(s, who.first, [&](auto& object) {
      if constexpr (requires {
                      object.owner;
                      object.grants;
                    }) {
        if (!object.owner.empty() && object.owner != who.second) return;
        for (const std::string& privilege : taken)
          object.grants.push_back({.grantee = object.owner.empty() ? who.second : "",
                                   .privilege = privilege,
                                   .taken = true});
        std::ranges::sort(object.grants);
      }
    });
  const auto strip = [](const std::string& owner, Grants& grants) {
    if (!owner.empty()) std::erase_if(grants, [&](const Grant& g) { return g.grantee == owner; });
  };
  for_each_kind(s, [&](auto& objects) {
    for (auto& [id, object] : objects)
      if constexpr (requires {
                      object.grants;
                      object.owner;
                    })
        strip(object.owner, object.grants);
  });
  for (auto& [id, column] : s.columns)
    if (const Table* table = s.find<Table>(relation_of(id))) strip(table->owner, column.grants);
  for (auto& [id, view] : s.views) {
    for (ViewColumn& column : view.column_extras) strip(view.owner, column.grants);
    std::erase_if(view.column_extras,
                  [](const ViewColumn& c) { return c == ViewColumn{.name = c.name}; });
  }
}

}  // namespace aloft
