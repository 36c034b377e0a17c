#include "parser/probe_body.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include "engine/base/sql.h"
#include "parser/null_rows.h"
#include "parser/table_build.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

using pg::Node;

constexpr std::string_view kTargets = "aloft_targets";

/// A statement of a body as what it reads.
struct Reading {
  std::string skeleton{};
  std::vector<std::string> queries{};
};

/// Puts a SELECT together out of parts of another statement's tree, which it does not own.
class Assembled {
 public:
  void add(std::string target) { targets_ += (targets_.empty() ? "" : ", ") + std::move(target); }
  void add_all(std::size_t count, Node** targets) {
    for (Node* target : pg::list(count, targets)) {
      const Node* value = target->res_target->val;
      add(pg::deparse_expression(target->res_target->val) +
          (value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF
               ? ""
               : " AS " + quote_ident("t" + std::to_string(++number_))));
    }
  }
  void read(PgQuery__RangeVar* relation) {
    Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_RANGE_VAR;
    node.range_var = relation;
    relations_.push_back(node);
    from_.push_back(&relations_.back());
  }
  void read_all(std::size_t count, Node** items) {
    from_.insert(from_.end(), items, items + count);
  }

  std::string text(Node* where, PgQuery__WithClause* with) {
    auto marker = pg::parse_expression(std::string(kTargets));
    PgQuery__ResTarget target = PG_QUERY__RES_TARGET__INIT;
    target.val = pg::expression(*marker);
    Node target_node = PG_QUERY__NODE__INIT;
    target_node.node_case = PG_QUERY__NODE__NODE_RES_TARGET;
    target_node.res_target = &target;
    Node* targets[] = {&target_node};
    PgQuery__SelectStmt select = PG_QUERY__SELECT_STMT__INIT;
    select.limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
    select.op = PG_QUERY__SET_OPERATION__SETOP_NONE;
    select.n_target_list = 1;
    select.target_list = targets;
    select.n_from_clause = from_.size();
    select.from_clause = from_.data();
    select.where_clause = where;
    select.with_clause = with;
    Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
    node.select_stmt = &select;
    std::string text = pg::deparse(&node);
    if (const auto at = text.find(kTargets); at != std::string::npos)
      text.replace(at, kTargets.size(), targets_);
    return text;
  }

 private:
  std::string targets_{};
  int number_ = 0;
  std::deque<Node> relations_{};
  std::vector<Node*> from_{};
};

std::string relation_skeleton(const PgQuery__RangeVar& relation) {
  return (relation.inh ? "" : "ONLY ") + quote_qualified(relation.schemaname, relation.relname);
}

/// A value as one of the column's type, to which it is assigned.
std::string assigned(Node* value, const PgQuery__RangeVar& relation, const std::string& column,
                     const Snapshot& snapshot) {
  const ObjectId table = table_id(relation.schemaname, relation.relname);
  const Column* found = snapshot.find<Column>(child_id(Kind::Column, table, column));
  const std::string text = "(" + pg::deparse_expression(value) + ")";
  return found == nullptr ? text : text + "::" + found->type;
}

/// Reads the statements of one body.
class Reader {
 public:
  explicit Reader(const Snapshot& snapshot) : snapshot_(snapshot) {}

  /// nullopt where what it reads cannot be told.
  std::optional<Reading> read(Node& statement) {
    switch (static_cast<int>(statement.node_case)) {
      case PG_QUERY__NODE__NODE_SELECT_STMT: return Reading{"SELECT", {pg::deparse(&statement)}};
      case PG_QUERY__NODE__NODE_INSERT_STMT: return insert(*statement.insert_stmt);
      case PG_QUERY__NODE__NODE_UPDATE_STMT: return update(*statement.update_stmt);
      case PG_QUERY__NODE__NODE_DELETE_STMT: return remove(*statement.delete_stmt);
      default: return std::nullopt;
    }
  }

 private:
  std::optional<Reading> update(PgQuery__UpdateStmt& update) {
    Reading reading{.skeleton = "UPDATE " + relation_skeleton(*update.relation)};
    Assembled select;
    if (!assignments(update.n_target_list, update.target_list, *update.relation, reading, select))
      return std::nullopt;
    returning(update, reading, select);
    select.read_all(update.n_from_clause, update.from_clause);
    reading.queries.push_back(select.text(update.where_clause, update.with_clause));
    return reading;
  }

