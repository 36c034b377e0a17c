#pragma once

// The only way to libpg_query's typed tree. Nothing outside parser/ includes this header or
// pg_query.pb-c.h, and nothing here is bound to version 15: `protoc-c` makes the same typed tree
// from the pg_query.proto of 16, 17 and 18.

#include <pg_query.h>
#include <pg_query.pb-c.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aloft::pg {

using Node = PgQuery__Node;

/// A syntax error with the byte offset (from 0) in the text that was given; -1 if unknown.
struct ParseError {
  std::string message{};
  int offset = -1;
};

/// Owns an unpacked parse tree; node pointers live as long as it does.
class Tree {
 public:
  /// Parses a text of any number of statements. Returns nullopt and fills `error` on bad syntax.
  static std::optional<Tree> parse(const std::string& text, ParseError& error);
  std::span<PgQuery__RawStmt* const> statements() const;

 private:
  struct Free {
    void operator()(PgQuery__ParseResult* tree) const;
  };
  std::unique_ptr<PgQuery__ParseResult, Free> tree_;
};

/// The one statement of a text, which lives in `tree`; null where there is another number of them,
/// and where deparse() would lose some of it.
Node* only_statement(std::optional<Tree>& tree, const std::string& text);

/// One statement of a text, by byte offsets.
struct Slice {
  std::size_t begin = 0, end = 0;
};
/// Cuts a text into statements with libpg_query's scanner, and joins again the BEGIN ATOMIC bodies
/// that it cuts in two. Works on texts with syntax errors.
std::vector<Slice> split_statements(const std::string& text);

/// A list of a tree (n_xs, xs) as a span.
template <class T>
std::span<T* const> list(std::size_t count, T* const* items) {
  return {items, count};
}

/// The string of a String node; "" for null or any other node.
std::string_view str(const Node* node);
/// Each element's str(): {"public", "t"} of a name list.
std::vector<std::string> names(std::size_t count, Node* const* items);

/// The statement as libpg_query prints it, without semicolon. Empty if it cannot.
std::string deparse(Node* statement);
/// An expression as it stands in `SELECT expr`.
std::string deparse_expression(Node* expression);
/// A type name as it stands in `SELECT NULL::type`.
std::string deparse_type(PgQuery__TypeName* type);

/// Parses `SELECT <text>` and returns the tree; expression() is then its only target. nullopt
/// where the text does not parse as one expression, and where deparse() would lose some of it.
std::optional<Tree> parse_expression(const std::string& text);
Node* expression(const Tree& tree);

/// Calls f(statement) with the Node of each of the statements that parses.
template <class F>
void for_each_statement(const std::vector<std::string>& texts, F&& f) {
  for (const std::string& text : texts) {
    ParseError error;
    if (const auto tree = Tree::parse(text, error))
      for (const PgQuery__RawStmt* statement : tree->statements()) f(*statement->stmt);
  }
}

/// Calls visit(node) on every Node below `root` (itself included), parents first, through all
/// message fields, by protobuf-c's descriptors; so no node type can be forgotten. visit returns
/// false to leave a node's children out.
template <class F>
void walk(Node* root, F&& visit);
/// walk() for a root that is a message and no Node (a SelectStmt, a TypeName).
template <class F>
void walk_message(ProtobufCMessage* root, F&& visit);

}  // namespace aloft::pg

#include "parser/pg_tree_walk.h"
