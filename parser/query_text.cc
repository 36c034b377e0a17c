#include "parser/query_text.h"

#include <algorithm>
#include <cstdlib>

#include "parser/fold.h"
#include "parser/tree_edit.h"
#include "parser/view_columns.h"

namespace aloft {
namespace {

using pg::Node;

/// The relation that an item of FROM is, or a sample of; null where it is none.
const PgQuery__RangeVar* plain_or_sampled(const Node* item) {
  if (item->node_case == PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE)
    item = item->range_table_sample->relation;
  return item->node_case == PG_QUERY__NODE__NODE_RANGE_VAR ? item->range_var : nullptr;
}

const PgQuery__RangeVar* only_relation(const PgQuery__SelectStmt& query) {
  return query.n_from_clause == 1 ? plain_or_sampled(query.from_clause[0]) : nullptr;
}

std::string alias_of(const PgQuery__RangeVar& relation) {
  return relation.alias != nullptr ? relation.alias->aliasname : relation.relname;
}

/// Takes the relation's name off the columns of one level of a query.
void strip_qualifier(ProtobufCMessage* message, const std::string& alias) {
  if (message->descriptor == &pg_query__select_stmt__descriptor) return;
  if (message->descriptor == &pg_query__column_ref__descriptor) {
    auto& ref = *reinterpret_cast<PgQuery__ColumnRef*>(message);
    if (ref.n_fields == 2 && pg::str(ref.fields[0]) == alias)
      pg::drop_first(ref.n_fields, ref.fields);
    return;
  }
  pg::for_each_message(message, [&](ProtobufCMessage* child) { strip_qualifier(child, alias); });
}

bool is_star(const Node* target) {
  const Node* value = target->res_target->val;
  return value != nullptr && value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
         value->column_ref->n_fields > 0 &&
         value->column_ref->fields[value->column_ref->n_fields - 1]->node_case ==
             PG_QUERY__NODE__NODE_A_STAR;
}

/// Puts the columns of the only relation in the place of a lone `*`.
void expand_star(PgQuery__SelectStmt& query, const Snapshot& snapshot) {
  const PgQuery__RangeVar* relation = only_relation(query);
  if (relation == nullptr || query.n_target_list != 1 || !is_star(query.target_list[0])) return;
  const auto columns = columns_of(snapshot, {relation->schemaname, relation->relname});
  if (columns.empty()) return;
  Node* star = query.target_list[0];
  for (std::size_t i = columns.size(); i-- > 0;) {
    Node* target = pg::clone(star);
    PgQuery__ColumnRef& ref = *target->res_target->val->column_ref;
    while (ref.n_fields > 1) pg::drop_first(ref.n_fields, ref.fields);
    pg::become(ref.fields[0], pg::string_node(columns[i]));
    pg::prepend(query.n_target_list, query.target_list, target);
  }
  pg_query__node__free_unpacked(query.target_list[--query.n_target_list], nullptr);
}

/// The relations of a FROM item in order; false where a join merges columns or it is no relation.
bool relations_of(const Node* item, std::vector<const PgQuery__RangeVar*>& relations) {
  if (const PgQuery__RangeVar* relation = plain_or_sampled(item)) {
    relations.push_back(relation);
    return true;
  }
  if (item->node_case != PG_QUERY__NODE__NODE_JOIN_EXPR) return false;
  const PgQuery__JoinExpr& join = *item->join_expr;
  if (join.is_natural || join.n_using_clause > 0 || join.alias != nullptr) return false;
  return relations_of(join.larg, relations) && relations_of(join.rarg, relations);
}

/// The name of an output column; "" where it cannot be told.
std::string output_name(Node* target) {
  PgQuery__SelectStmt one = PG_QUERY__SELECT_STMT__INIT;
  one.n_target_list = 1;
  one.target_list = &target;
  const auto names = output_columns(one);
  return names && names->size() == 1 ? names->front() : "";
}

/// May one of the query's relations have a column of that name? True where it cannot be told.
bool is_input(const PgQuery__SelectStmt& query, const std::string& name, const Snapshot& snapshot) {
  std::vector<const PgQuery__RangeVar*> relations;
  for (const Node* item : pg::list(query.n_from_clause, query.from_clause))
    if (!relations_of(item, relations)) return true;
  return std::ranges::any_of(relations, [&](const PgQuery__RangeVar* relation) {
    const auto columns = columns_of(snapshot, {relation->schemaname, relation->relname});
    return columns.empty() || std::ranges::count(columns, name) > 0;
  });
}

/// Puts the output column that is meant by its name or number in the place of that.
void expand_output(Node* node, const PgQuery__SelectStmt& query, bool inputs_first,
                   const Snapshot& snapshot) {
  const auto targets = pg::list(query.n_target_list, query.target_list);
  const Node* meant = nullptr;
  if (node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
      node->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL) {
    const int number = node->a_const->ival->ival;
    if (number >= 1 && number <= static_cast<int>(targets.size()))
      meant = targets[static_cast<std::size_t>(number - 1)]->res_target->val;
  } else if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
             node->column_ref->n_fields == 1) {
    const std::string name(pg::str(node->column_ref->fields[0]));
    if (inputs_first && is_input(query, name, snapshot)) return;
    const auto found = std::ranges::find(targets, name, output_name);
    if (!name.empty() && found != targets.end()) meant = (*found)->res_target->val;
  }
  if (meant != nullptr) pg::become(node, pg::clone(meant));
}

/// ORDER BY, DISTINCT ON and GROUP BY may go by names and numbers of output columns; PostgreSQL
/// keeps their expressions, but for those of UNION and the like.
void expand_outputs(PgQuery__SelectStmt& query, const Snapshot& snapshot) {
  if (query.larg != nullptr || query.n_values_lists > 0) return;
  for (const Node* target : pg::list(query.n_target_list, query.target_list))
    if (is_star(target)) return;
  for (Node* item : pg::list(query.n_sort_clause, query.sort_clause))
    expand_output(item->sort_by->node, query, false, snapshot);
  for (Node* item : pg::list(query.n_distinct_clause, query.distinct_clause))
    expand_output(item, query, false, snapshot);
  for (Node* item : pg::list(query.n_group_clause, query.group_clause))
    expand_output(item, query, true, snapshot);
}

/// ORDER BY of a UNION and the like goes by output columns alone, which PostgreSQL prints as
/// numbers.
void number_outputs(PgQuery__SelectStmt& query) {
  if (query.larg == nullptr) return;
  const auto names = output_columns(query);
  if (!names) return;
  for (const Node* item : pg::list(query.n_sort_clause, query.sort_clause)) {
    Node* node = item->sort_by->node;
    if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || node->column_ref->n_fields != 1)
      continue;
    const auto found = std::ranges::find(*names, pg::str(node->column_ref->fields[0]));
    if (found != names->end())
      pg::become(node, pg::integer_node(static_cast<int>(found - names->begin()) + 1));
  }
}