  std::optional<Reading> remove(PgQuery__DeleteStmt& remove) {
    Reading reading{.skeleton = "DELETE " + relation_skeleton(*remove.relation)};
    Assembled select;
    returning(remove, reading, select);
    select.read_all(remove.n_using_clause, remove.using_clause);
    reading.queries.push_back(select.text(remove.where_clause, remove.with_clause));
    return reading;
  }

  std::optional<Reading> insert(PgQuery__InsertStmt& insert) {
    Reading reading{.skeleton = "INSERT " + relation_skeleton(*insert.relation) + " " +
                                std::to_string(insert.override)};
    if (!source(insert, reading)) return std::nullopt;
    Assembled select;
    Node* where = nullptr;
    if (const PgQuery__OnConflictClause* conflict = insert.on_conflict_clause) {
      if (!arbiter(*conflict, reading) ||
          !assignments(conflict->n_target_list, conflict->target_list, *insert.relation, reading,
                       select))
        return std::nullopt;
      where = conflict->where_clause;
    }
    Assembled returned;
    returning(insert, reading, returned);
    reading.queries.push_back(returned.text(nullptr, nullptr));
    select.read(insert.relation);
    PgQuery__RangeVar excluded = *insert.relation;
    PgQuery__Alias alias = PG_QUERY__ALIAS__INIT;
    char name[] = "excluded";
    alias.aliasname = name;
    excluded.alias = &alias;
    if (insert.on_conflict_clause != nullptr) select.read(&excluded);
    reading.queries.push_back(select.text(where, nullptr));
    return reading;
  }

  /// What is inserted. Without a list of columns it is the first ones.
  bool source(PgQuery__InsertStmt& insert, Reading& reading) {
    if (insert.select_stmt == nullptr) {
      reading.skeleton += " DEFAULT VALUES";
      return true;
    }
    std::vector<std::string> columns;
    for (const Node* node : pg::list(insert.n_cols, insert.cols)) {
      if (node->res_target->n_indirection > 0) return false;
      columns.emplace_back(node->res_target->name);
    }
    PgQuery__SelectStmt& select = *insert.select_stmt->select_stmt;
    if (columns.empty()) {
      const Table* table =
          snapshot_.find<Table>(table_id(insert.relation->schemaname, insert.relation->relname));
      if (table == nullptr || select.n_values_lists == 0) return false;
      columns = table->column_order;
      columns.resize(std::min(columns.size(), select.values_lists[0]->list->n_items));
    }
    reading.skeleton += " " + column_list(columns);
    if (select.n_values_lists == 0) {
      PgQuery__WithClause* own = select.with_clause;
      if (own == nullptr) select.with_clause = insert.with_clause;
      reading.queries.push_back(pg::deparse(insert.select_stmt));
      select.with_clause = own;
      return own == nullptr || insert.with_clause == nullptr;
    }
    if (insert.with_clause != nullptr) return false;
    std::string rows;
    for (const Node* row : pg::list(select.n_values_lists, select.values_lists)) {
      std::string values;
      for (std::size_t i = 0; i < row->list->n_items && i < columns.size(); ++i) {
        Node* value = row->list->items[i];
        const bool fallback = value->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
        reading.skeleton += fallback ? " DEFAULT" : " value";
        values += (i == 0 ? "" : ", ") +
                  (fallback ? "NULL" : assigned(value, *insert.relation, columns[i], snapshot_));
      }
      rows += (rows.empty() ? "VALUES (" : ", (") + values + ")";
    }
    reading.queries.push_back(rows);
    return true;
  }

  /// What comes back of the rows of the relation that is written.
  template <class Statement>
  static void returning(Statement& statement, Reading& reading, Assembled& select) {
    reading.skeleton += statement.n_returning_list > 0 ? " RETURNING" : "";
    select.add_all(statement.n_returning_list, statement.returning_list);
    select.read(statement.relation);
  }

