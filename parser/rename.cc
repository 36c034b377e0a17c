#include <algorithm>

#include "parser/move.h"
#include "parser/targets.h"

namespace aloft {
namespace {

ObjectId with_name(ObjectId id, const std::string& name) {
  id.name = name;
  return id;
}

ObjectId in_schema(ObjectId id, const std::string& schema) {
  id.schema = schema;
  return id;
}

bool move_any(const ObjectId& from, const ObjectId& to, const Statement& st,
              ParseContext& context) {
  switch (from.kind) {
    case Kind::Table:
    case Kind::View: return move_relation(from, to, st, context);
    case Kind::Sequence: return move_sequence(from, to, st, context);
    case Kind::Function: return move_function(from, to, st, context);
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite: return move_type(from, to, st, context);
    case Kind::Index:
    case Kind::Constraint: return move_index(from, to, st, context);
    case Kind::Trigger:
    case Kind::Policy: return move_object(from, to, st, context);
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Aggregate:
    case Kind::Operator:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Column: break;
  }
  refuse(context, st.at(),
         "renaming " + to_string(from) + " (write the new name where it is created)");
  return false;
}

/// The relation or index that an ALTER ... RENAME TO or SET SCHEMA names.
std::optional<ObjectId> relation_or_index(const PgQuery__RangeVar& relation, const Statement& st,
                                          const ParseContext& context) {
  const auto name = name_list(relation);
  if (auto id = find_relation(name, st, context)) return id;
  if (auto id = find_index(name, st, context)) return id;
  return std::nullopt;
}

void missing(const std::string& kind, const std::string& name, bool missing_ok, const Statement& st,
             ParseContext& context) {
  if (!missing_ok) unknown_object(context, st.at(), kind, name);
}

/// A column, constraint, trigger or policy of a relation.
void rename_child(Kind kind, const PgQuery__RenameStmt& stmt, const Statement& st,
                  ParseContext& context) {
  const auto name = name_list(*stmt.relation);
  const auto relation = find_relation(name, st, context);
  const ObjectId id = child_id(kind, relation.value_or(ObjectId{}), stmt.subname);
  if (relation && kind == Kind::Column && relation->kind == Kind::View)
    return refuse(context, st.at(), "renaming a column of a view (name it in the view's query)");
  if (!relation || !context.snapshot.contains(id))
    return missing(std::string(kind_name(kind)), written(name) + "." + stmt.subname,
                   stmt.missing_ok != 0, st, context);
  if (kind == Kind::Column)
    move_column(id, stmt.newname, st, context);
  else
    move_any(id, with_name(id, stmt.newname), st, context);
}

void rename_domain_constraint(const PgQuery__RenameStmt& stmt, const Statement& st,
                              ParseContext& context) {
  const auto name = name_list(stmt.object);
  const auto id = find_type(name, st, context);
  if (id && id->kind == Kind::Domain) {
    auto& constraints = context.snapshot.domains[*id].constraints;
    const auto it =
        std::ranges::find(constraints, std::string_view(stmt.subname), &DomainConstraint::name);
    if (it != constraints.end()) {
      context.constraint_names.erase({id->schema, it->name});
      context.constraint_names.insert({id->schema, stmt.newname});
      it->name = stmt.newname;
      std::ranges::sort(constraints, {}, &DomainConstraint::name);
      return;
    }
  }
  unknown_object(context, st.at(), "constraint", written(name) + "." + stmt.subname);
}

void rename_attribute(const PgQuery__RenameStmt& stmt, const Statement& st, ParseContext& context) {
  const auto name = name_list(*stmt.relation);
  const auto id = find_type(name, st, context);
  if (id && id->kind == Kind::Composite)
    for (Attribute& a : context.snapshot.composites[*id].attributes)
      if (a.name == stmt.subname)
        return refuse(context, st.at(), "RENAME ATTRIBUTE (write the new name in CREATE TYPE)");
  unknown_object(context, st.at(), "attribute", written(name) + "." + stmt.subname);
}

}  // namespace

void parse_rename(const PgQuery__RenameStmt& stmt, const Statement& st, ParseContext& context) {
  switch (static_cast<int>(stmt.rename_type)) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN: return rename_child(Kind::Column, stmt, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      return rename_child(Kind::Constraint, stmt, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      return rename_child(Kind::Trigger, stmt, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY: return rename_child(Kind::Policy, stmt, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
      return rename_domain_constraint(stmt, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE: return rename_attribute(stmt, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
      return refuse(context, st.at(),
                    "renaming a schema or role (write the new name where it is created)");
    default: break;
  }
  std::string what;
  if (!managed(stmt.rename_type, what))
    return refuse(context, st.at(), "renaming objects of the kind " + what);
  const auto id = stmt.relation != nullptr
                      ? relation_or_index(*stmt.relation, st, context)
                      : find_object(stmt.rename_type, stmt.object, st, context);
  if (id)
    move_any(*id, with_name(*id, stmt.newname), st, context);
  else if (stmt.relation != nullptr)
    missing(what, written(name_list(*stmt.relation)), stmt.missing_ok != 0, st, context);
}

void parse_alter_object_schema(const PgQuery__AlterObjectSchemaStmt& stmt, const Statement& st,
                               ParseContext& context) {
  std::string what;
  if (!managed(stmt.object_type, what))
    return refuse(context, st.at(), "SET SCHEMA of objects of the kind " + what);
  const auto id = stmt.relation != nullptr
                      ? relation_or_index(*stmt.relation, st, context)
                      : find_object(stmt.object_type, stmt.object, st, context);
  if (!id) {
    if (stmt.relation != nullptr)
      missing(what, written(name_list(*stmt.relation)), stmt.missing_ok != 0, st, context);
    return;
  }
  if (id->kind == Kind::Extension) {
    context.snapshot.extensions[*id].schema = stmt.newschema;
    return;
  }
  if (id->schema == stmt.newschema) return;
  if (id->kind == Kind::Index || id->kind == Kind::Constraint)
    return refuse(context, st.at(), "SET SCHEMA of an index");
  if (id->kind == Kind::Sequence && !context.snapshot.sequences[*id].owned_by.name.empty())
    return refuse(context, st.at(), "SET SCHEMA of a sequence that a column owns");
  move_any(*id, in_schema(*id, stmt.newschema), st, context);
}

}  // namespace aloft
