#include "parser/fold.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "parser/qualify.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

using pg::Node;

bool is(const Node* node, PgQuery__Node__NodeCase kind) {
  return node != nullptr && node->node_case == kind;
}

bool is_string(const Node* node) {
  return is(node, PG_QUERY__NODE__NODE_A_CONST) && !node->a_const->isnull &&
         node->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL;
}

bool is_null(const Node* node) {
  return is(node, PG_QUERY__NODE__NODE_A_CONST) && node->a_const->isnull;
}

bool is_number(const Node* node) {
  return is(node, PG_QUERY__NODE__NODE_A_CONST) && !node->a_const->isnull &&
         (node->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL ||
          node->a_const->val_case == PG_QUERY__A__CONST__VAL_FVAL);
}

std::string_view base_type(const PgQuery__TypeName& type) {
  return type.n_names == 0 ? "" : pg::str(type.names[type.n_names - 1]);
}

bool is_text_type(const PgQuery__TypeName& type) {
  const auto name = base_type(type);
  return type.n_typmods == 0 && (name == "text" || name == "varchar" || name == "bpchar");
}

bool is_numeric_type(const PgQuery__TypeName& type) {
  const auto name = base_type(type);
  return type.n_typmods == 0 && type.n_array_bounds == 0 &&
         (name == "int2" || name == "int4" || name == "int8" || name == "numeric" ||
          name == "float4" || name == "float8");
}

/// 'x'::text is 'x', and (ARRAY['x', ...])::text[] is ARRAY['x', ...]: text is what they are
/// anyway.
void fold_cast(Node* node) {
  PgQuery__TypeCast& cast = *node->type_cast;
  if (cast.type_name == nullptr) return;
  const PgQuery__TypeName& type = *cast.type_name;
  if (is_text_type(type) && type.n_array_bounds == 0 && is_string(cast.arg))
    return pg::replace_by(node, cast.arg);
  if (is_text_type(type) && type.n_array_bounds == 1 &&
      is(cast.arg, PG_QUERY__NODE__NODE_A_ARRAY_EXPR) && cast.arg->a_array_expr->n_elements > 0)
    return pg::replace_by(node, cast.arg);
  // The server prints -1 as '-1'::integer.
  if (base_type(type) == "int4" && type.n_array_bounds == 0 && is_string(cast.arg)) {
    const std::string_view text = cast.arg->a_const->sval->sval;
    const bool digits =
        text.size() > 1 && text.size() < 11 && text[0] == '-' &&
        std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) pg::become(node, pg::integer_node(std::stoi(std::string(text))));
  }
}

/// (column)::text of a varchar column: comparison is text's in any case.
bool strip_text_cast(Node* node, const FoldContext& context) {
  if (!is(node, PG_QUERY__NODE__NODE_TYPE_CAST)) return false;
  PgQuery__TypeCast& cast = *node->type_cast;
  if (cast.type_name == nullptr || !is_text_type(*cast.type_name) ||
      cast.type_name->n_array_bounds > 0 || base_type(*cast.type_name) != "text" ||
      !is(cast.arg, PG_QUERY__NODE__NODE_COLUMN_REF) || !context.type_of)
    return false;
  const PgQuery__ColumnRef& ref = *cast.arg->column_ref;
  const std::string type = context.type_of(std::string(pg::str(ref.fields[ref.n_fields - 1])));
  if (!type.starts_with("character varying") || type.ends_with("]")) return false;
  pg::replace_by(node, cast.arg);
  return true;
}

/// n > (0)::numeric is n > 0: the server adds the cast to a constant.
void strip_number_cast(Node* node) {
  if (!is(node, PG_QUERY__NODE__NODE_TYPE_CAST)) return;
  PgQuery__TypeCast& cast = *node->type_cast;
  if (cast.type_name != nullptr && is_numeric_type(*cast.type_name) && is_number(cast.arg))
    pg::replace_by(node, cast.arg);
}

std::string_view operator_name(const PgQuery__AExpr& e) {
  return e.n_name == 0 ? "" : pg::str(e.name[e.n_name - 1]);
}

/// a >= x AND a <= y, or what is its opposite: a < x OR a > y.
Node* between(Node* value, Node* low, Node* high, bool negated) {
  Node* copy = pg::clone(value);
  return pg::bool_node(
      negated ? PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR : PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR,
      {pg::operator_node(negated ? "<" : ">=", value, low),
       pg::operator_node(negated ? ">" : "<=", copy, high)});
}

/// BETWEEN and NOT BETWEEN; SYMMETRIC is that of (x, y) or of (y, x).
void fold_between(Node* node, bool negated, bool symmetric) {
  PgQuery__AExpr& e = *node->a_expr;
  if (!is(e.rexpr, PG_QUERY__NODE__NODE_LIST) || e.rexpr->list->n_items != 2) return;
  Node* low = std::exchange(e.rexpr->list->items[0], pg::integer_node(0));
  Node* high = std::exchange(e.rexpr->list->items[1], pg::integer_node(0));
  strip_number_cast(low);
  strip_number_cast(high);
  Node* value = std::exchange(e.lexpr, nullptr);
  Node* other =
      symmetric ? between(pg::clone(value), pg::clone(high), pg::clone(low), negated) : nullptr;
  Node* one = between(value, low, high, negated);
  if (other != nullptr)
    one = pg::bool_node(
        negated ? PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR : PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR,
        {one, other});
  pg::become(node, one);
}