  static bool arbiter(const PgQuery__OnConflictClause& conflict, Reading& reading) {
    reading.skeleton += " ON CONFLICT " + std::to_string(conflict.action);
    if (conflict.infer == nullptr) return true;
    reading.skeleton += " " + std::string(conflict.infer->conname);
    for (const auto* element :
         index_elements(conflict.infer->n_index_elems, conflict.infer->index_elems)) {
      if (*element->name == '\0') return false;
      reading.skeleton += " " + index_element(*element);
    }
    return conflict.infer->where_clause == nullptr;
  }

  /// The columns that are set, and their values.
  bool assignments(std::size_t count, Node** targets, const PgQuery__RangeVar& relation,
                   Reading& reading, Assembled& select) const {
    for (Node* node : pg::list(count, targets)) {
      const PgQuery__ResTarget& target = *node->res_target;
      if (target.n_indirection > 0 ||
          target.val->node_case == PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF)
        return false;
      const bool fallback = target.val->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
      reading.skeleton += " " + quote_ident(target.name) + (fallback ? " DEFAULT" : "");
      if (!fallback) select.add(assigned(target.val, relation, target.name, snapshot_));
    }
    return true;
  }

  const Snapshot& snapshot_;
};

/// The arguments as a row by the function's name, by which a body tells them from columns.
std::string arguments_row(const ObjectId& id, const Function& function) {
  std::string columns;
  std::optional<pg::Tree> tree;
  Node* s = pg::only_statement(
      tree, "CREATE FUNCTION x(" + function.arguments + ") RETURNS int LANGUAGE sql AS ''");
  if (s == nullptr) return "";
  int number = 0;
  const PgQuery__CreateFunctionStmt& stmt = *s->create_function_stmt;
  for (Node* node : pg::list(stmt.n_parameters, stmt.parameters)) {
    PgQuery__FunctionParameter& p = *node->function_parameter;
    if (p.mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT) continue;
    ++number;
    const std::string name = *p.name == '\0' ? "$" + std::to_string(number) : p.name;
    columns += (columns.empty() ? "" : ", ") + ("NULL::" + pg::deparse_type(p.arg_type)) + " AS " +
               quote_ident(name);
  }
  return "(SELECT " + (columns.empty() ? "1" : columns) + " OFFSET 0) " + quote_ident(id.name);
}

/// $1 by the name that arguments_row() gives an argument without one.
void name_parameters(ProtobufCMessage* root) {
  pg::for_each_message(root, [](ProtobufCMessage* child) { name_parameters(child); });
  if (root->descriptor != &pg_query__node__descriptor) return;
  auto* node = reinterpret_cast<Node*>(root);
  if (node->node_case != PG_QUERY__NODE__NODE_PARAM_REF) return;
  auto tree = pg::parse_expression("\"$" + std::to_string(node->param_ref->number) + "\"");
  pg::become(node, pg::clone(pg::expression(*tree)));
}

}  // namespace

std::optional<pg::Tree> statements_of(const std::string& body) {
  constexpr std::string_view kReturn = "RETURN ";
  pg::ParseError ignored;
  return pg::Tree::parse(body.starts_with(kReturn) ? "SELECT " + body.substr(kReturn.size()) : body,
                         ignored);
}

BodyProbe body_probe(const ObjectId& id, const Function& function, const Snapshot& snapshot,
                     const Snapshot& types_from) {
  BodyProbe probe;
  const auto tree = statements_of(function.body.sql);
  if (!tree) return probe;
  const std::string arguments = arguments_row(id, function);
  std::string outputs;
  Reader reader(snapshot);
  for (const PgQuery__RawStmt* raw : tree->statements()) {
    const auto reading = reader.read(*raw->stmt);
    if (!reading) return {};
    probe.skeleton += reading->skeleton + "; ";
    for (const std::string& query : reading->queries) {
      std::optional<pg::Tree> own;
      Node* s = pg::only_statement(own, query);
      if (s == nullptr || !substitute_relations(&s->base, snapshot, types_from)) return {};
      name_parameters(&s->base);
      // One that sees the arguments alone, and of which every column counts.
      outputs +=
          (outputs.empty() ? "" : ", ") + ("ARRAY(SELECT q FROM (" + pg::deparse(s)) + ") q)";
    }
  }
  if (!arguments.empty() && !outputs.empty())
    probe.sql = "SELECT " + outputs + " FROM " + arguments;
  return probe;
}

}  // namespace aloft
