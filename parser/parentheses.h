#pragma once

#include <deque>

#include "parser/pg_tree.h"

namespace aloft::pg {

/// Puts parentheses where libpg_query's deparser leaves out those that the meaning needs: it prints
/// `(a OR b) IS TRUE` without them, and `(t AT TIME ZONE 'UTC')::date`. A tree has no parentheses;
/// what stands for them is an indirection that leads nowhere, which the deparser prints as such.
/// The tree is as it was when this ends.
class Parentheses {
 public:
  explicit Parentheses(ProtobufCMessage* root) { visit(root); }
  ~Parentheses();
  Parentheses(const Parentheses&) = delete;
  Parentheses& operator=(const Parentheses&) = delete;

 private:
  /// An indirection around another: the deparser gives parentheses to an indirection's argument
  /// where that is one itself.
  struct Pair {
    PgQuery__AIndirection inner = PG_QUERY__A__INDIRECTION__INIT;
    PgQuery__AIndirection outer = PG_QUERY__A__INDIRECTION__INIT;
    Node inner_node = PG_QUERY__NODE__INIT;
    Node outer_node = PG_QUERY__NODE__INIT;
    Node** slot = nullptr;
    Node* child = nullptr;
  };

  void visit(ProtobufCMessage* message);
  void visit_node(Node& node);
  void visit_operator(PgQuery__AExpr& expr);
  void visit_call(PgQuery__FuncCall& call);
  void visit_table(PgQuery__RangeTableFunc& table);
  void wrap(Node*& slot, bool (*needs)(const Node&));

  std::deque<Pair> pairs_{};
};

}  // namespace aloft::pg
