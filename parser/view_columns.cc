#include "parser/view_columns.h"

namespace aloft {
namespace {

using pg::Node;

/// FigureColname's answer: how good the name is (0: none, 1: better than nothing, 2: good).
struct Figured {
  int strength = 0;
  std::string name{};
};

/// The columns of a `*`, which only the tables that it stands for can tell.
constexpr int kStar = -1;

Figured figure(const Node* node);

/// The last String of a list that is not a subscript; `star` where the last one is a `*`.
Figured last_name(std::size_t count, Node* const* fields) {
  Figured found;
  for (const Node* field : pg::list(count, fields)) {
    if (field->node_case == PG_QUERY__NODE__NODE_STRING) found = {2, std::string(pg::str(field))};
    if (field->node_case == PG_QUERY__NODE__NODE_A_STAR) found = {kStar, ""};
  }
  return found;
}

Figured figure_sublink(const PgQuery__SubLink& link) {
  switch (static_cast<int>(link.sub_link_type)) {
    case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK: return {2, "exists"};
    case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK: return {2, "array"};
    case PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK: break;
    default: return {};
  }
  if (link.subselect == nullptr || link.subselect->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
    return {};
  const auto columns = output_columns(*link.subselect->select_stmt);
  if (!columns || columns->empty()) return {kStar, ""};
  return {2, columns->front()};
}

std::string value_function(PgQuery__SQLValueFunctionOp op) {
  switch (static_cast<int>(op)) {
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE: return "current_date";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N: return "current_time";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N: return "current_timestamp";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N: return "localtime";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N: return "localtimestamp";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE: return "current_role";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER: return "current_user";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER: return "user";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER: return "session_user";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_CATALOG: return "current_catalog";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA: return "current_schema";
    default: return "";
  }
}

Figured figure_xml(const PgQuery__XmlExpr& xml) {
  switch (static_cast<int>(xml.op)) {
    case PG_QUERY__XML_EXPR_OP__IS_XMLCONCAT: return {2, "xmlconcat"};
    case PG_QUERY__XML_EXPR_OP__IS_XMLELEMENT: return {2, "xmlelement"};
    case PG_QUERY__XML_EXPR_OP__IS_XMLFOREST: return {2, "xmlforest"};
    case PG_QUERY__XML_EXPR_OP__IS_XMLPARSE: return {2, "xmlparse"};
    case PG_QUERY__XML_EXPR_OP__IS_XMLPI: return {2, "xmlpi"};
    case PG_QUERY__XML_EXPR_OP__IS_XMLROOT: return {2, "xmlroot"};
    default: return {};
  }
}

/// A weak name of the inside gives way to `name`.
Figured unless_good(Figured inside, const std::string& name) {
  if (inside.strength == 2 || inside.strength == kStar || name.empty()) return inside;
  return {1, name};
}

Figured figure(const Node* node) {
  if (node == nullptr) return {};
  switch (static_cast<int>(node->node_case)) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      return last_name(node->column_ref->n_fields, node->column_ref->fields);
    case PG_QUERY__NODE__NODE_A_INDIRECTION: {
      const PgQuery__AIndirection& path = *node->a_indirection;
      const Figured last = last_name(path.n_indirection, path.indirection);
      return last.strength != 0 ? last : figure(path.arg);
    }
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return last_name(node->func_call->n_funcname, node->func_call->funcname);
    case PG_QUERY__NODE__NODE_A_EXPR:
      if (node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF) return {2, "nullif"};
      return {};
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
      const PgQuery__TypeCast& cast = *node->type_cast;
      const auto names = pg::names(cast.type_name->n_names, cast.type_name->names);
      return unless_good(figure(cast.arg), names.empty() ? "" : names.back());
    }
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return figure(node->collate_clause->arg);
    case PG_QUERY__NODE__NODE_GROUPING_FUNC: return {2, "grouping"};
    case PG_QUERY__NODE__NODE_SUB_LINK: return figure_sublink(*node->sub_link);
    case PG_QUERY__NODE__NODE_CASE_EXPR:
      return unless_good(figure(node->case_expr->defresult), "case");
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR: return {2, "array"};
    case PG_QUERY__NODE__NODE_ROW_EXPR: return {2, "row"};
    case PG_QUERY__NODE__NODE_COALESCE_EXPR: return {2, "coalesce"};
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      return {2,
              node->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? "greatest" : "least"};
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION: {
      const std::string name = value_function(node->sqlvalue_function->op);
      return {name.empty() ? 0 : 2, name};
    }
    case PG_QUERY__NODE__NODE_XML_EXPR: return figure_xml(*node->xml_expr);
    case PG_QUERY__NODE__NODE_XML_SERIALIZE: return {2, "xmlserialize"};
    default: return {};
  }
}

}  // namespace

std::optional<std::vector<std::string>> output_columns(const PgQuery__SelectStmt& query) {
  const PgQuery__SelectStmt* select = &query;
  while (select->larg != nullptr) select = select->larg;
  std::vector<std::string> columns;
  if (select->n_values_lists > 0) {
    const Node* row = select->values_lists[0];
    const std::size_t count = row->node_case == PG_QUERY__NODE__NODE_LIST ? row->list->n_items : 0;
    for (std::size_t i = 1; i <= count; ++i) columns.push_back("column" + std::to_string(i));
    return columns;
  }
  for (const Node* node : pg::list(select->n_target_list, select->target_list)) {
    const PgQuery__ResTarget& target = *node->res_target;
    if (target.name != nullptr && *target.name != '\0') {
      columns.emplace_back(target.name);
      continue;
    }
    Figured found = figure(target.val);
    if (found.strength == kStar) return std::nullopt;
    columns.push_back(found.strength == 0 ? "?column?" : std::move(found.name));
  }
  return columns;
}

}  // namespace aloft
