#include "parser/name_search.h"

namespace aloft {

using pg::Node;

namespace {

bool uses_data(const Node* statement) {
  switch (statement->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
    case PG_QUERY__NODE__NODE_COPY_STMT:
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
    case PG_QUERY__NODE__NODE_LOCK_STMT:
    case PG_QUERY__NODE__NODE_CALL_STMT:
    case PG_QUERY__NODE__NODE_PREPARE_STMT:
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
    case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT: return true;
    default: return false;
  }
}

/// The last name of a target or of a row's field; "" for `*`.
std::string column_of(const PgQuery__ColumnRef& ref) {
  return std::string(pg::str(ref.fields[ref.n_fields - 1]));
}

}  // namespace

std::set<ObjectId> NameSearch::of(Node* statement) {
  if (uses_data(statement)) walk(&statement->base, QueryScope{});
  return std::move(found_);
}

void NameSearch::on_relation(const Name& name) {
  for (const ObjectId& id : wanted_)
    if (id.kind == Kind::Table && may_be_same({id.schema, id.name}, name)) found_.insert(id);
}

void NameSearch::on_column(const Shown& shown, const std::string& column) {
  for (const ObjectId& id : wanted_)
    if (id.kind == Kind::Column && id.name == column)
      for (const Name& name : shown)
        if (may_be_same({id.schema, id.relation}, name)) found_.insert(id);
}

void NameSearch::on_unqualified(const std::string& column, const QueryScope& scope) {
  for (const QueryScope* s = &scope; s != nullptr; s = s->outer) on_column(s->all(), column);
}

void NameSearch::walk(ProtobufCMessage* message, const QueryScope& scope) {
  if (message == nullptr) return;
  const ProtobufCMessageDescriptor* d = message->descriptor;
  if (d == &pg_query__node__descriptor) {
    on_node(reinterpret_cast<Node*>(message), scope);
  } else if (d == &pg_query__select_stmt__descriptor) {
    select(*reinterpret_cast<PgQuery__SelectStmt*>(message), scope);
  } else if (d == &pg_query__range_var__descriptor) {
    const auto& relation = *reinterpret_cast<PgQuery__RangeVar*>(message);
    on_relation({relation.schemaname, relation.relname});
  } else {
    pg::for_each_message(message, [&](ProtobufCMessage* child) { walk(child, scope); });
  }
}

void NameSearch::walk_all(std::size_t count, Node* const* nodes, const QueryScope& scope) {
  for (Node* node : pg::list(count, nodes)) walk(&node->base, scope);
}

void NameSearch::walk_node(Node* node, const QueryScope& scope) {
  if (node != nullptr) walk(&node->base, scope);
}

void NameSearch::on_node(Node* node, const QueryScope& scope) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT: query(node, scope); return;
    case PG_QUERY__NODE__NODE_MERGE_STMT: merge(*node->merge_stmt, scope); return;
    case PG_QUERY__NODE__NODE_COPY_STMT: copy(*node->copy_stmt, scope); return;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      walk_node(node->create_table_as_stmt->query, scope);
      return;
    case PG_QUERY__NODE__NODE_COLUMN_REF: reference(*node->column_ref, scope); return;
    case PG_QUERY__NODE__NODE_A_INDIRECTION: field(*node->a_indirection, scope); return;
    // FOR UPDATE OF names items of the FROM list.
    case PG_QUERY__NODE__NODE_LOCKING_CLAUSE: return;
    default:
      pg::for_each_message(&node->base, [&](ProtobufCMessage* child) { walk(child, scope); });
  }
}

Shown NameSearch::query(Node* node, const QueryScope& outer) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT: return select(*node->select_stmt, outer);
    case PG_QUERY__NODE__NODE_INSERT_STMT: return insert(*node->insert_stmt, outer);
    case PG_QUERY__NODE__NODE_UPDATE_STMT: return update(*node->update_stmt, outer);
    case PG_QUERY__NODE__NODE_DELETE_STMT: return remove(*node->delete_stmt, outer);
    default: walk(&node->base, outer); return {};
  }
}

QueryScope NameSearch::with(const PgQuery__WithClause* clause, const QueryScope& outer) {
  QueryScope scope{.outer = &outer};
  if (clause == nullptr) return scope;
  const auto ctes = pg::list(clause->n_ctes, clause->ctes);
  if (clause->recursive != 0)
    for (const Node* cte : ctes) scope.ctes[cte->common_table_expr->ctename] = {};
  for (const Node* node : ctes) {
    const PgQuery__CommonTableExpr& cte = *node->common_table_expr;
    scope.ctes[cte.ctename] = query(cte.ctequery, scope);
  }
  return scope;
}

