#pragma once

#include <string>
#include <string_view>

#include "parser/pg_tree.h"

namespace aloft::pg {

// Changes to a tree in place. Everything is allocated as protobuf-c does, so that the tree frees
// it.

/// Sets a string field.
void set(char*& field, std::string_view text);
/// A new String node.
Node* string_node(std::string_view text);
/// Puts a node at the front of a list.
void prepend(std::size_t& count, Node**& list, Node* node);
/// Takes the first element out of a list and frees it.
void drop_first(std::size_t& count, Node**& list);
/// A deep copy.
Node* clone(const Node* node);
/// Puts `inner`, which must stand below `outer`, in the place of `outer`; the rest of `outer` is
/// freed. `slot` is the field of outer's tree that holds `inner`.
void replace_by(Node* outer, Node*& slot);
/// Makes `node` the same as `other`, which is consumed.
void become(Node* node, Node* other);
/// AND, OR or NOT of expressions, which are consumed.
Node* bool_node(PgQuery__BoolExprType type, std::initializer_list<Node*> arguments);
/// `left name right`, consumed.
Node* operator_node(std::string_view name, Node* left, Node* right);
/// ARRAY[...] of a list's elements, which are taken out of it.
Node* array_node(PgQuery__List& list);
/// An integer constant.
Node* integer_node(int value);

}  // namespace aloft::pg
