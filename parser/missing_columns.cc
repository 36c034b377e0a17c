#include "parser/missing_columns.h"

#include <algorithm>
#include <map>
#include <set>

#include "parser/pg_tree.h"
#include "parser/view_columns.h"

namespace aloft {
namespace {

using pg::Node;
using Columns = std::optional<std::vector<std::string>>;

/// An item of a FROM list: a relation, or a query of which the output columns may be known.
struct Item {
  std::string alias{};
  Name relation{};
  Columns columns{};
};

/// A level of a query: its common table expressions, or its FROM items.
struct Level {
  const Level* outer = nullptr;
  std::map<std::string, Columns> ctes{};
  std::vector<Item> items{};
};

const Columns* find_cte(const Level* level, const std::string& name) {
  for (; level != nullptr; level = level->outer)
    if (const auto it = level->ctes.find(name); it != level->ctes.end()) return &it->second;
  return nullptr;
}

Columns output_of(const Node* query) {
  if (query == nullptr || query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return {};
  return output_columns(*query->select_stmt);
}

class Search {
 public:
  explicit Search(const HasColumn& has) : has_(has) {}

  void query(PgQuery__SelectStmt& select, const Level* outer) {
    Level withs{.outer = outer};
    if (select.with_clause != nullptr) common_tables(*select.with_clause, withs);
    if (select.larg != nullptr) {
      query(*select.larg, &withs);
      query(*select.rarg, &withs);
      return;
    }
    Level level{.outer = &withs};
    for (const Node* node : pg::list(select.n_from_clause, select.from_clause)) from(node, level);
    each(select.n_target_list, select.target_list, level);
    each(select.n_values_lists, select.values_lists, level);
    each(select.n_window_clause, select.window_clause, level);
    for (Node* one :
         {select.where_clause, select.having_clause, select.limit_count, select.limit_offset})
      if (one != nullptr) expression(&one->base, level);
    // These may name an output column, too.
    level.items.push_back({.columns = output_columns(select)});
    each(select.n_distinct_clause, select.distinct_clause, level);
    each(select.n_group_clause, select.group_clause, level);
    each(select.n_sort_clause, select.sort_clause, level);
  }

  void expression(ProtobufCMessage* message, const Level& level) {
    if (message->descriptor == &pg_query__column_ref__descriptor)
      return column(*reinterpret_cast<PgQuery__ColumnRef*>(message), level);
    if (message->descriptor == &pg_query__select_stmt__descriptor)
      return query(*reinterpret_cast<PgQuery__SelectStmt*>(message), &level);
    pg::for_each_message(message, [&](ProtobufCMessage* child) { expression(child, level); });
  }

  std::vector<MissingColumn> take() { return {missing_.begin(), missing_.end()}; }

 private:
  void each(std::size_t count, Node* const* nodes, const Level& level) {
    for (Node* node : pg::list(count, nodes)) expression(&node->base, level);
  }

  void common_tables(const PgQuery__WithClause& with, Level& level) {
    for (const Node* node : pg::list(with.n_ctes, with.ctes)) {
      const PgQuery__CommonTableExpr& cte = *node->common_table_expr;
      Columns columns = output_of(cte.ctequery);
      if (cte.n_aliascolnames > 0) columns = pg::names(cte.n_aliascolnames, cte.aliascolnames);
      if (cte.search_clause != nullptr || cte.cycle_clause != nullptr) columns.reset();
      if (with.recursive) level.ctes[cte.ctename] = columns;
      if (cte.ctequery->node_case == PG_QUERY__NODE__NODE_SELECT_STMT)
        query(*cte.ctequery->select_stmt, &level);
      level.ctes[cte.ctename] = std::move(columns);
    }
  }

  /// Adds what an item of FROM shows to the level. What stands in it may name more here than
  /// PostgreSQL lets it.
  void from(const Node* node, Level& level) {
    switch (static_cast<int>(node->node_case)) {
      case PG_QUERY__NODE__NODE_RANGE_VAR:
        level.items.push_back(table(*node->range_var, level));
        break;
      case PG_QUERY__NODE__NODE_RANGE_SUBSELECT: {
        const PgQuery__RangeSubselect& sub = *node->range_subselect;
        Item item{.alias = alias_of(sub.alias), .columns = output_of(sub.subquery)};
        if (sub.alias != nullptr && sub.alias->n_colnames > 0) item.columns.reset();
        level.items.push_back(std::move(item));
        if (sub.subquery->node_case == PG_QUERY__NODE__NODE_SELECT_STMT)
          query(*sub.subquery->select_stmt, sub.lateral ? &level : level.outer);
        break;
      }
      case PG_QUERY__NODE__NODE_JOIN_EXPR: {
        const PgQuery__JoinExpr& join = *node->join_expr;
        // Its alias hides what it joins.
        Level inside{.outer = &level};
        Level& sides = join.alias != nullptr ? inside : level;
        from(join.larg, sides);
        from(join.rarg, sides);
        if (join.quals != nullptr) expression(&join.quals->base, sides);
        for (const PgQuery__Alias* alias : {join.alias, join.join_using_alias})
          if (alias != nullptr) level.items.push_back({.alias = alias->aliasname});
        break;
      }
      default: level.items.push_back({.alias = any_alias(node)}); break;
    }
  }

  static std::string alias_of(const PgQuery__Alias* alias) {
    return alias == nullptr ? "" : alias->aliasname;
  }

  static std::string any_alias(const Node* node) {
    switch (static_cast<int>(node->node_case)) {
      case PG_QUERY__NODE__NODE_RANGE_FUNCTION: return alias_of(node->range_function->alias);
      case PG_QUERY__NODE__NODE_RANGE_TABLE_FUNC: return alias_of(node->range_table_func->alias);
      default: return "";
    }
  }

  Item table(const PgQuery__RangeVar& range, const Level& level) const {
    Item item{.alias = range.alias != nullptr ? range.alias->aliasname : range.relname};
    if (range.alias != nullptr && range.alias->n_colnames > 0) return item;
    if (*range.schemaname != '\0')
      item.relation = {range.schemaname, range.relname};
    else if (const Columns* cte = find_cte(&level, range.relname))
      item.columns = *cte;
    return item;
  }

  std::optional<bool> has(const Item& item, const std::string& column) const {
    if (item.columns) return std::ranges::count(*item.columns, column) > 0;
    if (item.relation.name.empty()) return std::nullopt;
    if (is_system_column(column)) return true;
    return has_(item.relation, column);
  }

  void column(const PgQuery__ColumnRef& ref, const Level& level) {
    if (ref.n_fields == 0 || ref.n_fields > 2) return;
    const std::string first(pg::str(ref.fields[0]));
    if (first.empty()) return;  // *
    if (ref.n_fields == 1) return unqualified(first, level);
    const std::string name(pg::str(ref.fields[1]));
    if (name.empty()) return;
    for (const Level* at = &level; at != nullptr; at = at->outer)
      for (const Item& item : at->items) {
        if (item.alias.empty() && !item.columns) return;
        if (item.alias != first) continue;
        if (has(item, name) == false) missing_.insert({name, item.relation});
        return;
      }
  }

  void unqualified(const std::string& name, const Level& level) {
    bool reaches_any = false;
    for (const Level* at = &level; at != nullptr; at = at->outer)
      for (const Item& item : at->items) {
        if (item.alias == name || has(item, name) != false) return;
        reaches_any = true;
      }
    if (reaches_any) missing_.insert({name, {}});
  }

  const HasColumn& has_;
  std::set<MissingColumn> missing_{};
};

}  // namespace

bool is_system_column(const std::string& name) {
  static const std::set<std::string> kSystem = {"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
  return kSystem.contains(name);
}

std::vector<MissingColumn> missing_columns(const std::string& query, const HasColumn& has) {
  pg::ParseError error;
  const auto tree = pg::Tree::parse(query, error);
  Search search(has);
  if (tree)
    for (const PgQuery__RawStmt* statement : tree->statements())
      if (statement->stmt->node_case == PG_QUERY__NODE__NODE_SELECT_STMT)
        search.query(*statement->stmt->select_stmt, nullptr);
  return search.take();
}

std::vector<MissingColumn> missing_columns(const std::string& expression, const Name& relation,
                                           const HasColumn& has) {
  Search search(has);
  const Level level{.items = {{.alias = relation.name, .relation = relation}}};
  if (const auto tree = pg::parse_expression(expression))
    search.expression(&pg::expression(*tree)->base, level);
  return search.take();
}

}  // namespace aloft
