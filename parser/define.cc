#include "parser/define.h"

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/qualify.h"
#include "parser/targets.h"

namespace aloft {
namespace {

/// The types of an operator's sides, as ObjectId::args has them.
std::string sides(const PgQuery__TypeName* left, const PgQuery__TypeName* right,
                  const Statement& st, const ParseContext& context) {
  const auto spelling = [&](const PgQuery__TypeName* type) -> std::string {
    if (type == nullptr) return "NONE";
    PgQuery__Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_TYPE_NAME;
    node.type_name = const_cast<PgQuery__TypeName*>(type);
    PgQuery__Node* list[] = {&node};
    return argument_types(1, list, st, context);
  };
  return spelling(left) + ", " + spelling(right);
}

const PgQuery__TypeName* type_of(const PgQuery__Node* node) {
  return node != nullptr && node->node_case == PG_QUERY__NODE__NODE_TYPE_NAME ? node->type_name
                                                                              : nullptr;
}

const PgQuery__TypeName* option_type(const PgQuery__DefineStmt& stmt, std::string_view name) {
  const PgQuery__DefElem* option = define_option(stmt, name);
  return option == nullptr ? nullptr : type_of(option->arg);
}

std::string arguments_of(Kind kind, const PgQuery__DefineStmt& stmt, const Statement& st,
                         const ParseContext& context) {
  if (kind == Kind::Operator)
    return sides(option_type(stmt, "leftarg"), option_type(stmt, "rightarg"), st, context);
  if (kind != Kind::Aggregate) return "";
  if (!stmt.oldstyle) {
    if (stmt.n_args == 0 || stmt.args[0]->node_case != PG_QUERY__NODE__NODE_LIST) return "";
    const PgQuery__List& parameters = *stmt.args[0]->list;
    return argument_types(parameters.n_items, parameters.items, st, context);
  }
  const PgQuery__DefElem* base = define_option(stmt, "basetype");
  return base == nullptr || type_of(base->arg) == nullptr
             ? ""
             : argument_types(1, &base->arg, st, context);
}

void create(const ObjectId& id, const Statement& st, ParseContext& context) {
  Snapshot& s = context.snapshot;
  switch (id.kind) {
    case Kind::Aggregate:
      s.aggregates[id] = {
          .create = st.text(), .grants = default_grants(id, context), .at = st.at()};
      return;
    case Kind::Operator: s.operators[id] = {.create = st.text(), .at = st.at()}; return;
    case Kind::SearchParser: s.search_parsers[id] = {.create = st.text(), .at = st.at()}; return;
    case Kind::SearchTemplate:
      s.search_templates[id] = {.create = st.text(), .at = st.at()};
      return;
    case Kind::SearchDictionary:
      s.search_dictionaries[id] = {.create = st.text(), .at = st.at()};
      return;
    case Kind::SearchConfiguration:
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite:
    case Kind::Sequence:
    case Kind::Function:
    case Kind::Table:
    case Kind::Column:
    case Kind::Constraint:
    case Kind::Index:
    case Kind::View:
    case Kind::Trigger:
    case Kind::Policy: return;
  }
}

}  // namespace

std::optional<Kind> defined_kind(const PgQuery__DefineStmt& stmt) {
  switch (static_cast<int>(stmt.kind)) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE: return Kind::Aggregate;
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR: return Kind::Operator;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER: return Kind::SearchParser;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE: return Kind::SearchTemplate;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY: return Kind::SearchDictionary;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION: return Kind::SearchConfiguration;
    default: return std::nullopt;
  }
}

std::string option_name(const PgQuery__DefElem& option) {
  std::string name = option.defname;
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (name == "sfunc1" || name == "stype1" || name == "initcond1") name.pop_back();
  return name == "procedure" ? "function" : name;
}

const PgQuery__DefElem* define_option(const PgQuery__DefineStmt& stmt, std::string_view name) {
  for (const PgQuery__Node* node : pg::list(stmt.n_definition, stmt.definition))
    if (option_name(*node->def_elem) == name) return node->def_elem;
  return nullptr;
}

std::vector<std::string> dictionaries_in(const std::string& mapping) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < mapping.size();) {
    const std::size_t end = std::min(mapping.find(", ", at), mapping.size());
    names.push_back(mapping.substr(at, end - at));
    at = end + 2;
  }
  return names;
}

Name operator_in(const std::string& value) {
  const std::size_t begin = value.find('(') + 1, dot = value.rfind('.');
  const Name schema = regclass_name(value.substr(begin, dot - begin));
  return {schema.name, value.substr(dot + 1, value.size() - dot - 2)};
}

std::optional<ObjectId> find_aggregate(const PgQuery__ObjectWithArgs& object, const Statement& st,
                                       const ParseContext& context) {
  const auto name = pg::names(object.n_objname, object.objname);
  ObjectId id{.kind = Kind::Aggregate, .name = name.back()};
  id.args = argument_types(object.n_objargs, object.objargs, st, context);
  for (const std::string& schema : schemas_for(name, st)) {
    id.schema = schema;
    if (context.snapshot.aggregates.contains(id)) return id;
  }
  return std::nullopt;
}

std::optional<ObjectId> find_operator(const PgQuery__ObjectWithArgs& object, const Statement& st,
                                      const ParseContext& context) {
  const auto name = pg::names(object.n_objname, object.objname);
  if (object.n_objargs != 2) return std::nullopt;
  ObjectId id{.kind = Kind::Operator, .name = name.back()};
  id.args = sides(type_of(object.objargs[0]), type_of(object.objargs[1]), st, context);
  for (const std::string& schema : schemas_for(name, st)) {
    id.schema = schema;
    if (context.snapshot.operators.contains(id)) return id;
  }
  return std::nullopt;
}

std::optional<ObjectId> find_search_object(Kind kind, const std::vector<std::string>& name,
                                           const Statement& st, const ParseContext& context) {
  if (name.empty()) return std::nullopt;
  for (const std::string& schema : schemas_for(name, st)) {
    const ObjectId id{.kind = kind, .schema = schema, .name = name.back()};
    if (context.snapshot.contains(id)) return id;
  }
  return std::nullopt;
}

void parse_define(const PgQuery__DefineStmt& stmt, const Statement& st, ParseContext& context) {
  const auto kind = defined_kind(stmt);
  if (!kind) return;
  const std::vector<std::string> name = pg::names(stmt.n_defnames, stmt.defnames);
  const char* said = name.size() > 1 ? name[name.size() - 2].c_str() : nullptr;
  ObjectId id{.kind = *kind,
              .schema = creation_schema(said, st, context, st.at()),
              .name = name.back(),
              .args = arguments_of(*kind, stmt, st, context)};
  if (id.schema.empty()) return;
  if (id.kind == Kind::SearchConfiguration)
    return create_search_configuration(id, stmt, st, context);
  if (!replaces(stmt.replace != 0, id, st, context) && !first_time(context, id, st.at())) return;
  create(id, st, context);
}

}  // namespace aloft
