#include "parser/parentheses.h"

#include <algorithm>
#include <array>

namespace aloft::pg {
namespace {

bool is(const Node& node, PgQuery__Node__NodeCase kind) {
  return node.node_case == kind;
}

/// A call that is written in SQL's own words, like `a AT TIME ZONE b`; "" for any other.
std::string_view sql_word(const Node& node) {
  if (!is(node, PG_QUERY__NODE__NODE_FUNC_CALL) || node.func_call->n_funcname == 0 ||
      node.func_call->funcformat != PG_QUERY__COERCION_FORM__COERCE_SQL_SYNTAX)
    return "";
  return str(node.func_call->funcname[node.func_call->n_funcname - 1]);
}

bool is_at_time_zone(const Node& node) {
  return sql_word(node) == "timezone";
}

bool is_distinct(const Node& node) {
  return is(node, PG_QUERY__NODE__NODE_A_EXPR) &&
         (node.a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT ||
          node.a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT);
}

/// Of the precedence of a comparison, or of LIKE, IN and BETWEEN.
bool is_comparison(const Node& node) {
  if (!is(node, PG_QUERY__NODE__NODE_A_EXPR)) return false;
  const PgQuery__AExpr& expr = *node.a_expr;
  if (expr.kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF) return false;
  if (expr.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP) return true;
  constexpr std::array<std::string_view, 6> kComparisons{"<", "<=", "<>", "=", ">", ">="};
  return expr.n_name == 1 && std::ranges::binary_search(kComparisons, str(expr.name[0]));
}

bool is_operation(const Node& node) {
  return is(node, PG_QUERY__NODE__NODE_A_EXPR) &&
         node.a_expr->kind != PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF;
}

bool is_logic(const Node& node) {
  return is(node, PG_QUERY__NODE__NODE_BOOL_EXPR);
}

/// IS TRUE, IS DOCUMENT, IS NORMALIZED, and comparisons with the rows of a query.
bool is_bare_test(const Node& node) {
  switch (static_cast<int>(node.node_case)) {
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST: return true;
    case PG_QUERY__NODE__NODE_XML_EXPR:
      return node.xml_expr->op == PG_QUERY__XML_EXPR_OP__IS_DOCUMENT;
    case PG_QUERY__NODE__NODE_SUB_LINK:
      return node.sub_link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK ||
             node.sub_link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__ALL_SUBLINK;
    default: return sql_word(node) == "is_normalized" || sql_word(node) == "overlaps";
  }
}

bool is_test(const Node& node) {
  return is_bare_test(node) || is(node, PG_QUERY__NODE__NODE_NULL_TEST);
}

bool logic_or_zone(const Node& node) {
  return is_logic(node) || is_at_time_zone(node);
}

bool logic_or_distinct(const Node& node) {
  return is_logic(node) || is_distinct(node);
}

bool logic_or_comparison(const Node& node) {
  return is_logic(node) || is_comparison(node);
}

bool logic_or_operation(const Node& node) {
  return is_logic(node) || is_operation(node);
}

bool below_comparison(const Node& node) {
  return logic_or_comparison(node) || is_test(node);
}

/// None of the grammar's b_expr, which bounds of BETWEEN and arguments of POSITION are.
bool no_b_expr(const Node& node) {
  return below_comparison(node) || is_at_time_zone(node) ||
         is(node, PG_QUERY__NODE__NODE_COLLATE_CLAUSE);
}

bool is_negative(const Node& node) {
  if (!is(node, PG_QUERY__NODE__NODE_A_CONST)) return false;
  const PgQuery__AConst& value = *node.a_const;
  if (value.val_case == PG_QUERY__A__CONST__VAL_IVAL) return value.ival->ival < 0;
  return value.val_case == PG_QUERY__A__CONST__VAL_FVAL && *value.fval->fval == '-';
}

/// None of the grammar's c_expr, which what XMLTABLE and XMLEXISTS are passed is.
bool no_c_expr(const Node& node) {
  return no_b_expr(node) || is_operation(node) || is_negative(node) ||
         is(node, PG_QUERY__NODE__NODE_TYPE_CAST);
}

bool test_or_distinct(const Node& node) {
  return logic_or_distinct(node) || is_test(node);
}

bool below_sign(const Node& node) {
  return is_bare_test(node) || is_at_time_zone(node) ||
         is(node, PG_QUERY__NODE__NODE_COLLATE_CLAUSE);
}

bool any_operation(const Node& node) {
  return logic_or_operation(node) || is_test(node) || is_at_time_zone(node);
}

/// The deparser itself looks after the others that may stand before a subscript or a field.
bool no_base(const Node& node) {
  switch (static_cast<int>(node.node_case)) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
    case PG_QUERY__NODE__NODE_PARAM_REF:
    case PG_QUERY__NODE__NODE_FUNC_CALL:
    case PG_QUERY__NODE__NODE_A_EXPR:
    case PG_QUERY__NODE__NODE_TYPE_CAST:
    case PG_QUERY__NODE__NODE_ROW_EXPR:
    case PG_QUERY__NODE__NODE_A_INDIRECTION: return false;
    case PG_QUERY__NODE__NODE_SUB_LINK:
      return node.sub_link->sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK;
    default: return true;
  }
}

/// What the deparser refuses to print as a limit.
bool no_limit(const Node& node) {
  switch (static_cast<int>(node.node_case)) {
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
    case PG_QUERY__NODE__NODE_NULL_TEST:
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
    case PG_QUERY__NODE__NODE_XML_EXPR:
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR: return true;
    default: return false;
  }
}

}  // namespace

