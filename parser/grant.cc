#include <algorithm>

#include "parser/access.h"
#include "parser/define.h"
#include "parser/targets.h"

namespace aloft {
namespace {

bool is_runner(const PgQuery__RoleSpec& role) {
  return role.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER ||
         role.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE ||
         role.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER;
}

std::optional<GrantAction> action_of(const PgQuery__GrantStmt& stmt, const Statement& st,
                                     ParseContext& context) {
  GrantAction action{.grant = stmt.is_grant != 0,
                     .with_option = stmt.is_grant && stmt.grant_option,
                     .option_only = !stmt.is_grant && stmt.grant_option};
  bool complete = true;
  for (const pg::Node* node : pg::list(stmt.n_grantees, stmt.grantees)) {
    const PgQuery__RoleSpec* role = node->role_spec;
    if (role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC) {
      if (action.with_option) {
        refuse(context, st.at(role->location), "WITH GRANT OPTION for PUBLIC");
        complete = false;
      }
      action.grantees.emplace_back();
    } else if (auto name = role_or_login(role, st, context)) {
      action.grantees.push_back(std::move(*name));
    } else {
      complete = false;
    }
  }
  return complete ? std::optional(action) : std::nullopt;
}

/// What a GRANT ON this object type may name, in words; "" where aloft does not manage it.
std::string_view grantable_name(PgQuery__ObjectType type) {
  switch (static_cast<int>(type)) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: return "table";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: return "sequence";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE: return "function";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: return "schema";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE: return "type";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN: return "domain";
    default: return "";
  }
}

bool is_identity_sequence(const std::vector<std::string>& name, const Statement& st,
                          const ParseContext& context) {
  if (name.size() > 1)
    return context.identity_sequences.contains({name[name.size() - 2], name.back()});
  return std::ranges::any_of(st.search_path, [&](const std::string& schema) {
    return context.identity_sequences.contains({schema, name.back()});
  });
}

/// GRANT ON [TABLE] takes tables, views and sequences; ON SEQUENCE sequences alone.
std::optional<ObjectId> grant_target(const PgQuery__GrantStmt& stmt, const pg::Node* object,
                                     const Statement& st, ParseContext& context) {
  const bool sequence = stmt.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE;
  // GRANT knows aggregates as functions.
  if (object->node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS)
    if (const auto aggregate = find_aggregate(*object->object_with_args, st, context))
      return aggregate;
  if (!sequence && stmt.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
    return find_object(stmt.objtype, object, st, context);
  const std::vector<std::string> name = name_list(object);
  auto id = find_relation(name, st, context);
  if (sequence && id && id->kind != Kind::Sequence) id = std::nullopt;
  if (!id) {
    const SourcePos at = object->node_case == PG_QUERY__NODE__NODE_RANGE_VAR
                             ? st.at(object->range_var->location)
                             : st.at();
    if (is_identity_sequence(name, st, context))
      refuse(context, at, "privileges on the sequence of an identity column");
    else
      unknown_object(context, at, sequence ? "sequence" : "table", written(name));
  }
  return id;
}

/// The objects of an ALL ... IN SCHEMA: those of the schema that are there when it is carried out,
/// so what its own file says further down is not meant.
std::vector<ObjectId> all_in_schema(const std::string& schema, PgQuery__ObjectType type,
                                    const Statement& st, const ParseContext& context) {
  std::vector<ObjectId> ids;
  const auto collect = [&](const auto& objects, const auto& fits) {
    for (const auto& [id, object] : objects)
      if (id.schema == schema && fits(object) &&
          (object.at.file != st.file || said_before(id, st, context)))
        ids.push_back(id);
  };
  const auto any = [](const auto&) { return true; };
  const auto procedure = [](bool wanted) {
    return [wanted](const Function& f) { return f.procedure == wanted; };
  };
  const Snapshot& s = context.snapshot;
  switch (static_cast<int>(type)) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      collect(s.tables, any);
      collect(s.views, any);
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: collect(s.sequences, any); break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
      collect(s.functions, procedure(false));
      collect(s.aggregates, any);
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE: collect(s.functions, procedure(true)); break;
    default: collect(s.functions, any); collect(s.aggregates, any);
  }
  return ids;
}

}  // namespace

void parse_grant(const PgQuery__GrantStmt& stmt, const Statement& st, ParseContext& context) {
  if (grantable_name(stmt.objtype).empty()) {
    std::string what;
    managed(stmt.objtype, what);
    return refuse(context, st.at(), "privileges on objects of the kind " + what);
  }
  // PostgreSQL takes no other grantor than the current user.
  if (stmt.grantor != nullptr && !is_runner(*stmt.grantor))
    return refuse(context, st.at(), "GRANTED BY a named role");
  const auto action = action_of(stmt, st, context);
  if (!action) return;
  for (const pg::Node* object : pg::list(stmt.n_objects, stmt.objects)) {
    if (stmt.targtype != PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA) {
      if (const auto id = grant_target(stmt, object, st, context))
        apply_grant(*id, stmt, *action, st, context);
      continue;
    }
    const std::string schema(pg::str(object));
    if (!find_schema(schema, context)) {
      unknown_object(context, st.at(), "schema", schema);
      continue;
    }
    for (const ObjectId& id : all_in_schema(schema, stmt.objtype, st, context))
      apply_grant(id, stmt, *action, st, context);
  }
}

void parse_owner(const PgQuery__AlterOwnerStmt& stmt, const Statement& st, ParseContext& context) {
  const auto owner = role_or_login(stmt.newowner, st, context);
  if (!owner) return;
  const PgQuery__RangeVar* relation = stmt.relation;
  const auto id = relation != nullptr ? find_relation(name_list(*relation), st, context)
                                      : find_object(stmt.object_type, stmt.object, st, context);
  if (!id) {
    if (relation != nullptr)
      unknown_object(context, st.at(relation->location), "relation", written(name_list(*relation)));
    return;
  }
  visit_object(context.snapshot, *id, [&](auto& object) {
    if constexpr (requires { object.owner; })
      object.owner = *owner;
    else
      refuse(context, st.at(), "OWNER TO of a " + std::string(kind_name(id->kind)));
  });
}

}  // namespace aloft