Shown NameSearch::select(const PgQuery__SelectStmt& s, const QueryScope& outer) {
  const QueryScope ctes = with(s.with_clause, outer);
  if (s.larg != nullptr) {  // ORDER BY is of output columns
    Shown shown = select(*s.larg, ctes);
    const Shown more = select(*s.rarg, ctes);
    shown.insert(shown.end(), more.begin(), more.end());
    return shown;
  }
  const QueryScope scope = from(s.n_from_clause, s.from_clause, ctes);
  walk_all(s.n_target_list, s.target_list, scope);
  walk_node(s.where_clause, scope);
  walk_all(s.n_group_clause, s.group_clause, scope);
  walk_node(s.having_clause, scope);
  walk_all(s.n_window_clause, s.window_clause, scope);
  walk_all(s.n_values_lists, s.values_lists, scope);
  walk_node(s.limit_count, scope);
  walk_node(s.limit_offset, scope);
  for (Node* item : pg::list(s.n_distinct_clause, s.distinct_clause))
    if (!is_output(item, s)) walk_node(item, scope);
  for (Node* item : pg::list(s.n_sort_clause, s.sort_clause))
    if (!is_output(item->sort_by->node, s)) walk_node(item, scope);
  return shown_by(s.n_target_list, s.target_list, scope);
}

bool NameSearch::is_output(const Node* item, const PgQuery__SelectStmt& s) {
  if (item->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || item->column_ref->n_fields != 1)
    return false;
  const std::string name = column_of(*item->column_ref);
  for (const Node* target : pg::list(s.n_target_list, s.target_list))
    if (!name.empty() && name == target->res_target->name) return true;
  return false;
}

Shown NameSearch::insert(const PgQuery__InsertStmt& s, const QueryScope& outer) {
  const QueryScope ctes = with(s.with_clause, outer);
  QueryScope scope = target(*s.relation, ctes);
  assign(s.n_cols, s.cols, scope);
  if (s.select_stmt != nullptr) query(s.select_stmt, ctes);
  const Shown rows = scope.items.front().shows;
  if (const PgQuery__OnConflictClause* conflict = s.on_conflict_clause; conflict != nullptr) {
    QueryScope both = scope;
    both.items.push_back({.alias = "excluded", .schema = {}, .shows = rows});
    if (conflict->infer != nullptr) {
      for (const Node* e : pg::list(conflict->infer->n_index_elems, conflict->infer->index_elems))
        on_column(rows, e->index_elem->name);
      walk(&conflict->infer->base, scope);
    }
    assign(conflict->n_target_list, conflict->target_list, both);
    walk_node(conflict->where_clause, both);
  }
  return returning(s.n_returning_list, s.returning_list, scope);
}

Shown NameSearch::returning(std::size_t count, Node* const* targets, const QueryScope& scope) {
  walk_all(count, targets, scope);
  return shown_by(count, targets, scope);
}

Shown NameSearch::update(const PgQuery__UpdateStmt& s, const QueryScope& outer) {
  const QueryScope ctes = with(s.with_clause, outer);
  QueryScope scope = target(*s.relation, ctes);
  add_items(s.n_from_clause, s.from_clause, scope);
  assign(s.n_target_list, s.target_list, scope);
  walk_node(s.where_clause, scope);
  return returning(s.n_returning_list, s.returning_list, scope);
}

Shown NameSearch::remove(const PgQuery__DeleteStmt& s, const QueryScope& outer) {
  const QueryScope ctes = with(s.with_clause, outer);
  QueryScope scope = target(*s.relation, ctes);
  add_items(s.n_using_clause, s.using_clause, scope);
  walk_node(s.where_clause, scope);
  return returning(s.n_returning_list, s.returning_list, scope);
}

void NameSearch::merge(const PgQuery__MergeStmt& s, const QueryScope& outer) {
  const QueryScope ctes = with(s.with_clause, outer);
  QueryScope scope = target(*s.relation, ctes);
  Node* source = s.source_relation;
  add_items(1, &source, scope);
  walk_node(s.join_condition, scope);
  for (const Node* node : pg::list(s.n_merge_when_clauses, s.merge_when_clauses)) {
    const PgQuery__MergeWhenClause& when = *node->merge_when_clause;
    walk_node(when.condition, scope);
    assign(when.n_target_list, when.target_list, scope);
    walk_all(when.n_values, when.values, scope);
  }
}

void NameSearch::copy(const PgQuery__CopyStmt& s, const QueryScope& outer) {
  walk_node(s.query, outer);
  if (s.relation == nullptr) return;
  const QueryScope scope = target(*s.relation, outer);
  for (const std::string& column : pg::names(s.n_attlist, s.attlist))
    on_column(scope.items.front().shows, column);
  walk_node(s.where_clause, scope);
}

QueryScope NameSearch::target(const PgQuery__RangeVar& relation, const QueryScope& outer) {
  on_relation({relation.schemaname, relation.relname});
  return {.outer = &outer, .items = {item_of(relation)}};
}

void NameSearch::assign(std::size_t count, Node* const* targets, const QueryScope& scope) {
  for (const Node* node : pg::list(count, targets)) {
    on_column(scope.items.front().shows, node->res_target->name);
    walk_all(node->res_target->n_indirection, node->res_target->indirection, scope);
    walk_node(node->res_target->val, scope);
  }
}

