// Canonical forms of what makes up a table: partition keys and bounds, constraints, indexes.

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/canoniser.h"
#include "parser/missing_columns.h"
#include "parser/qualify.h"
#include "parser/table_build.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

/// DEFERRABLE and INITIALLY DEFERRED, where they are said.
std::string deferral(const PgQuery__Constraint& c) {
  return std::string(c.deferrable ? " DEFERRABLE" : "") +
         (c.initdeferred ? " INITIALLY DEFERRED" : "");
}

std::string action(const char* code, const std::vector<std::string>& columns) {
  switch (*code) {
    case 'r': return "RESTRICT";
    case 'c': return "CASCADE";
    case 'n': return "SET NULL" + (columns.empty() ? "" : " " + column_list(columns));
    case 'd': return "SET DEFAULT" + (columns.empty() ? "" : " " + column_list(columns));
    default: return "";  // NO ACTION, the default
  }
}

std::string foreign_key_text(const PgQuery__Constraint& c, const Constraint& constraint) {
  std::string text = "FOREIGN KEY " + column_list(constraint.columns) + " REFERENCES " +
                     quote_qualified(constraint.referenced.schema, constraint.referenced.name);
  if (!constraint.referenced_columns.empty()) text += column_list(constraint.referenced_columns);
  if (*c.fk_matchtype == 'f') text += " MATCH FULL";
  if (const auto on = action(c.fk_upd_action, {}); !on.empty()) text += " ON UPDATE " + on;
  const auto set = pg::names(c.n_fk_del_set_cols, c.fk_del_set_cols);
  if (const auto on = action(c.fk_del_action, set); !on.empty()) text += " ON DELETE " + on;
  return text + deferral(c);
}

std::string key_text(const PgQuery__Constraint& c, const Constraint& constraint) {
  const bool primary = constraint.type == Constraint::Type::PrimaryKey;
  std::string text = primary ? "PRIMARY KEY " : "UNIQUE ";
  if (c.nulls_not_distinct) text += "NULLS NOT DISTINCT ";
  text += column_list(constraint.columns);
  if (!constraint.include.empty()) text += " INCLUDE " + column_list(constraint.include);
  return text + deferral(c);
}

std::string elements_text(std::size_t count, PgQuery__Node* const* items) {
  std::string text;
  for (const auto* element : index_elements(count, items))
    text += (text.empty() ? "" : ", ") + index_element(*element);
  return "(" + text + ")";
}

std::string index_text(const PgQuery__IndexStmt& index) {
  std::string text = "USING " +
                     std::string(*index.access_method == '\0' ? "btree" : index.access_method) +
                     " " + elements_text(index.n_index_params, index.index_params);
  if (index.n_index_including_params > 0)
    text +=
        " INCLUDE " + elements_text(index.n_index_including_params, index.index_including_params);
  if (index.nulls_not_distinct) text += " NULLS NOT DISTINCT";
  if (index.where_clause != nullptr)
    text += " WHERE (" + pg::deparse_expression(index.where_clause) + ")";
  return text;
}

std::string exclusion_text(const PgQuery__Constraint& c) {
  std::string elements;
  for (const pg::Node* pair : pg::list(c.n_exclusions, c.exclusions)) {
    const PgQuery__List& item = *pair->list;
    const PgQuery__List& op = *item.items[1]->list;
    const auto names = pg::names(op.n_items, op.items);
    std::string symbol =
        names.size() > 1 ? "OPERATOR(" + quote_ident(names[0]) + "." + names[1] + ")" : names.at(0);
    elements += (elements.empty() ? "" : ", ") + index_element(*item.items[0]->index_elem) +
                " WITH " + symbol;
  }
  std::string text = "EXCLUDE USING " +
                     std::string(*c.access_method == '\0' ? "btree" : c.access_method) + " (" +
                     elements + ")";
  if (c.n_including > 0) text += " INCLUDE " + column_list(pg::names(c.n_including, c.including));
  if (c.where_clause != nullptr) text += " WHERE (" + pg::deparse_expression(c.where_clause) + ")";
  return text + deferral(c);
}

std::string check_text(const PgQuery__Constraint& c) {
  return "CHECK (" + pg::deparse_expression(c.raw_expr) + ")" +
         (c.is_no_inherit ? " NO INHERIT" : "");
}