Parentheses::~Parentheses() {
  for (const Pair& pair : pairs_) *pair.slot = pair.child;
}

void Parentheses::wrap(Node*& slot, bool (*needs)(const Node&)) {
  if (slot == nullptr || !needs(*slot)) return;
  Pair& pair = pairs_.emplace_back();
  pair.slot = &slot;
  pair.child = slot;
  pair.inner.arg = slot;
  pair.inner_node.node_case = PG_QUERY__NODE__NODE_A_INDIRECTION;
  pair.inner_node.a_indirection = &pair.inner;
  pair.outer.arg = &pair.inner_node;
  pair.outer_node.node_case = PG_QUERY__NODE__NODE_A_INDIRECTION;
  pair.outer_node.a_indirection = &pair.outer;
  // The deparser gives these parentheses already, and whatever stands before a subscript or a
  // field.
  const bool once = needs == no_base || is(*slot, PG_QUERY__NODE__NODE_A_EXPR) ||
                    is(*slot, PG_QUERY__NODE__NODE_FUNC_CALL);
  slot = once ? &pair.inner_node : &pair.outer_node;
}

void Parentheses::visit(ProtobufCMessage* message) {
  // The children first: what is put around them is not visited.
  for_each_message(message, [&](ProtobufCMessage* child) { visit(child); });
  if (message->descriptor == &pg_query__node__descriptor)
    visit_node(*reinterpret_cast<Node*>(message));
  if (message->descriptor == &pg_query__select_stmt__descriptor)
    wrap(reinterpret_cast<PgQuery__SelectStmt*>(message)->limit_count, no_limit);
}

void Parentheses::visit_node(Node& node) {
  switch (static_cast<int>(node.node_case)) {
    case PG_QUERY__NODE__NODE_TYPE_CAST: return wrap(node.type_cast->arg, logic_or_zone);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return wrap(node.collate_clause->arg, logic_or_zone);
    case PG_QUERY__NODE__NODE_NULL_TEST: return wrap(node.null_test->arg, logic_or_distinct);
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST: return wrap(node.boolean_test->arg, logic_or_distinct);
    case PG_QUERY__NODE__NODE_XML_EXPR:
      if (node.xml_expr->op == PG_QUERY__XML_EXPR_OP__IS_DOCUMENT)
        wrap(node.xml_expr->args[0], logic_or_distinct);
      return;
    case PG_QUERY__NODE__NODE_RANGE_TABLE_FUNC: return visit_table(*node.range_table_func);
    case PG_QUERY__NODE__NODE_SUB_LINK: return wrap(node.sub_link->testexpr, logic_or_comparison);
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
      if (node.a_indirection->n_indirection > 0) wrap(node.a_indirection->arg, no_base);
      return;
    case PG_QUERY__NODE__NODE_A_EXPR: return visit_operator(*node.a_expr);
    case PG_QUERY__NODE__NODE_FUNC_CALL: return visit_call(*node.func_call);
    default: return;
  }
}

void Parentheses::visit_operator(PgQuery__AExpr& expr) {
  switch (static_cast<int>(expr.kind)) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
      return wrap(expr.rexpr, expr.lexpr == nullptr ? below_sign : is_bare_test);
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN: return wrap(expr.lexpr, logic_or_comparison);
    case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT:
      wrap(expr.lexpr, logic_or_distinct);
      return wrap(expr.rexpr, test_or_distinct);
    case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_SIMILAR:
      wrap(expr.lexpr, logic_or_comparison);
      if (is(*expr.rexpr, PG_QUERY__NODE__NODE_FUNC_CALL))  // similar_to_escape(), like_escape()
        for (std::size_t i = 0; i < expr.rexpr->func_call->n_args; ++i)
          wrap(expr.rexpr->func_call->args[i], below_comparison);
      return wrap(expr.rexpr, below_comparison);
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM:
      wrap(expr.lexpr, logic_or_comparison);
      for (std::size_t i = 0; i < expr.rexpr->list->n_items; ++i)
        wrap(expr.rexpr->list->items[i], no_b_expr);
      return;
    default: return;
  }
}

void Parentheses::visit_call(PgQuery__FuncCall& call) {
  Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_FUNC_CALL;
  node.func_call = &call;
  const std::string_view word = sql_word(node);
  if (word == "timezone" && call.n_args == 2) {
    wrap(call.args[0], any_operation);
    wrap(call.args[1], logic_or_operation);
  } else if (word == "position" || word == "xmlexists") {
    for (std::size_t i = 0; i < call.n_args; ++i)
      wrap(call.args[i], word == "position" ? no_b_expr : no_c_expr);
  } else if (word == "is_normalized" && call.n_args > 0) {
    wrap(call.args[0], logic_or_distinct);
  }
}

void Parentheses::visit_table(PgQuery__RangeTableFunc& table) {
  wrap(table.docexpr, no_c_expr);
  for (Node* name : list(table.n_namespaces, table.namespaces))
    wrap(name->res_target->val, no_b_expr);
  for (Node* column : list(table.n_columns, table.columns)) {
    wrap(column->range_table_func_col->colexpr, no_b_expr);
    wrap(column->range_table_func_col->coldefexpr, no_b_expr);
  }
}

}  // namespace aloft::pg
