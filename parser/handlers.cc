#include "parser/handlers.h"

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/choose_name.h"

namespace aloft {

SourcePos Statement::at(int location) const {
  if (location < 0) return at();
  return sources.position(file, tree_base + static_cast<std::size_t>(location));
}

SourcePos Statement::at() const {
  return sources.position(file, begin);
}

std::string Statement::text() const {
  return sources.file(file).text.substr(begin, end - begin);
}

void refuse(ParseContext& context, SourcePos at, std::string_view what) {
  context.diagnostics.error("unsupported-clause", "aloft does not manage " + std::string(what),
                            "Take it out of the desired state.", at);
}

bool first_time(ParseContext& context, const ObjectId& id, SourcePos at) {
  if (context.said.insert(id).second) return true;
  const std::string message = to_string(id) + " is defined twice";
  context.diagnostics.error("duplicate-object", message, "Keep one of the two definitions.", at);
  if (const SourcePos first = context.snapshot.place_of(id); first.known())
    context.diagnostics.error("duplicate-object", message + ": the other definition is here",
                              "Keep one of the two definitions.", first);
  return false;
}

std::string creation_schema(const char* schemaname, const Statement& st, ParseContext& context,
                            SourcePos at) {
  if (schemaname != nullptr && *schemaname != '\0') return schemaname;
  if (!st.search_path.empty()) return st.search_path.front();
  context.diagnostics.error("no-schema", "no schema to create this in: search_path is empty here",
                            "Write the schema before the name.", at);
  return "";
}

bool relation_known(const ParseContext& context, const std::string& schema,
                    const std::string& name) {
  const Snapshot& s = context.snapshot;
  for (const Kind kind : {Kind::Table, Kind::View, Kind::Sequence}) {
    const ObjectId id{.kind = kind, .schema = schema, .name = name};
    if (s.contains(id) || context.declared.contains(id)) return true;
  }
  return context.index_names.contains({schema, name});
}

std::string relation_schema(const PgQuery__RangeVar& relation, const Statement& st,
                            const ParseContext& context) {
  if (*relation.schemaname != '\0') return relation.schemaname;
  if (st.search_path.empty()) return "";
  if (st.search_path.size() > 1)
    for (const std::string& schema : st.search_path)
      if (relation_known(context, schema, relation.relname)) return schema;
  return st.search_path.front();
}

namespace {

bool function_known(const Snapshot& snapshot, const std::string& schema, const std::string& name) {
  const ObjectId from{.kind = Kind::Function, .schema = schema, .name = name};
  const auto it = snapshot.functions.lower_bound(from);
  return it != snapshot.functions.end() && it->first.schema == schema && it->first.name == name;
}

bool known(const ParseContext& context, Kind kind, const std::string& schema,
           const std::string& name) {
  if (kind == Kind::Function) return function_known(context.snapshot, schema, name);
  if (kind == Kind::Index) return context.index_names.contains({schema, name});
  const ObjectId id{.kind = kind, .schema = schema, .name = name};
  return context.declared.contains(id) || context.snapshot.contains(id);
}

}  // namespace

Name resolve_name(const std::vector<std::string>& name, const std::vector<Kind>& kinds,
                  const Statement& st, const ParseContext& context) {
  if (name.empty()) return {};
  if (name.size() > 1) return {name[name.size() - 2], name.back()};
  for (const std::string& schema : st.search_path)
    for (const Kind kind : kinds)
      if (known(context, kind, schema, name.front())) return {schema, name.front()};
  return {"", name.front()};
}

std::string argument_types(std::size_t count, PgQuery__Node* const* parameters, const Statement& st,
                           const ParseContext& context) {
  std::string text;
  // A function's arguments have types without modifiers; bpchar without one prints as character.
  const auto append = [&](PgQuery__TypeName type) {
    type.n_typmods = 0;
    std::string spelling = type_spelling(type, st, context);
    if (spelling == "bpchar" || spelling == "bpchar[]") spelling.replace(0, 6, "character");
    text += (text.empty() ? "" : ", ") + spelling;
  };
  for (const PgQuery__Node* node : pg::list(count, parameters)) {
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_NAME) append(*node->type_name);
    if (node->node_case != PG_QUERY__NODE__NODE_FUNCTION_PARAMETER) continue;
    const PgQuery__FunctionParameter& parameter = *node->function_parameter;
    if (parameter.mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT ||
        parameter.mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE)
      continue;
    append(*parameter.arg_type);
  }
  return text;
}

