#include <algorithm>

#include "engine/base/sql.h"
#include "parser/handlers.h"
#include "parser/mentions.h"
#include "parser/source_text.h"
#include "parser/targets.h"
#include "parser/type.h"

namespace aloft {
namespace {

void no_label(const ObjectId& id, const std::string& label, const Statement& st,
              ParseContext& context) {
  unknown_object(context, st.at(), "value", quote_literal(label) + " of " + to_string(id));
}

void rename_label(const ObjectId& id, Enum& type, const PgQuery__AlterEnumStmt& stmt,
                  const Statement& st, ParseContext& context) {
  const auto old = std::ranges::find(type.labels, std::string_view(stmt.old_val));
  if (old == type.labels.end()) return no_label(id, stmt.old_val, st, context);
  if (const auto user = literal_mention(context.snapshot, stmt.old_val))
    return refuse(context, st.at(),
                  "RENAME VALUE while " + to_string(*user) + " may mention " +
                      quote_literal(stmt.old_val) + " (write the new value in CREATE TYPE)");
  *old = stmt.new_val;
}

/// What ALTER FUNCTION says, put in place of what the statement said before of the same thing.
std::vector<pg::Node*> changed_options(const PgQuery__CreateFunctionStmt& create,
                                       const PgQuery__AlterFunctionStmt& alter) {
  std::vector<pg::Node*> options(create.options, create.options + create.n_options);
  const auto setting = [](const PgQuery__DefElem* option) -> const PgQuery__VariableSetStmt* {
    return std::string_view(option->defname) == "set" ? option->arg->variable_set_stmt : nullptr;
  };
  for (pg::Node* action : pg::list(alter.n_actions, alter.actions)) {
    const PgQuery__DefElem* change = action->def_elem;
    const PgQuery__VariableSetStmt* set = setting(change);
    std::erase_if(options, [&](const pg::Node* node) {
      const PgQuery__DefElem* option = node->def_elem;
      if (set == nullptr) return std::string_view(option->defname) == change->defname;
      const PgQuery__VariableSetStmt* was = setting(option);
      return was != nullptr && (set->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL ||
                                std::string_view(was->name) == set->name);
    });
    const bool reset =
        set != nullptr && (set->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET ||
                           set->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL ||
                           set->kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT);
    if (!reset) options.push_back(action);
  }
  return options;
}

}  // namespace

void parse_alter_enum(const PgQuery__AlterEnumStmt& stmt, const Statement& st,
                      ParseContext& context) {
  const auto name = pg::names(stmt.n_type_name, stmt.type_name);
  const auto id = find_type(name, st, context);
  if (!id || id->kind != Kind::Enum)
    return unknown_object(context, st.at(), "enum type", written(name));
  Enum& type = context.snapshot.enums[*id];
  if (stmt.old_val != nullptr && *stmt.old_val != '\0')
    return rename_label(*id, type, stmt, st, context);
  const std::string label = stmt.new_val;
  if (std::ranges::find(type.labels, label) != type.labels.end()) {
    if (stmt.skip_if_new_val_exists) return;
    context.diagnostics.error(
        "duplicate-object", to_string(*id) + " has the value " + quote_literal(label) + " already",
        "take one of them out", st.at());
    return;
  }
  auto place = type.labels.end();
  if (stmt.new_val_neighbor != nullptr && *stmt.new_val_neighbor != '\0') {
    place = std::ranges::find(type.labels, std::string_view(stmt.new_val_neighbor));
    if (place == type.labels.end()) return no_label(*id, stmt.new_val_neighbor, st, context);
    if (stmt.new_val_is_after) ++place;
  }
  type.labels.insert(place, label);
}

void parse_alter_domain(const PgQuery__AlterDomainStmt& stmt, const Statement& st,
                        ParseContext& context) {
  const auto name = pg::names(stmt.n_type_name, stmt.type_name);
  const auto id = find_type(name, st, context);
  if (!id || id->kind != Kind::Domain)
    return unknown_object(context, st.at(), "domain", written(name));
  Domain& domain = context.snapshot.domains[*id];
  const auto named =
      std::ranges::find(domain.constraints, std::string_view(stmt.name), &DomainConstraint::name);
  const bool found = named != domain.constraints.end();
  switch (*stmt.subtype) {
    case 'T':
      domain.default_value.sql = stmt.def == nullptr ? "" : pg::deparse_expression(stmt.def);
      return;
    case 'N': domain.not_null = false; return;
    case 'O': domain.not_null = true; return;
    case 'C':
      if (stmt.def->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
          stmt.def->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        return add_domain_check(*id, domain, *stmt.def->constraint, st, context);
      return refuse(context, st.at(), "a constraint on a domain other than CHECK");
    case 'X':
      if (found) {
        context.constraint_names.erase({id->schema, named->name});
        domain.constraints.erase(named);
      } else if (!stmt.missing_ok) {
        unknown_object(context, st.at(), "constraint", written(name) + "." + stmt.name);
      }
      return;
    case 'V':
      if (found)
        named->validated = true;
      else
        unknown_object(context, st.at(), "constraint", written(name) + "." + stmt.name);
      return;
    default: refuse(context, st.at(), "this form of ALTER DOMAIN");
  }
}

void parse_alter_function(const PgQuery__AlterFunctionStmt& stmt, const Statement& st,
                          ParseContext& context) {
  const auto id = find_function(*stmt.func, st, context);
  if (!id) return;
  Function& function = context.snapshot.functions[*id];
  pg::ParseError error;
  const auto tree = pg::Tree::parse(function.create, error);
  if (!tree || tree->statements().size() != 1 ||
      tree->statements()[0]->stmt->node_case != PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT)
    return refuse(context, st.at(), "ALTER FUNCTION of this function");
  PgQuery__CreateFunctionStmt create = *tree->statements()[0]->stmt->create_function_stmt;
  std::vector<pg::Node*> options = changed_options(create, stmt);
  create.n_options = options.size();
  create.options = options.data();
  pg::Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT;
  node.create_function_stmt = &create;
  const std::string text = pg::deparse(&node);
  if (!pg::reads_back(text, &node))
    return refuse(context, st.at(), "ALTER FUNCTION (say it in CREATE FUNCTION)");
  function.create = text;
}

void parse_alter_extension(const PgQuery__AlterExtensionStmt& stmt, const Statement& st,
                           ParseContext& context) {
  const ObjectId id{.kind = Kind::Extension, .name = stmt.extname};
  const auto extension = context.snapshot.extensions.find(id);
  if (extension == context.snapshot.extensions.end())
    return unknown_object(context, st.at(), "extension", stmt.extname);
  if (stmt.n_options == 0)
    refuse(context, st.at(), "ALTER EXTENSION ... UPDATE without the version to go to");
  for (const pg::Node* node : pg::list(stmt.n_options, stmt.options)) {
    const PgQuery__DefElem& option = *node->def_elem;
    if (std::string_view(option.defname) == "new_version")
      extension->second.version = pg::str(option.arg);
    else
      refuse(context, st.at(option.location), "ALTER EXTENSION ... " + std::string(option.defname));
  }
}

}  // namespace aloft