/// The columns of a relation's primary key.
std::vector<std::string> primary_key(const Snapshot& snapshot, const ObjectId& table) {
  std::vector<std::string> columns;
  for_each_child<Constraint>(snapshot, table, [&](const ObjectId&, const Constraint& c) {
    if (c.type != Constraint::Type::PrimaryKey) return;
    const auto open = c.definition.sql.find('(');
    if (!c.columns.empty())
      columns = c.columns;
    else if (open != std::string::npos) {
      auto tree = pg::parse_expression(
          "ROW" + c.definition.sql.substr(open, c.definition.sql.find(')') - open + 1));
      if (tree) columns = columns_in(pg::expression(*tree));
    }
  });
  return columns;
}

}  // namespace

void Canoniser::canonicalise_object(const ObjectId& id, Table& table) {
  std::optional<pg::Tree> tree;
  if (!table.partition_key.sql.empty()) {
    table.partition_key.canon = table.partition_key.sql;
    if (auto* s =
            pg::only_statement(tree, "CREATE TABLE x () PARTITION BY " + table.partition_key.sql)) {
      unwrap_keys(s);
      qualify(&s->base, lookup_, id);
      table.partition_key.sql = aloft::partition_key(*s->create_stmt->partspec);
      for (pg::Node* item :
           pg::list(s->create_stmt->partspec->n_part_params, s->create_stmt->partspec->part_params))
        strip_key_defaults(*item->partition_elem,
                           table.partition_key.sql.starts_with("HASH") ? "hash" : "btree", id);
      fold(s, context_of(id));
      table.partition_key.canon = aloft::partition_key(*s->create_stmt->partspec);
    }
  }
  if (!table.partition_bound.sql.empty()) {
    table.partition_bound.canon = table.partition_bound.sql;
    if (auto* s = pg::only_statement(
            tree, "CREATE TABLE x PARTITION OF y " + table.partition_bound.sql)) {
      fold(s, {});
      sort_list(*s->create_stmt->partbound);
      table.partition_bound.canon = aloft::partition_bound(*s->create_stmt->partbound);
    }
  }
}

void Canoniser::check_columns(const ObjectId& relation, const std::vector<std::string>& columns,
                              SourcePos at) {
  if (side_ == Side::Live || !snapshot_.tables.contains(relation)) return;
  for (const std::string& column : columns) {
    if (snapshot_.columns.contains(child_id(Kind::Column, relation, column)) ||
        column == relation.name || is_system_column(column))
      continue;
    diagnostics_.error(
        "unknown-column",
        "column " + quote_ident(column) + " of table " + name_of(relation) + " is defined nowhere",
        "define the column, or mend its name", at);
  }
}

void Canoniser::canonicalise_object(const ObjectId& id, Constraint& constraint) {
  const ObjectId relation = relation_of(id);
  const std::string key = constraint.definition.sql;
  const bool foreign = constraint.type == Constraint::Type::ForeignKey;
  const auto known = foreign ? keys_.end() : keys_.find(key);
  if (known != keys_.end() && known->second.type == constraint.type) {
    const Constraint& same = known->second;
    constraint.definition = same.definition;
    constraint.deferrable = same.deferrable;
    constraint.initially_deferred = same.initially_deferred;
    constraint.no_inherit = same.no_inherit;
    constraint.columns = same.columns;
    constraint.include = same.include;
  } else {
    types_asked_ = false;
    new_constraint(constraint, relation);
    if (!foreign && may_repeat(key) && !types_asked_) keys_.emplace(key, constraint);
  }
  check_columns(relation, constraint.columns, constraint.at);
}

