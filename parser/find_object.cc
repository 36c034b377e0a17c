#include <algorithm>

#include "parser/define.h"
#include "parser/targets.h"

namespace aloft {
namespace {

using Names = std::vector<std::string>;

/// The object types of PostgreSQL that aloft manages, as people call them; "" for others.
std::string_view managed_name(PgQuery__ObjectType type) {
  switch (static_cast<int>(type)) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: return "table";
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW: return "view";
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW: return "materialized view";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: return "sequence";
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: return "index";
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN: return "column";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE: return "attribute";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT: return "constraint";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT: return "constraint of a domain";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER: return "trigger";
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY: return "policy";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE: return "type";
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN: return "domain";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION: return "function";
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE: return "procedure";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE: return "routine";
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE: return "aggregate";
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR: return "operator";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER: return "text search parser";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE: return "text search template";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY: return "text search dictionary";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION: return "text search configuration";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: return "schema";
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION: return "extension";
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE: return "role";
    default: return "";
  }
}

/// {"OBJECT_EVENT_TRIGGER"} as "event trigger".
std::string words(PgQuery__ObjectType type) {
  const auto* value =
      protobuf_c_enum_descriptor_get_value(&pg_query__object_type__descriptor, type);
  if (value == nullptr) return "object";
  std::string text = value->name;
  if (text.starts_with("OBJECT_")) text.erase(0, 7);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::optional<ObjectId> relation_of_type(PgQuery__ObjectType type, const Names& name,
                                         const Statement& st, const ParseContext& context) {
  const auto id = find_relation(name, st, context);
  if (!id) return std::nullopt;
  switch (static_cast<int>(type)) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: return id->kind == Kind::Table ? id : std::nullopt;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return id->kind == Kind::Sequence ? id : std::nullopt;
    default: break;
  }
  const View* view = context.snapshot.find<View>(*id);
  const bool materialized = type == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
  return view != nullptr && view->materialized == materialized ? id : std::nullopt;
}

/// Of {schema, relation, name}: the column, trigger, policy or constraint.
std::optional<ObjectId> child_of_relation(Kind kind, Names name, const Statement& st,
                                          const ParseContext& context) {
  if (name.size() < 2) return std::nullopt;
  const std::string child = name.back();
  name.pop_back();
  const Snapshot& s = context.snapshot;
  if (const auto relation = find_relation(name, st, context)) {
    const ObjectId id = child_id(kind, *relation, child);
    if (s.contains(id)) return id;
    if (kind != Kind::Column || relation->kind != Kind::View) return std::nullopt;
    const auto& columns = s.find<View>(*relation)->columns;
    const bool there = columns.empty() || std::ranges::find(columns, child) != columns.end();
    return there ? std::optional(id) : std::nullopt;
  }
  if (kind != Kind::Column) return std::nullopt;
  const auto type = find_type(name, st, context);
  const Composite* composite = type ? s.find<Composite>(*type) : nullptr;
  if (composite == nullptr) return std::nullopt;
  const bool there = std::ranges::any_of(composite->attributes,
                                         [&](const Attribute& a) { return a.name == child; });
  return there ? std::optional(child_id(kind, *type, child)) : std::nullopt;
}

/// Of {domain type, name}: a constraint of the domain.
std::optional<ObjectId> domain_constraint(const PgQuery__Node* object, const Statement& st,
                                          const ParseContext& context) {
  if (object == nullptr || object->node_case != PG_QUERY__NODE__NODE_LIST ||
      object->list->n_items != 2)
    return std::nullopt;
  const auto id = find_type(name_list(object->list->items[0]), st, context);
  const std::string name(pg::str(object->list->items[1]));
  const Domain* domain = id ? context.snapshot.find<Domain>(*id) : nullptr;
  if (domain == nullptr) return std::nullopt;
  const bool there = std::ranges::any_of(domain->constraints,
                                         [&](const DomainConstraint& c) { return c.name == name; });
  return there ? std::optional(child_id(Kind::Constraint, *id, name)) : std::nullopt;
}

std::optional<ObjectId> named_thing(PgQuery__ObjectType type, const PgQuery__Node* object,
                                    const Statement& st, ParseContext& context) {
  const Names name = name_list(object);
  const auto alone = [&](Kind kind) -> std::optional<ObjectId> {
    const ObjectId id{.kind = kind, .name = name.empty() ? "" : name.back()};
    return context.snapshot.contains(id) ? std::optional(id) : std::nullopt;
  };
  switch (static_cast<int>(type)) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: return find_index(name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE:
      return child_of_relation(Kind::Column, name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      return child_of_relation(Kind::Constraint, name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      return child_of_relation(Kind::Trigger, name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
      return child_of_relation(Kind::Policy, name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT: return domain_constraint(object, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE: return find_type(name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN: {
      const auto id = find_type(name, st, context);
      return id && id->kind == Kind::Domain ? id : std::nullopt;
    }
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      return find_aggregate(*object->object_with_args, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR:
      return find_operator(*object->object_with_args, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER:
      return find_search_object(Kind::SearchParser, name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE:
      return find_search_object(Kind::SearchTemplate, name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY:
      return find_search_object(Kind::SearchDictionary, name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION:
      return find_search_object(Kind::SearchConfiguration, name, st, context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return name.empty() ? std::nullopt : find_schema(name.back(), context);
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION: return alone(Kind::Extension);
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
      if (object != nullptr && object->node_case == PG_QUERY__NODE__NODE_ROLE_SPEC) {
        const ObjectId id{.kind = Kind::Role, .name = object->role_spec->rolename};
        return context.snapshot.contains(id) ? std::optional(id) : std::nullopt;
      }
      return alone(Kind::Role);
    default: return relation_of_type(type, name, st, context);
  }
}

bool names_function(PgQuery__ObjectType type, const PgQuery__Node* object) {
  return object != nullptr && object->node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS &&
         type != PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE &&
         type != PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR;
}

std::string written_object(const PgQuery__Node* object) {
  if (object != nullptr && object->node_case == PG_QUERY__NODE__NODE_LIST &&
      object->list->n_items == 2 &&
      object->list->items[0]->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
    return written(name_list(object->list->items[0])) + "." +
           std::string(pg::str(object->list->items[1]));
  return written(name_list(object));
}

}  // namespace

bool managed(PgQuery__ObjectType type, std::string& what) {
  const std::string_view name = managed_name(type);
  what = name.empty() ? words(type) : std::string(name);
  return !name.empty();
}

std::optional<ObjectId> find_if_there(PgQuery__ObjectType type, const PgQuery__Node* object,
                                      const Statement& st, ParseContext& context) {
  if (!names_function(type, object)) return named_thing(type, object, st, context);
  Diagnostics unheard;
  ParseContext quiet{.snapshot = context.snapshot, .diagnostics = unheard};
  return find_function(*object->object_with_args, st, quiet);
}

std::optional<ObjectId> find_object(PgQuery__ObjectType type, const PgQuery__Node* object,
                                    const Statement& st, ParseContext& context) {
  std::string kind;
  if (!managed(type, kind)) {
    refuse(context, st.at(), "objects of the kind " + kind);
    return std::nullopt;
  }
  if (names_function(type, object)) return find_function(*object->object_with_args, st, context);
  auto id = named_thing(type, object, st, context);
  if (!id) unknown_object(context, st.at(), kind, written_object(object));
  return id;
}

}  // namespace aloft