/// IN (x) is = x; IN (x, y) is = ANY (ARRAY[x, y]); NOT IN is <> ALL.
void fold_in(Node* node) {
  PgQuery__AExpr& e = *node->a_expr;
  if (!is(e.rexpr, PG_QUERY__NODE__NODE_LIST)) return;
  PgQuery__List& list = *e.rexpr->list;
  if (list.n_items == 1) {
    Node* only = std::exchange(list.items[0], pg::integer_node(0));
    pg::become(e.rexpr, only);
    e.kind = PG_QUERY__A__EXPR__KIND__AEXPR_OP;
    return;
  }
  pg::become(e.rexpr, pg::array_node(list));
  const bool negated = operator_name(e) == "<>";
  e.kind = negated ? PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL : PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY;
}

void fold_operator(Node* node, const FoldContext& context) {
  PgQuery__AExpr& e = *node->a_expr;
  // OPERATOR(s.=) where only one schema has it: the bare symbol is the same operator.
  while (e.n_name > 1) pg::drop_first(e.n_name, e.name);
  const auto name = operator_name(e);
  constexpr std::array<std::string_view, 6> kComparisons = {"<", "<=", "<>", "=", ">", ">="};
  const bool compares = std::ranges::find(kComparisons, name) != kComparisons.end();
  if (e.lexpr != nullptr) strip_text_cast(e.lexpr, context);
  if (e.rexpr != nullptr) strip_text_cast(e.rexpr, context);
  if (compares && e.lexpr != nullptr) strip_number_cast(e.lexpr);
  if (compares && e.rexpr != nullptr) strip_number_cast(e.rexpr);
  switch (e.kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN: return fold_in(node);
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN: return fold_between(node, false, false);
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN: return fold_between(node, true, false);
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM: return fold_between(node, false, true);
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM: return fold_between(node, true, true);
    case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE: e.kind = PG_QUERY__A__EXPR__KIND__AEXPR_OP; return;
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT: {
      e.kind = PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT;
      Node* inner = pg::integer_node(0);
      std::swap(inner->node_case, node->node_case);
      std::swap(inner->a_expr, node->a_expr);
      return pg::become(node, pg::bool_node(PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR, {inner}));
    }
    default: return;  // the grammar's other kinds are stored as they are written
  }
}

void fold_column(PgQuery__ColumnRef& ref, const FoldContext& context) {
  if (context.relation.empty()) return;
  if (ref.n_fields == 3 && pg::str(ref.fields[0]) == context.schema &&
      pg::str(ref.fields[1]) == context.relation) {
    pg::drop_first(ref.n_fields, ref.fields);
    pg::drop_first(ref.n_fields, ref.fields);
  } else if (ref.n_fields == 2 && pg::str(ref.fields[0]) == context.relation) {
    pg::drop_first(ref.n_fields, ref.fields);
  }
}

void fold_case(PgQuery__CaseExpr& e) {
  Node* otherwise = e.defresult;
  if (is(otherwise, PG_QUERY__NODE__NODE_TYPE_CAST)) otherwise = otherwise->type_cast->arg;
  if (!is_null(otherwise)) return;
  pg_query__node__free_unpacked(e.defresult, nullptr);
  e.defresult = nullptr;
}

/// nextval('s'::regclass) is nextval('s'), to_tsvector('c'::regconfig, x) is to_tsvector('c', x).
void fold_call(PgQuery__FuncCall& call) {
  if (call.n_args == 0 || !is(call.args[0], PG_QUERY__NODE__NODE_TYPE_CAST)) return;
  PgQuery__TypeCast& cast = *call.args[0]->type_cast;
  const auto name = pg::str(call.funcname[call.n_funcname - 1]);
  if (cast.type_name == nullptr || !is_string(cast.arg)) return;
  const auto type = base_type(*cast.type_name);
  const bool sequence = name == "nextval" || name == "currval" || name == "setval";
  if ((sequence && type == "regclass") ||
      (call.n_args > 1 && takes_configuration(name) && type == "regconfig"))
    pg::replace_by(call.args[0], cast.arg);
}

void fold_node(Node* node, const FoldContext& context) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_TYPE_CAST: return fold_cast(node);
    case PG_QUERY__NODE__NODE_A_EXPR: return fold_operator(node, context);
    case PG_QUERY__NODE__NODE_COLUMN_REF: return fold_column(*node->column_ref, context);
    case PG_QUERY__NODE__NODE_CASE_EXPR: return fold_case(*node->case_expr);
    case PG_QUERY__NODE__NODE_FUNC_CALL: return fold_call(*node->func_call);
    default: return;  // everything else is stored as it is written
  }
}

}  // namespace

void fold_message(ProtobufCMessage* root, const FoldContext& context) {
  pg::for_each_message(root, [&](ProtobufCMessage* child) { fold_message(child, context); });
  if (root->descriptor == &pg_query__node__descriptor)
    fold_node(reinterpret_cast<Node*>(root), context);
}

void fold(Node* root, const FoldContext& context) {
  fold_message(&root->base, context);
}

void strip_cast(Node* root, const std::string& type, const SpellType& spell) {
  const auto base = [](const std::string& t) { return t.substr(0, t.find('(')); };
  while (is(root, PG_QUERY__NODE__NODE_TYPE_CAST) && root->type_cast->type_name != nullptr) {
    PgQuery__TypeCast& cast = *root->type_cast;
    const bool array = is(cast.arg, PG_QUERY__NODE__NODE_A_ARRAY_EXPR);
    if (!array && !is(cast.arg, PG_QUERY__NODE__NODE_A_CONST) &&
        !is(cast.arg, PG_QUERY__NODE__NODE_TYPE_CAST))
      return;
    const bool number = is_number(cast.arg) && is_numeric_type(*cast.type_name);
    if (base(spell(*cast.type_name)) != base(type) && !number) return;
    pg::replace_by(root, cast.arg);
  }
}

}  // namespace aloft