void Canoniser::new_constraint(Constraint& constraint, const ObjectId& relation) {
  constraint.definition.canon = constraint.definition.sql;
  std::optional<pg::Tree> tree;
  auto* s = pg::only_statement(tree, "ALTER TABLE x ADD CONSTRAINT y " + constraint.definition.sql);
  if (s == nullptr) return;
  qualify(&s->base, lookup_, relation);
  PgQuery__Constraint& c = *s->alter_table_stmt->cmds[0]->alter_table_cmd->def->constraint;
  constraint.deferrable = c.deferrable;
  constraint.initially_deferred = c.initdeferred;
  constraint.no_inherit = c.is_no_inherit;
  const auto renamed = [&](std::vector<std::string> columns, const Name& of) {
    for (std::string& column : columns) column = lookup_.renamed_column(of.schema, of.name, column);
    return columns;
  };
  const Name own{relation.schema, relation.name};
  switch (constraint.type) {
    case Constraint::Type::Check:
      constraint.columns = columns_in(c.raw_expr);
      constraint.definition.sql = check_text(c);
      fold(s, context_of(relation));
      constraint.definition.canon = check_text(c);
      break;
    case Constraint::Type::ForeignKey:
      constraint.columns = renamed(pg::names(c.n_fk_attrs, c.fk_attrs), own);
      constraint.referenced = {c.pktable->schemaname, c.pktable->relname};
      constraint.referenced_columns =
          renamed(pg::names(c.n_pk_attrs, c.pk_attrs), constraint.referenced);
      if (const ObjectId to = table_id(constraint.referenced.schema, constraint.referenced.name);
          snapshot_.tables.contains(to)) {
        if (constraint.referenced_columns.empty())
          constraint.referenced_columns = primary_key(snapshot_, to);
        check_columns(to, constraint.referenced_columns, constraint.at);
      } else if (side_ == Side::Desired) {
        diagnostics_.error("unknown-table", "table " + name_of(to) + " is defined nowhere",
                           "define it in the files, or mend the name", constraint.at);
      }
      constraint.definition.sql = constraint.definition.canon = foreign_key_text(c, constraint);
      break;
    case Constraint::Type::PrimaryKey:
    case Constraint::Type::Unique:
      constraint.columns = renamed(pg::names(c.n_keys, c.keys), own);
      constraint.include = renamed(pg::names(c.n_including, c.including), own);
      constraint.definition.sql = constraint.definition.canon = key_text(c, constraint);
      break;
    case Constraint::Type::Exclusion: {
      unwrap_keys(s);
      constraint.columns.clear();
      pg::walk(s, [&](pg::Node* node) {
        if (node->node_case == PG_QUERY__NODE__NODE_INDEX_ELEM && *node->index_elem->name != '\0')
          constraint.columns.push_back(node->index_elem->name);
        return true;
      });
      constraint.definition.sql = exclusion_text(c);
      const std::string method = *c.access_method == '\0' ? "btree" : c.access_method;
      for (pg::Node* pair : pg::list(c.n_exclusions, c.exclusions)) {
        strip_key_defaults(*pair->list->items[0]->index_elem, method, relation);
        PgQuery__List& op = *pair->list->items[1]->list;
        while (op.n_items > 1) pg::drop_first(op.n_items, op.items);
      }
      fold(s, context_of(relation));
      constraint.definition.canon = exclusion_text(c);
      break;
    }
  }
}

void Canoniser::canonicalise_object(const ObjectId& id, Index& index) {
  const ObjectId relation = relation_of(id);
  const std::string key = index.definition.sql;
  if (const auto known = indexes_.find(key); known != indexes_.end()) {
    index.definition = known->second.definition;
    index.method = known->second.method;
    index.columns = known->second.columns;
    index.key_columns = known->second.key_columns;
    index.predicate = known->second.predicate;
  } else {
    types_asked_ = false;
    new_index(index, relation);
    if (may_repeat(key) && !types_asked_) indexes_.emplace(key, index);
  }
  check_columns(relation, index.columns, index.at);
}

void Canoniser::new_index(Index& index, const ObjectId& relation) {
  index.definition.canon = index.definition.sql;
  std::optional<pg::Tree> tree;
  auto* s = pg::only_statement(tree, "CREATE INDEX ON x " + index.definition.sql);
  if (s == nullptr) return;
  unwrap_keys(s);
  qualify(&s->base, lookup_, relation);
  PgQuery__IndexStmt& statement = *s->index_stmt;
  index.method = *statement.access_method == '\0' ? "btree" : statement.access_method;
  index.columns.clear();
  bool plain = index.method == "btree";
  for (auto* node : pg::list(statement.n_index_params, statement.index_params)) {
    PgQuery__IndexElem& element = *node->index_elem;
    if (*element.name != '\0' && lookup_.has_renames())
      pg::set(element.name, lookup_.renamed_column(relation.schema, relation.name, element.name));
    if (*element.name != '\0') index.columns.push_back(element.name);
    const bool ordinary = *element.name != '\0' && element.n_opclass == 0 &&
                          element.n_collation == 0 &&
                          element.ordering != PG_QUERY__SORT_BY_DIR__SORTBY_DESC &&
                          element.nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST;
    plain = plain && ordinary;
  }
  index.key_columns = plain ? index.columns : std::vector<std::string>{};
  index.predicate.clear();
  if (statement.where_clause != nullptr)
    index.predicate = pg::deparse_expression(statement.where_clause);
  for (auto* node : pg::list(statement.n_index_including_params, statement.index_including_params))
    index.columns.push_back(node->index_elem->name);
  for (const std::string& column : columns_in(s))
    if (std::ranges::count(index.columns, column) == 0) index.columns.push_back(column);
  index.definition.sql = index_text(statement);
  fold(s, context_of(relation));
  for (auto* node : pg::list(statement.n_index_params, statement.index_params))
    strip_key_defaults(*node->index_elem, index.method, relation);
  index.definition.canon = index_text(statement);
}

}  // namespace aloft
