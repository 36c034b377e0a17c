#pragma once

#include <set>
#include <string>

#include "engine/model/object_id.h"
#include "parser/pg_tree.h"
#include "parser/query_scope.h"

namespace aloft {

/// Looks for names in the tree of one statement, query by query, each with its own scope. See
/// named_in().
class NameSearch {
 public:
  explicit NameSearch(const std::set<ObjectId>& wanted) : wanted_(wanted) {}
  /// What the statement names; once for each search.
  std::set<ObjectId> of(pg::Node* statement);

 private:
  void on_relation(const Name& name);
  void on_column(const Shown& shown, const std::string& column);
  void on_unqualified(const std::string& column, const QueryScope& scope);
  void walk(ProtobufCMessage* message, const QueryScope& scope);
  void walk_all(std::size_t count, pg::Node* const* nodes, const QueryScope& scope);
  void walk_node(pg::Node* node, const QueryScope& scope);
  void on_node(pg::Node* node, const QueryScope& scope);
  /// A query where it may stand as a subquery or a common table expression.
  Shown query(pg::Node* node, const QueryScope& outer);
  QueryScope with(const PgQuery__WithClause* clause, const QueryScope& outer);
  Shown select(const PgQuery__SelectStmt& s, const QueryScope& outer);
  /// In ORDER BY and DISTINCT ON the name of an output column comes before any column's.
  static bool is_output(const pg::Node* item, const PgQuery__SelectStmt& s);
  Shown returning(std::size_t count, pg::Node* const* targets, const QueryScope& scope);
  Shown insert(const PgQuery__InsertStmt& s, const QueryScope& outer);
  Shown update(const PgQuery__UpdateStmt& s, const QueryScope& outer);
  Shown remove(const PgQuery__DeleteStmt& s, const QueryScope& outer);
  void merge(const PgQuery__MergeStmt& s, const QueryScope& outer);
  void copy(const PgQuery__CopyStmt& s, const QueryScope& outer);
  /// The scope of a statement that writes: its relation, which is never a common table expression.
  QueryScope target(const PgQuery__RangeVar& relation, const QueryScope& outer);
  /// INSERT (a, b), SET a = ...: columns of the relation that is written.
  void assign(std::size_t count, pg::Node* const* targets, const QueryScope& scope);
  static ScopeItem item_of(const PgQuery__RangeVar& relation);
  QueryScope from(std::size_t count, pg::Node* const* items, const QueryScope& outer);
  void add_items(std::size_t count, pg::Node* const* items, QueryScope& scope);
  void add_item(const pg::Node& item, QueryScope& scope);
  /// The conditions of joins and the arguments of functions, which see the other items.
  void join(const pg::Node& item, const QueryScope& scope);
  /// What the stars among the targets show.
  static Shown shown_by(std::size_t count, pg::Node* const* targets, const QueryScope& scope);
  /// The FROM item that stands before the last name: a.c, s.a.c.
  static const ScopeItem* item_before(const PgQuery__ColumnRef& ref, const QueryScope& scope);
  void reference(const PgQuery__ColumnRef& ref, const QueryScope& scope);
  /// (a).c, where `a` is the row of a FROM item.
  void field(const PgQuery__AIndirection& part, const QueryScope& scope);
  const std::set<ObjectId>& wanted_;
  std::set<ObjectId> found_{};
};

}  // namespace aloft