std::optional<ObjectId> find_function(const PgQuery__ObjectWithArgs& object, const Statement& st,
                                      ParseContext& context) {
  const auto written = pg::names(object.n_objname, object.objname);
  const Name name = resolve_name(written, {Kind::Function}, st, context);
  const ObjectId first{.kind = Kind::Function, .schema = name.schema, .name = name.name};
  const auto& functions = context.snapshot.functions;
  std::vector<ObjectId> candidates;
  for (auto it = functions.lower_bound(first);
       it != functions.end() && it->first.schema == name.schema && it->first.name == name.name;
       ++it)
    candidates.push_back(it->first);
  if (object.args_unspecified) {
    if (candidates.size() == 1) return candidates.front();
  } else {
    const bool detailed = object.n_objfuncargs > 0;
    ObjectId id = first;
    id.args = detailed ? argument_types(object.n_objfuncargs, object.objfuncargs, st, context)
                       : argument_types(object.n_objargs, object.objargs, st, context);
    if (functions.contains(id)) return id;
    // A procedure may be named with the types of its OUT arguments as well.
    id.args = argument_types(object.n_objargs, object.objargs, st, context);
    if (functions.contains(id)) return id;
  }
  const bool several = object.args_unspecified && candidates.size() > 1;
  context.diagnostics.error(
      several ? "ambiguous-object" : "unknown-object",
      several ? "more than one function is named " + quote_qualified(name.schema, name.name)
              : "no function " + quote_qualified(name.schema, name.name) +
                    " with these arguments is defined in the desired state",
      several ? "Write the types of its arguments."
      : context.snapshot.extensions.empty()
          ? "Define it, or correct the name."
          : "Define it, correct the name, or take this statement out: aloft does not manage what "
            "belongs to an extension.",
      st.at());
  return std::nullopt;
}

Options options_of(std::size_t count, PgQuery__Node* const* elements) {
  Options options;
  for (const PgQuery__Node* node : pg::list(count, elements)) {
    if (node->node_case != PG_QUERY__NODE__NODE_DEF_ELEM) continue;
    const PgQuery__DefElem& element = *node->def_elem;
    std::string name = element.defname;
    if (*element.defnamespace != '\0') name = std::string(element.defnamespace) + "." + name;
    options.push_back({std::move(name), option_value(element.arg)});
  }
  std::ranges::sort(options);
  return options;
}

std::string option_value(const PgQuery__Node* value) {
  if (value == nullptr) return "true";  // a parameter without a value is switched on
  switch (static_cast<int>(value->node_case)) {
    case PG_QUERY__NODE__NODE_INTEGER: return std::to_string(value->integer->ival);
    case PG_QUERY__NODE__NODE_FLOAT: return value->float_->fval;
    case PG_QUERY__NODE__NODE_STRING: return value->string->sval;
    case PG_QUERY__NODE__NODE_BOOLEAN: return value->boolean->boolval ? "true" : "false";
    case PG_QUERY__NODE__NODE_TYPE_NAME: {
      // A bare word such as `on` or `buffering = auto` arrives as a type name.
      const auto words = pg::names(value->type_name->n_names, value->type_name->names);
      return words.empty() ? "" : words.back();
    }
    case PG_QUERY__NODE__NODE_A_CONST: {
      const PgQuery__AConst& constant = *value->a_const;
      if (constant.val_case == PG_QUERY__A__CONST__VAL_IVAL)
        return std::to_string(constant.ival->ival);
      if (constant.val_case == PG_QUERY__A__CONST__VAL_FVAL) return constant.fval->fval;
      if (constant.val_case == PG_QUERY__A__CONST__VAL_SVAL) return constant.sval->sval;
      if (constant.val_case == PG_QUERY__A__CONST__VAL_BOOLVAL)
        return constant.boolval->boolval ? "true" : "false";
      return "";
    }
    case PG_QUERY__NODE__NODE_LIST: {
      std::string text;
      for (const auto* item : pg::list(value->list->n_items, value->list->items))
        text += (text.empty() ? "" : ".") + option_value(item);
      return text;
    }
    default: return "";
  }
}

Grants default_grants(const ObjectId& id, const ParseContext& context) {
  switch (id.kind) {
    case Kind::Function:
    case Kind::Aggregate: return {{.grantee = "", .privilege = "EXECUTE"}};
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite: return {{.grantee = "", .privilege = "USAGE"}};
    case Kind::Schema:
      if (id.name != "public") return {};
      if (context.server_version >= 150000) return {{.grantee = "", .privilege = "USAGE"}};
      return {{.grantee = "", .privilege = "CREATE"}, {.grantee = "", .privilege = "USAGE"}};
    case Kind::Role:
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

}  // namespace aloft
