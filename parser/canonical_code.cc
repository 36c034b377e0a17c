// Canonical forms of views, functions and triggers.

#include <algorithm>
#include <utility>

#include "engine/base/sql.h"
#include "parser/canoniser.h"
#include "parser/qualify.h"
#include "parser/query_text.h"
#include "parser/table_build.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

std::string mode_word(PgQuery__FunctionParameterMode mode) {
  switch (mode) {
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT: return "OUT ";
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_INOUT: return "INOUT ";
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC: return "VARIADIC ";
    default: return "";
  }
}

bool is_output(const PgQuery__FunctionParameter& p) {
  return p.mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT ||
         p.mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_INOUT;
}

std::string value_of(const PgQuery__DefElem& element) {
  const pg::Node* arg = element.arg;
  if (arg == nullptr) return "";
  switch (arg->node_case) {
    case PG_QUERY__NODE__NODE_STRING: return arg->string->sval;
    case PG_QUERY__NODE__NODE_INTEGER: return std::to_string(arg->integer->ival);
    case PG_QUERY__NODE__NODE_FLOAT: return arg->float_->fval;
    case PG_QUERY__NODE__NODE_BOOLEAN: return arg->boolean->boolval ? "true" : "false";
    default: return pg::deparse_expression(const_cast<pg::Node*>(arg));
  }
}

std::string set_value(const PgQuery__VariableSetStmt& set) {
  std::string text;
  for (pg::Node* arg : pg::list(set.n_args, set.args)) {
    const bool string = arg->node_case == PG_QUERY__NODE__NODE_A_CONST &&
                        arg->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL;
    text += (text.empty() ? "" : ", ") +
            (string ? quote_literal(arg->a_const->sval->sval) : pg::deparse_expression(arg));
  }
  return text.empty() ? "FROM CURRENT" : text;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return text;
}

/// Names of settings do not mind case.
std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

/// The SQL-standard body, statement by statement.
std::string body_text(pg::Node* body) {
  if (body->node_case == PG_QUERY__NODE__NODE_RETURN_STMT)
    return "RETURN " + pg::deparse_expression(body->return_stmt->returnval);
  std::string text;
  for (pg::Node* inner : pg::list(body->list->n_items, body->list->items)) {
    if (inner->node_case != PG_QUERY__NODE__NODE_LIST) continue;  // BEGIN ATOMIC END
    for (pg::Node* statement : pg::list(inner->list->n_items, inner->list->items))
      text += (statement->node_case == PG_QUERY__NODE__NODE_RETURN_STMT
                   ? "RETURN " + pg::deparse_expression(statement->return_stmt->returnval)
                   : pg::deparse(statement)) +
              ";\n";
  }
  return text;
}

/// (a, b) = ROW(1, 2) of an UPDATE is a = 1, b = 2.
void spread_assignments(pg::Node* body) {
  pg::walk(body, [](pg::Node* node) {
    if (node->node_case != PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF) return true;
    const PgQuery__MultiAssignRef& part = *node->multi_assign_ref;
    if (part.source->node_case == PG_QUERY__NODE__NODE_ROW_EXPR)
      pg::become(node, pg::clone(part.source->row_expr->args[part.colno - 1]));
    return false;
  });
}

/// The columns of (a, b) = (SELECT ...), of which libpg_query's deparser leaves some out.
std::string columns_set_at_once(pg::Node* body) {
  std::string columns;
  pg::walk(body, [&](pg::Node* node) {
    if (node->node_case == PG_QUERY__NODE__NODE_RES_TARGET && node->res_target->val != nullptr &&
        node->res_target->val->node_case == PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF)
      columns += " " + quote_ident(node->res_target->name);
    return true;
  });
  return columns;
}

