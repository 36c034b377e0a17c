#include "parser/targets.h"

#include <algorithm>
#include <tuple>

#include "engine/base/sql.h"

namespace aloft {
namespace {

template <class T>
bool has_name(const Objects<T>& objects, const std::string& schema, const std::string& name) {
  const ObjectId first{.kind = T::kKind, .schema = schema, .name = name};
  return objects.contains(first);
}

}  // namespace

std::vector<std::string> name_list(const PgQuery__RangeVar& relation) {
  if (relation.schemaname != nullptr && *relation.schemaname != '\0')
    return {relation.schemaname, relation.relname};
  return {relation.relname};
}

std::vector<std::string> name_list(const PgQuery__Node* node) {
  if (node == nullptr) return {};
  switch (static_cast<int>(node->node_case)) {
    case PG_QUERY__NODE__NODE_STRING: return {std::string(pg::str(node))};
    case PG_QUERY__NODE__NODE_LIST: return pg::names(node->list->n_items, node->list->items);
    case PG_QUERY__NODE__NODE_TYPE_NAME:
      return pg::names(node->type_name->n_names, node->type_name->names);
    case PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS:
      return pg::names(node->object_with_args->n_objname, node->object_with_args->objname);
    case PG_QUERY__NODE__NODE_RANGE_VAR: return name_list(*node->range_var);
    default: return {};
  }
}

std::vector<std::string> schemas_for(const std::vector<std::string>& name, const Statement& st) {
  if (name.size() > 1) return {name[name.size() - 2]};
  return st.search_path;
}

std::string written(const std::vector<std::string>& name) {
  std::string text;
  for (const std::string& part : name) text += (text.empty() ? "" : ".") + quote_ident(part);
  return text;
}

std::optional<ObjectId> find_relation(const std::vector<std::string>& name, const Statement& st,
                                      const ParseContext& context) {
  if (name.empty()) return std::nullopt;
  const Snapshot& s = context.snapshot;
  for (const std::string& schema : schemas_for(name, st)) {
    ObjectId id = table_id(schema, name.back());
    if (s.tables.contains(id)) return id;
    id.kind = Kind::View;
    if (s.views.contains(id)) return id;
    id.kind = Kind::Sequence;
    if (s.sequences.contains(id)) return id;
    // A composite type shares the relations' name space, and so hides later schemas' relations.
    if (has_name(s.composites, schema, name.back())) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<ObjectId> find_index(const std::vector<std::string>& name, const Statement& st,
                                   const ParseContext& context) {
  if (name.empty()) return std::nullopt;
  for (const std::string& schema : schemas_for(name, st)) {
    const auto it = context.index_names.find({schema, name.back()});
    if (it != context.index_names.end() && context.snapshot.contains(it->second)) return it->second;
  }
  return std::nullopt;
}

std::optional<ObjectId> find_type(const std::vector<std::string>& name, const Statement& st,
                                  const ParseContext& context) {
  if (name.empty()) return std::nullopt;
  for (const std::string& schema : schemas_for(name, st))
    for (const Kind kind : {Kind::Enum, Kind::Domain, Kind::Composite}) {
      const ObjectId id{.kind = kind, .schema = schema, .name = name.back()};
      if (context.snapshot.contains(id)) return id;
    }
  return std::nullopt;
}

std::optional<ObjectId> find_schema(const std::string& name, const ParseContext& context) {
  ObjectId id{.kind = Kind::Schema, .name = name};
  return context.snapshot.contains(id) ? std::optional(std::move(id)) : std::nullopt;
}

void unknown_object(ParseContext& context, SourcePos at, const std::string& kind,
                    const std::string& name) {
  if (!context.last_pass) {
    context.deferred = true;
    return;
  }
  context.diagnostics.error("unknown-object", kind + " " + name + " is not defined by the files",
                            context.snapshot.extensions.empty()
                                ? "define it in the files, or take this statement out"
                                : "define it in the files, or take this statement out: aloft does "
                                  "not manage what belongs to an extension",
                            at);
}

bool said_before(const ObjectId& id, const Statement& st, const ParseContext& context) {
  const SourcePos there = context.snapshot.place_of(id), here = st.at();
  return !there.known() || std::tie(there.file, there.line, there.column) <
                               std::tie(here.file, here.line, here.column);
}

bool replaces(bool or_replace, const ObjectId& id, const Statement& st,
              const ParseContext& context) {
  if (!or_replace || !context.said.contains(id)) return false;
  return context.snapshot.place_of(id).file == st.file;
}

std::optional<std::string> role_name(const PgQuery__RoleSpec* role, const Statement& st,
                                     ParseContext& context) {
  if (role == nullptr) return std::nullopt;
  const bool named = role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING;
  if (named && role->rolename != kLogin) return role->rolename;
  const SourcePos at = st.at(role->location > 0 ? role->location : -1);
  if (role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC)
    refuse(context, at, "PUBLIC where a role belongs");
  else
    refuse(context, at, "CURRENT_USER, CURRENT_ROLE or SESSION_USER in place of this role's name");
  return std::nullopt;
}

std::optional<std::string> role_or_login(const PgQuery__RoleSpec* role, const Statement& st,
                                         ParseContext& context) {
  const bool login =
      role != nullptr && (role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER ||
                          role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE);
  return login ? std::optional(std::string(kLogin)) : role_name(role, st, context);
}

ViewColumn& view_column(View& view, const std::string& name) {
  auto& extras = view.column_extras;
  const auto it =
      std::lower_bound(extras.begin(), extras.end(), name,
                       [](const ViewColumn& c, const std::string& n) { return c.name < n; });
  if (it != extras.end() && it->name == name) return *it;
  return *extras.insert(it, ViewColumn{.name = name});
}

}  // namespace aloft
