#include "parser/tree_edit.h"

#include <cstdlib>
#include <cstring>
#include <utility>

namespace aloft::pg {
namespace {

template <class T>
T* fresh(const T& init) {
  auto* message = static_cast<T*>(std::malloc(sizeof(T)));
  *message = init;
  return message;
}

Node* fresh_node() {
  const Node init = PG_QUERY__NODE__INIT;
  return fresh(init);
}

void release(Node* node) {
  pg_query__node__free_unpacked(node, nullptr);
}

}  // namespace

void set(char*& field, std::string_view text) {
  if (field != nullptr && field != reinterpret_cast<const char*>(&protobuf_c_empty_string))
    std::free(field);
  field = static_cast<char*>(std::malloc(text.size() + 1));
  std::memcpy(field, text.data(), text.size());
  field[text.size()] = '\0';
}

Node* string_node(std::string_view text) {
  const PgQuery__String init = PG_QUERY__STRING__INIT;
  Node* node = fresh_node();
  node->node_case = PG_QUERY__NODE__NODE_STRING;
  node->string = fresh(init);
  set(node->string->sval, text);
  return node;
}

void prepend(std::size_t& count, Node**& list, Node* node) {
  list = static_cast<Node**>(std::realloc(list, (count + 1) * sizeof(Node*)));
  std::memmove(list + 1, list, count * sizeof(Node*));
  list[0] = node;
  ++count;
}

void drop_first(std::size_t& count, Node**& list) {
  release(list[0]);
  std::memmove(list, list + 1, (count - 1) * sizeof(Node*));
  --count;
}

Node* clone(const Node* node) {
  std::vector<std::uint8_t> bytes(pg_query__node__get_packed_size(node));
  pg_query__node__pack(node, bytes.data());
  return pg_query__node__unpack(nullptr, bytes.size(), bytes.data());
}

void become(Node* node, Node* other) {
  std::swap(node->node_case, other->node_case);
  std::swap(node->string, other->string);  // any member of the union of pointers
  release(other);
}

void replace_by(Node* outer, Node*& slot) {
  Node* inner = std::exchange(slot, nullptr);
  become(outer, inner);
}

Node* bool_node(PgQuery__BoolExprType type, std::initializer_list<Node*> arguments) {
  const PgQuery__BoolExpr init = PG_QUERY__BOOL_EXPR__INIT;
  Node* node = fresh_node();
  node->node_case = PG_QUERY__NODE__NODE_BOOL_EXPR;
  node->bool_expr = fresh(init);
  node->bool_expr->boolop = type;
  for (auto it = std::rbegin(arguments); it != std::rend(arguments); ++it)
    prepend(node->bool_expr->n_args, node->bool_expr->args, *it);
  return node;
}

Node* operator_node(std::string_view name, Node* left, Node* right) {
  const PgQuery__AExpr init = PG_QUERY__A__EXPR__INIT;
  Node* node = fresh_node();
  node->node_case = PG_QUERY__NODE__NODE_A_EXPR;
  node->a_expr = fresh(init);
  node->a_expr->kind = PG_QUERY__A__EXPR__KIND__AEXPR_OP;
  prepend(node->a_expr->n_name, node->a_expr->name, string_node(name));
  node->a_expr->lexpr = left;
  node->a_expr->rexpr = right;
  return node;
}

Node* array_node(PgQuery__List& list) {
  const PgQuery__AArrayExpr init = PG_QUERY__A__ARRAY_EXPR__INIT;
  Node* node = fresh_node();
  node->node_case = PG_QUERY__NODE__NODE_A_ARRAY_EXPR;
  node->a_array_expr = fresh(init);
  node->a_array_expr->n_elements = std::exchange(list.n_items, 0);
  node->a_array_expr->elements = std::exchange(list.items, nullptr);
  return node;
}

Node* integer_node(int value) {
  const PgQuery__AConst init = PG_QUERY__A__CONST__INIT;
  const PgQuery__Integer number = PG_QUERY__INTEGER__INIT;
  Node* node = fresh_node();
  node->node_case = PG_QUERY__NODE__NODE_A_CONST;
  node->a_const = fresh(init);
  node->a_const->val_case = PG_QUERY__A__CONST__VAL_IVAL;
  node->a_const->ival = fresh(number);
  node->a_const->ival->ival = value;
  return node;
}

}  // namespace aloft::pg