/// One clause of CREATE FUNCTION into the model; clauses that say the default leave nothing behind.
void take_option(const PgQuery__DefElem& element, Function& f) {
  const std::string name = element.defname;
  const std::string value = value_of(element);
  const auto add = [&](std::string key, std::string v) {
    f.properties.push_back({std::move(key), std::move(v)});
  };
  if (name == "language")
    f.language = value;
  else if (name == "as") {
    const PgQuery__List& parts = *element.arg->list;
    f.body.sql = f.body.canon = std::string(pg::str(parts.items[0]));
    if (parts.n_items > 1) add("link symbol", std::string(pg::str(parts.items[1])));
  } else if (name == "volatility") {
    if (upper(value) != "VOLATILE") add("volatility", upper(value));
  } else if (name == "strict" || name == "leakproof" || name == "window") {
    if (value == "true") add(name, "true");
  } else if (name == "security") {
    if (value == "true") add("security", "definer");
  } else if (name == "parallel") {
    if (upper(value) != "UNSAFE") add("parallel", upper(value));
  } else if (name == "set") {
    const PgQuery__VariableSetStmt& set = *element.arg->variable_set_stmt;
    add("set " + lower(set.name), set_value(set));
  } else if (name == "cost" || name == "rows") {
    add(name, value);
  } else if (name == "transform") {
    std::string types;
    for (pg::Node* type : pg::list(element.arg->list->n_items, element.arg->list->items))
      types += (types.empty() ? "" : ", ") + pg::deparse_type(type->type_name);
    add("transform", types);
  } else if (name == "support" && element.arg != nullptr &&
             element.arg->node_case == PG_QUERY__NODE__NODE_LIST) {
    add("support", dotted(pg::names(element.arg->list->n_items, element.arg->list->items)));
  } else {
    add(name, value);
  }
}

/// COST and ROWS that are the default say nothing (CREATE FUNCTION manual).
void drop_default_costs(Function& f) {
  const bool native = f.language == "c" || f.language == "internal";
  std::erase_if(f.properties, [&](const Option& o) {
    return (o.name == "cost" && o.value == (native ? "1" : "100")) ||
           (o.name == "rows" && (o.value == "1000" || o.value == "0"));
  });
}

}  // namespace

void Canoniser::canonicalise_object(const ObjectId&, Function& f) {
  f.properties.clear();
  std::optional<pg::Tree> tree;
  pg::Node* s = pg::only_statement(tree, f.create);
  if (s == nullptr || s->node_case != PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT) {
    f.body.sql = f.body.canon = f.create;
    return;
  }
  PgQuery__CreateFunctionStmt& stmt = *s->create_function_stmt;
  qualify(&s->base, lookup_, {});
  f.procedure = stmt.is_procedure;
  f.arguments.clear(), f.returns.clear(), f.defaults = {};
  // Modifiers of argument and result types are not stored.
  const auto plain = [&](PgQuery__TypeName& type) {
    const std::size_t typmods = std::exchange(type.n_typmods, 0);
    std::string text = spell(type);
    type.n_typmods = typmods;
    return text;
  };
  std::string table, outputs;
  int output_count = 0;
  for (pg::Node* node : pg::list(stmt.n_parameters, stmt.parameters)) {
    PgQuery__FunctionParameter& p = *node->function_parameter;
    const std::string text =
        (*p.name == '\0' ? "" : quote_ident(p.name) + " ") + plain(*p.arg_type);
    if (p.mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE) {
      table += (table.empty() ? "" : ", ") + text;
      continue;
    }
    f.arguments += (f.arguments.empty() ? "" : ", ") + mode_word(p.mode) + text;
    if (is_output(p)) outputs = plain(*p.arg_type), ++output_count;
    if (p.defexpr == nullptr) continue;
    f.defaults.sql += (f.defaults.sql.empty() ? "" : ", ") + pg::deparse_expression(p.defexpr);
    fold(p.defexpr, {});
    strip_cast(p.defexpr, plain(*p.arg_type),
               [this](const PgQuery__TypeName& t) { return spell(t); });
    f.defaults.canon += (f.defaults.canon.empty() ? "" : ", ") + pg::deparse_expression(p.defexpr);
  }
  if (!table.empty())
    f.returns = "TABLE(" + table + ")";
  else if (stmt.return_type != nullptr)
    f.returns = (stmt.return_type->setof ? "SETOF " : "") + plain(*stmt.return_type);
  else if (!f.procedure)
    f.returns = output_count == 1 ? outputs : "record";
  for (const pg::Node* node : pg::list(stmt.n_options, stmt.options))
    take_option(*node->def_elem, f);
  if (stmt.sql_body != nullptr) {
    if (f.language.empty()) f.language = "sql";
    spread_assignments(stmt.sql_body);
    f.body.sql = body_text(stmt.sql_body);
    fold_query(&stmt.sql_body->base, snapshot_, false);
    f.body.canon = "SQL " + body_text(stmt.sql_body) + columns_set_at_once(stmt.sql_body);
  }
  drop_default_costs(f);
  std::ranges::sort(f.properties);
}

