#include "parser/null_rows.h"

#include <set>

#include "engine/base/sql.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

using pg::Node;

/// A number for a name that is the same on both sides (FNV-1a).
unsigned number_of(const std::string& name) {
  unsigned hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash % 1'000'000'000U;
}

/// A NULL that the planner cannot make a constant of, and that tells which column it is of: under a
/// join without a condition it puts what a column is in the column's place.
std::string null_of(const std::string& type, const std::string& name) {
  return "CASE WHEN n = " + std::to_string(number_of(name)) + " THEN NULL::" + type + " END AS " +
         quote_ident(name);
}

/// A table's columns, those that the live one has too in its order: where the files have put a new
/// one between others makes no difference to what a text means.
std::vector<std::string> ordered_columns(const Table& table, const Table* live) {
  if (live == nullptr) return table.column_order;
  const std::set<std::string> own(table.column_order.begin(), table.column_order.end());
  const std::set<std::string> known(live->column_order.begin(), live->column_order.end());
  std::vector<std::string> columns;
  for (const std::string& name : live->column_order)
    if (own.contains(name)) columns.push_back(name);
  for (const std::string& name : table.column_order)
    if (!known.contains(name)) columns.push_back(name);
  return columns;
}

/// "s.t.c" is "t.c" once t is an alias.
void drop_schema(PgQuery__ColumnRef& ref) {
  if (ref.n_fields == 3) pg::drop_first(ref.n_fields, ref.fields);
}

bool substitute(Node* node, const Snapshot& snapshot, const Snapshot& types_from) {
  PgQuery__RangeVar& relation = *node->range_var;
  const std::string_view schema = relation.schemaname;
  // A CTE, or one that every database has and every login may read: it stays.
  if (schema.empty() || schema == "pg_catalog" || schema == "information_schema") return true;
  const std::string rows =
      null_rows({relation.schemaname, relation.relname}, !relation.inh, snapshot, types_from);
  if (rows.empty()) return false;
  const std::string alias =
      relation.alias != nullptr ? relation.alias->aliasname : relation.relname;
  pg::ParseError error;
  const auto tree = pg::Tree::parse("SELECT FROM " + rows + " " + quote_ident(alias), error);
  if (!tree) return false;
  Node* item = pg::clone(tree->statements()[0]->stmt->select_stmt->from_clause[0]);
  if (relation.alias != nullptr)  // a column alias list goes along
    std::swap(item->range_subselect->alias, relation.alias);
  pg::become(node, item);
  return true;
}

}  // namespace

std::string null_rows(const Name& relation, bool only, const Snapshot& snapshot,
                      const Snapshot& types_from) {
  std::string columns;
  const auto add = [&](const std::string& type, const std::string& name) {
    columns += (columns.empty() ? "" : ", ") + null_of(type, name);
  };
  const ObjectId id = table_id(relation.schema, relation.name);
  if (const Table* table = snapshot.find<Table>(id)) {
    for (const std::string& name : ordered_columns(*table, types_from.find<Table>(id)))
      if (const Column* column = snapshot.find<Column>(child_id(Kind::Column, id, name)))
        add(column->type + (column->collation.empty() ? "" : " COLLATE " + column->collation),
            name);
  } else {
    const View* view =
        types_from.find<View>({.kind = Kind::View, .schema = id.schema, .name = id.name});
    const View* said =
        snapshot.find<View>({.kind = Kind::View, .schema = id.schema, .name = id.name});
    if (view == nullptr || said == nullptr || view->columns != said->columns) return "";
    for (std::size_t i = 0; i < view->columns.size() && i < view->column_types.size(); ++i)
      add(view->column_types[i], view->columns[i]);
  }
  if (columns.empty()) return "";
  const unsigned number = number_of(relation.schema + "." + relation.name) * 2U + (only ? 1U : 0U);
  return "(SELECT " + columns + " FROM generate_series(1, " + std::to_string(number) +
         ") n OFFSET 0)";
}

bool substitute_relations(ProtobufCMessage* root, const Snapshot& snapshot,
                          const Snapshot& types_from) {
  bool known = true;
  const auto visit = [&](auto&& self, ProtobufCMessage* message) -> void {
    if (message->descriptor == &pg_query__locking_clause__descriptor) return;  // names aliases
    if (message->descriptor == &pg_query__column_ref__descriptor)
      drop_schema(*reinterpret_cast<PgQuery__ColumnRef*>(message));
    if (message->descriptor == &pg_query__node__descriptor) {
      auto* node = reinterpret_cast<Node*>(message);
      if (node->node_case == PG_QUERY__NODE__NODE_RANGE_VAR) {
        known = substitute(node, snapshot, types_from) && known;
        return;  // what was put in needs no second look
      }
      if (node->node_case == PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE) {
        known = false;  // there are samples of tables alone
        return;
      }
    }
    pg::for_each_message(message, [&](ProtobufCMessage* child) { self(self, child); });
  };
  visit(visit, root);
  return known;
}

}  // namespace aloft