ScopeItem NameSearch::item_of(const PgQuery__RangeVar& relation) {
  const bool named = relation.alias != nullptr;
  return {.alias = named ? relation.alias->aliasname : relation.relname,
          .schema = named ? "" : relation.schemaname,
          .shows = {{relation.schemaname, relation.relname}}};
}

QueryScope NameSearch::from(std::size_t count, Node* const* items, const QueryScope& outer) {
  QueryScope scope{.outer = &outer};
  add_items(count, items, scope);
  return scope;
}

void NameSearch::add_items(std::size_t count, Node* const* items, QueryScope& scope) {
  for (const Node* item : pg::list(count, items)) add_item(*item, scope);
  for (const Node* item : pg::list(count, items)) join(*item, scope);
}

void NameSearch::add_item(const Node& item, QueryScope& scope) {
  switch (item.node_case) {
    case PG_QUERY__NODE__NODE_RANGE_VAR: {
      ScopeItem made = item_of(*item.range_var);
      const bool plain = *item.range_var->schemaname == '\0';
      if (const Shown* cte = plain ? scope.find_cte(item.range_var->relname) : nullptr)
        made.shows = *cte;
      else
        on_relation(made.shows.front());
      scope.items.push_back(std::move(made));
      return;
    }
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT: {
      const PgQuery__RangeSubselect& sub = *item.range_subselect;
      Shown shows = query(sub.subquery, sub.lateral != 0 ? scope : *scope.outer);
      scope.items.push_back({.alias = sub.alias != nullptr ? sub.alias->aliasname : "",
                             .schema = {},
                             .shows = std::move(shows)});
      return;
    }
    case PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE:
      add_item(*item.range_table_sample->relation, scope);
      return;
    case PG_QUERY__NODE__NODE_JOIN_EXPR: {
      const std::size_t before = scope.items.size();
      add_item(*item.join_expr->larg, scope);
      add_item(*item.join_expr->rarg, scope);
      if (item.join_expr->alias == nullptr) return;
      ScopeItem whole{.alias = item.join_expr->alias->aliasname};
      for (std::size_t i = before; i < scope.items.size(); ++i)
        for (const Name& name : scope.items[i].shows) whole.shows.push_back(name);
      scope.items.push_back(std::move(whole));
      return;
    }
    default: return;  // functions, XMLTABLE: no relation
  }
}

void NameSearch::join(const Node& item, const QueryScope& scope) {
  if (item.node_case == PG_QUERY__NODE__NODE_JOIN_EXPR) {
    const PgQuery__JoinExpr& join_expr = *item.join_expr;
    join(*join_expr.larg, scope);
    join(*join_expr.rarg, scope);
    for (const std::string& name : pg::names(join_expr.n_using_clause, join_expr.using_clause))
      on_column(scope.all(), name);
    walk_node(join_expr.quals, scope);
  } else if (item.node_case == PG_QUERY__NODE__NODE_RANGE_FUNCTION) {
    walk_all(item.range_function->n_functions, item.range_function->functions, scope);
  } else if (item.node_case == PG_QUERY__NODE__NODE_RANGE_TABLE_FUNC) {
    walk(&item.range_table_func->base, scope);
  }
}

Shown NameSearch::shown_by(std::size_t count, Node* const* targets, const QueryScope& scope) {
  Shown shown;
  for (const Node* node : pg::list(count, targets)) {
    const Node* value = node->res_target->val;
    if (value == nullptr || value->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) continue;
    const PgQuery__ColumnRef& ref = *value->column_ref;
    if (ref.fields[ref.n_fields - 1]->node_case != PG_QUERY__NODE__NODE_A_STAR) continue;
    const ScopeItem* only = ref.n_fields > 1 ? item_before(ref, scope) : nullptr;
    const Shown more = ref.n_fields == 1 ? scope.all() : only != nullptr ? only->shows : Shown{};
    shown.insert(shown.end(), more.begin(), more.end());
  }
  return shown;
}

const ScopeItem* NameSearch::item_before(const PgQuery__ColumnRef& ref, const QueryScope& scope) {
  const std::size_t n = ref.n_fields;
  const std::string schema(n > 2 ? pg::str(ref.fields[n - 3]) : "");
  return scope.find(schema, std::string(pg::str(ref.fields[n - 2])));
}

void NameSearch::reference(const PgQuery__ColumnRef& ref, const QueryScope& scope) {
  const std::string column = column_of(ref);
  if (column.empty()) return;
  if (ref.n_fields == 1) return on_unqualified(column, scope);
  if (const ScopeItem* item = item_before(ref, scope)) on_column(item->shows, column);
}

void NameSearch::field(const PgQuery__AIndirection& part, const QueryScope& scope) {
  walk_node(part.arg, scope);
  walk_all(part.n_indirection, part.indirection, scope);
  if (part.n_indirection == 0 || part.arg->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return;
  const ScopeItem* item = scope.find("", column_of(*part.arg->column_ref));
  if (item != nullptr) on_column(item->shows, std::string(pg::str(part.indirection[0])));
}

}  // namespace aloft