void Canoniser::canonicalise_object(const ObjectId& id, View& view) {
  for (ViewColumn& column : view.column_extras) {
    if (!column.default_value.empty()) expression(column.default_value, {}, "?");
  }
  view.query.canon = view.query.sql;
  std::optional<pg::Tree> tree;
  pg::Node* s = pg::only_statement(tree, view.query.sql);
  if (s == nullptr || s->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return;
  qualify(&s->base, lookup_, {});
  if (const std::string text = pg::deparse(s); !text.empty()) view.query.sql = text;
  if (view.columns.empty()) view.take_columns(query_columns(*s->select_stmt, snapshot_));
  if (!view.columns.empty() && view.aliases.size() > view.columns.size())
    diagnostics_.error("invalid-statement", to_string(id) + " lists more column names than columns",
                       "make the list as long as what the query returns", view.at);
  fold_query(&s->select_stmt->base, snapshot_, true);
  if (const std::string text = pg::deparse(s); !text.empty()) view.query.canon = text;
}

void Canoniser::canonicalise_object(const ObjectId& id, Trigger& trigger) {
  trigger.definition.canon = trigger.definition.sql;
  std::optional<pg::Tree> tree;
  pg::Node* s =
      pg::only_statement(tree, std::string("CREATE ") + (trigger.constraint ? "CONSTRAINT " : "") +
                                   "TRIGGER x " + trigger.definition.sql);
  if (s == nullptr || s->node_case != PG_QUERY__NODE__NODE_CREATE_TRIG_STMT) return;
  const ObjectId relation = relation_of(id);
  qualify(&s->base, lookup_, relation);
  PgQuery__CreateTrigStmt& stmt = *s->create_trig_stmt;
  auto function = pg::names(stmt.n_funcname, stmt.funcname);
  if (function.size() == 2 && function[0] == "pg_catalog") {
    pg::drop_first(stmt.n_funcname, stmt.funcname);
    function.erase(function.begin());
  }
  if (function.size() == 1) {
    if (const auto schema = lookup_.schema_of(NameLookup::What::Function, function[0]);
        !schema.empty())
      pg::prepend(stmt.n_funcname, stmt.funcname, pg::string_node(schema));
    else if (!default_trigger_function(function[0]))
      unknown("unknown-function", "function " + quote_ident(function[0]) + "()", trigger.at);
  }
  const auto named = pg::names(stmt.n_funcname, stmt.funcname);
  trigger.function = named.size() == 2 ? Name{named[0], named[1]} : Name{"", named.back()};
  trigger.columns = pg::names(stmt.n_columns, stmt.columns);
  for (const std::string& column : columns_in(stmt.when_clause))
    if (std::ranges::count(trigger.columns, column) == 0) trigger.columns.push_back(column);
  trigger.definition.sql = trigger_definition(stmt, statement_, context_);
  if (stmt.when_clause != nullptr) fold(stmt.when_clause, context_of(relation));
  trigger.definition.canon = trigger_definition(stmt, statement_, context_);
}

bool Canoniser::default_trigger_function(const std::string& name) {
  return name == "tsvector_update_trigger" || name == "tsvector_update_trigger_column" ||
         name == "suppress_redundant_updates_trigger";
}

}  // namespace aloft