/// `t.*` that is a row and not its columns, as PostgreSQL prints one: `t`. Null where it is none.
Node* row_of(Node* node, const std::string& alias) {
  if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return nullptr;
  PgQuery__ColumnRef& ref = *node->column_ref;
  const bool whole = ref.n_fields == 2 && pg::str(ref.fields[0]) == alias &&
                     ref.fields[1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
  if (!whole) return nullptr;
  pg_query__node__free_unpacked(ref.fields[--ref.n_fields], nullptr);
  return node;
}

void strip_names(PgQuery__SelectStmt& query, bool all) {
  if (query.n_values_lists > 0) return;
  for (Node* target : pg::list(query.n_target_list, query.target_list)) {
    PgQuery__ResTarget& t = *target->res_target;
    if (*t.name == '\0') continue;
    const std::string name = t.name;
    pg::set(t.name, "");
    if (!all && output_name(target) != name) pg::set(t.name, name);
  }
}

/// Rows of the relation in one level of a query, and in those within that have no FROM of their
/// own; an output column that is one is printed with a cast to its type.
void fold_rows(ProtobufCMessage* message, const PgQuery__RangeVar& relation,
               const std::string& alias) {
  PgQuery__SelectStmt* inner = message->descriptor == &pg_query__select_stmt__descriptor
                                   ? reinterpret_cast<PgQuery__SelectStmt*>(message)
                                   : nullptr;
  if (inner != nullptr && inner->n_from_clause > 0) return;
  pg::for_each_message(message,
                       [&](ProtobufCMessage* child) { fold_rows(child, relation, alias); });
  if (inner != nullptr) return strip_names(*inner, false);
  if (message->descriptor == &pg_query__func_call__descriptor) {
    auto& call = *reinterpret_cast<PgQuery__FuncCall*>(message);
    for (Node* argument : pg::list(call.n_args, call.args)) row_of(argument, alias);
  }
  if (message->descriptor != &pg_query__node__descriptor) return;
  Node* node = reinterpret_cast<Node*>(message);
  if (node->node_case != PG_QUERY__NODE__NODE_TYPE_CAST) return;
  const Node* row = row_of(node->type_cast->arg, alias);
  const PgQuery__TypeName& type = *node->type_cast->type_name;
  if (row != nullptr && type.n_array_bounds == 0 &&
      pg::names(type.n_names, type.names) ==
          std::vector<std::string>{relation.schemaname, relation.relname})
    pg::become(node, pg::clone(row));
}

/// Of every relation by whose name here no column is called: that would be meant by it.
void fold_rows(PgQuery__SelectStmt& query, const Snapshot& snapshot) {
  std::vector<const PgQuery__RangeVar*> relations;
  for (const Node* item : pg::list(query.n_from_clause, query.from_clause))
    if (!relations_of(item, relations)) return;
  for (const PgQuery__RangeVar* relation : relations) {
    const std::string alias = alias_of(*relation);
    if (is_input(query, alias, snapshot)) continue;
    pg::for_each_message(&query.base,
                         [&](ProtobufCMessage* child) { fold_rows(child, *relation, alias); });
  }
}

/// VALUES in a UNION and the like, which PostgreSQL prints as SELECT "*VALUES*".column1, ... FROM
/// (VALUES ...) "*VALUES*". `any_names`: the names of its columns say nothing.
void fold_values(PgQuery__SelectStmt& query, bool any_names) {
  if (query.n_from_clause != 1 ||
      query.from_clause[0]->node_case != PG_QUERY__NODE__NODE_RANGE_SUBSELECT)
    return;
  const PgQuery__RangeSubselect& item = *query.from_clause[0]->range_subselect;
  if (item.alias == nullptr || std::string_view(item.alias->aliasname) != "*VALUES*" ||
      item.alias->n_colnames > 0)
    return;
  PgQuery__SelectStmt& values = *item.subquery->select_stmt;
  const bool only_values = values.n_values_lists > 0 && values.n_sort_clause == 0 &&
                           values.limit_count == nullptr && values.limit_offset == nullptr;
  const bool only_targets = query.where_clause == nullptr && query.n_group_clause == 0 &&
                            query.having_clause == nullptr && query.n_distinct_clause == 0 &&
                            query.n_sort_clause == 0 && query.limit_count == nullptr &&
                            query.limit_offset == nullptr && query.n_locking_clause == 0 &&
                            query.with_clause == nullptr;
  const auto names = output_columns(values);
  if (!only_values || !only_targets || !names || names->size() != query.n_target_list) return;
  for (std::size_t i = 0; i < names->size(); ++i) {
    const PgQuery__ResTarget& target = *query.target_list[i]->res_target;
    if (target.val == nullptr || target.val->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return;
    const PgQuery__ColumnRef& ref = *target.val->column_ref;
    if (pg::str(ref.fields[ref.n_fields - 1]) != (*names)[i]) return;
    if (!any_names && *target.name != '\0' && target.name != (*names)[i]) return;
  }
  // The lists change places, so that each is freed once.
  std::swap(query.n_values_lists, values.n_values_lists);
  std::swap(query.values_lists, values.values_lists);
  while (query.n_target_list > 0) pg::drop_first(query.n_target_list, query.target_list);
  pg::drop_first(query.n_from_clause, query.from_clause);
}

void fold_select(PgQuery__SelectStmt& query, const Snapshot& snapshot, bool top) {
  fold_values(query, top);
  number_outputs(query);
  if (query.larg != nullptr) {
    fold_values(*query.rarg, true);
    fold_select(*query.larg, snapshot, top);
    fold_select(*query.rarg, snapshot, top);  // names of the first branch count alone
  }
  expand_star(query, snapshot);
  expand_outputs(query, snapshot);
  fold_rows(query, snapshot);
  if (const PgQuery__RangeVar* relation = only_relation(query)) {
    const std::string alias = alias_of(*relation);
    pg::for_each_message(&query.base,
                         [&](ProtobufCMessage* child) { strip_qualifier(child, alias); });
  }
  strip_names(query, top);
}

/// Folds every level, innermost first.
void fold_levels(ProtobufCMessage* message, const Snapshot& snapshot, bool top) {
  const bool select = message->descriptor == &pg_query__select_stmt__descriptor;
  pg::for_each_message(message,
                       [&](ProtobufCMessage* child) { fold_levels(child, snapshot, false); });
  if (select) fold_select(*reinterpret_cast<PgQuery__SelectStmt*>(message), snapshot, top);
}

}  // namespace

std::vector<std::string> columns_of(const Snapshot& snapshot, const Name& relation) {
  if (const Table* table = snapshot.find<Table>(table_id(relation.schema, relation.name)))
    return table->column_order;
  if (const View* view = snapshot.find<View>(
          {.kind = Kind::View, .schema = relation.schema, .name = relation.name}))
    return view->columns;
  return {};
}

void fold_query(ProtobufCMessage* query, const Snapshot& snapshot, bool top) {
  fold_message(query, {});
  fold_levels(query, snapshot, top);
}

std::vector<std::string> query_columns(const PgQuery__SelectStmt& query, const Snapshot& snapshot) {
  if (query.larg != nullptr) return query_columns(*query.larg, snapshot);
  if (const auto plain = output_columns(query)) return *plain;
  std::vector<const PgQuery__RangeVar*> relations;
  for (const Node* item : pg::list(query.n_from_clause, query.from_clause))
    if (!relations_of(item, relations)) return {};
  std::vector<std::string> names;
  for (Node* target : pg::list(query.n_target_list, query.target_list)) {
    if (!is_star(target)) {
      PgQuery__SelectStmt one = PG_QUERY__SELECT_STMT__INIT;
      one.n_target_list = 1;
      one.target_list = &target;
      const auto name = output_columns(one);
      if (!name || name->size() != 1) return {};
      names.push_back(name->front());
      continue;
    }
    const PgQuery__ColumnRef& ref = *target->res_target->val->column_ref;
    const std::string only =
        ref.n_fields > 1 ? std::string(pg::str(ref.fields[ref.n_fields - 2])) : "";
    bool found = false;
    for (const PgQuery__RangeVar* relation : relations) {
      if (!only.empty() && alias_of(*relation) != only) continue;
      const auto columns = columns_of(snapshot, {relation->schemaname, relation->relname});
      if (columns.empty()) return {};
      names.insert(names.end(), columns.begin(), columns.end());
      found = true;
    }
    if (!found) return {};
  }
  return names;
}

}  // namespace aloft
