// Constraints of tables: definitions, names, and what they bring with them.

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/inherit.h"
#include "parser/table_build.h"

namespace aloft {
namespace {

std::string deferral(const Clause& clause) {
  if (!clause.deferrable) return "";
  return clause.initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

/// What every kind of constraint has.
Constraint begin(Constraint::Type type, const Clause& clause, const Statement& st) {
  Constraint constraint{.type = type,
                        .deferrable = clause.deferrable,
                        .initially_deferred = clause.initially_deferred,
                        .named = *clause.node->conname != '\0',
                        .at = st.at(clause.node->location)};
  if (clause.column.empty()) constraint.renamed_from = renamed_from(st, clause.node->location);
  return constraint;
}

std::vector<std::string> key_columns(const Clause& clause) {
  if (!clause.column.empty()) return {clause.column};
  return pg::names(clause.node->n_keys, clause.node->keys);
}

/// The operator of an exclusion element.
std::string exclusion_operator(const PgQuery__Node* names) {
  auto name = pg::names(names->list->n_items, names->list->items);
  if (name.size() == 1) return name.front();
  const std::string symbol = name.back();
  name.pop_back();
  return "OPERATOR(" + dotted(name) + "." + symbol + ")";
}

struct Exclusion {
  std::string text{};
  std::vector<const PgQuery__IndexElem*> elements{};
};

Exclusion exclusion(const PgQuery__Constraint& node) {
  Exclusion result;
  std::string list;
  for (const PgQuery__Node* pair : pg::list(node.n_exclusions, node.exclusions)) {
    const PgQuery__IndexElem& element = *pair->list->items[0]->index_elem;
    result.elements.push_back(&element);
    list += (list.empty() ? "" : ", ") + index_element(element) + " WITH " +
            exclusion_operator(pair->list->items[1]);
  }
  result.text = "EXCLUDE USING " + quote_ident(*node.access_method ? node.access_method : "btree") +
                " (" + list + ")";
  return result;
}

Constraint make_key(const Clause& clause, const Statement& st) {
  using enum Constraint::Type;
  const PgQuery__Constraint& node = *clause.node;
  const bool primary = node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  const bool excludes = node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION;
  Constraint key = begin(primary ? PrimaryKey : excludes ? Exclusion : Unique, clause, st);
  std::string& text = key.definition.sql;
  if (excludes) {
    const auto parts = exclusion(node);
    text = parts.text;
    for (const PgQuery__IndexElem* element : parts.elements) {
      if (*element->name != '\0')
        key.columns.push_back(element->name);
      else
        std::ranges::copy(columns_in(element->expr), std::back_inserter(key.columns));
    }
  } else {
    key.columns = key_columns(clause);
    text = primary                   ? "PRIMARY KEY "
           : node.nulls_not_distinct ? "UNIQUE NULLS NOT DISTINCT "
                                     : "UNIQUE ";
    text += column_list(key.columns);
  }
  key.include = pg::names(node.n_including, node.including);
  if (excludes && node.n_including > 0) key.include.clear();
  if (!key.include.empty()) text += " INCLUDE " + column_list(key.include);
  if (node.where_clause != nullptr)
    text += " WHERE (" + pg::deparse_expression(node.where_clause) + ")";
  text += deferral(clause);
  key.options = options_of(node.n_options, node.options);
  key.tablespace = node.indexspace;
  return key;
}

std::string key_name(const Clause& clause, const Constraint& key, const ObjectId& table,
                     const ParseContext& context) {
  if (*clause.node->conname != '\0') return clause.node->conname;
  if (key.type == Constraint::Type::PrimaryKey)
    return choose_relation_name(table, "", "pkey", true, context);
  const bool excludes = key.type == Constraint::Type::Exclusion;
  std::vector<std::string> names = key.columns;
  if (excludes) names = index_column_names(exclusion(*clause.node).elements);
  std::ranges::copy(key.include, std::back_inserter(names));
  return choose_relation_name(table, joined_columns(names), excludes ? "excl" : "key", true,
                              context);
}

/// transformIndexConstraints(): the primary key first, and of keys that are equal only one, which
/// takes the name of the first that has one.
std::vector<Clause> ordered(const std::vector<Clause>& clauses, const Statement& st) {
  std::vector<Clause> result = clauses;
  std::ranges::stable_partition(result, [](const Clause& c) {
    return c.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  });
  std::vector<std::string> seen;
  std::erase_if(result, [&](const Clause& c) {
    const bool primary = c.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
    if (c.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION || *c.node->conname != '\0')
      return false;
    std::string text = make_key(c, st).definition.sql;
    if (primary) text.replace(0, std::string_view("PRIMARY KEY").size(), "UNIQUE");
    if (std::ranges::find(seen, text) != seen.end()) return true;
    seen.push_back(text);
    return false;
  });
  return result;
}

std::string action(char code, const std::string& when, const std::vector<std::string>& columns) {
  std::string text;
  switch (code) {
    case 'r': text = "RESTRICT"; break;
    case 'c': text = "CASCADE"; break;
    case 'n': text = "SET NULL"; break;
    case 'd': text = "SET DEFAULT"; break;
    default: return "";
  }
  return " ON " + when + " " + text + (columns.empty() ? "" : " " + column_list(columns));
}

/// The definition up to where the referenced columns stand, and what follows them.
std::pair<std::string, std::string> foreign_key_text(const Clause& clause, const Constraint& key) {
  const PgQuery__Constraint& node = *clause.node;
  std::string head = "FOREIGN KEY " + column_list(key.columns) + " REFERENCES " +
                     quote_qualified(key.referenced.schema, key.referenced.name);
  std::string tail;
  if (*node.fk_matchtype == 'f') tail += " MATCH FULL";
  if (*node.fk_matchtype == 'p') tail += " MATCH PARTIAL";
  tail += action(*node.fk_upd_action, "UPDATE", {});
  tail += action(*node.fk_del_action, "DELETE",
                 pg::names(node.n_fk_del_set_cols, node.fk_del_set_cols));
  return {head, tail + deferral(clause)};
}

void check_columns(const Constraint& constraint, const ObjectId& id, ParseContext& context) {
  const ObjectId table = relation_of(id);
  for (const auto* list : {&constraint.columns, &constraint.include})
    for (const std::string& column : *list)
      if (find_column(context, table, column) == nullptr)
        report_unknown(context, constraint.at,
                       to_string(child_id(Kind::Column, table, column)) + " of " + to_string(id));
}

}  // namespace

bool is_key(const Constraint& constraint) {
  using enum Constraint::Type;
  return constraint.type == PrimaryKey || constraint.type == Unique || constraint.type == Exclusion;
}

bool insert_constraint(ParseContext& context, const ObjectId& id, Constraint constraint) {
  const SourcePos at = constraint.at;
  const bool key = is_key(constraint);
  if (const Constraint* there = context.snapshot.find<Constraint>(id)) {
    const std::string message = to_string(id) + " is defined twice";
    context.diagnostics.error("duplicate-object", message, "Keep one of the two definitions.", at);
    context.diagnostics.error("duplicate-object", message + ": the other definition is here",
                              "Keep one of the two definitions.", there->at);
    return false;
  }
  const Name name{id.schema, id.name};
  if (key) {
    if (context.index_names.contains(name)) {
      context.diagnostics.error("duplicate-object",
                                "another index is named " + quote_qualified(id.schema, id.name),
                                "Give one of them another name.", at);
      return false;
    }
    context.index_names[name] = id;
  }
  context.constraint_names.insert(name);
  context.snapshot.constraints[id] = std::move(constraint);
  return true;
}

void erase_constraint(ParseContext& context, const ObjectId& id) {
  context.snapshot.constraints.erase(id);
  const Name name{id.schema, id.name};
  context.constraint_names.erase(name);
  if (const auto it = context.index_names.find(name);
      it != context.index_names.end() && it->second == id)
    context.index_names.erase(it);
}

void add_checks(const std::vector<Clause>& clauses, const ObjectId& table, bool spread,
                const Statement& st, ParseContext& context) {
  for (const Clause& clause : clauses) {
    const PgQuery__Constraint& node = *clause.node;
    Constraint check = begin(Constraint::Type::Check, clause, st);
    check.columns = columns_in(node.raw_expr);
    check.no_inherit = node.is_no_inherit;
    check.definition.sql = "CHECK (" + pg::deparse_expression(node.raw_expr) + ")" +
                           (node.is_no_inherit ? " NO INHERIT" : "");
    // In CREATE TABLE there are no rows that NOT VALID could spare (transformCheckConstraints).
    check.validated = !clause.altering || !node.skip_validation;
    ObjectId id = child_id(Kind::Constraint, table, node.conname);
    if (!check.named)
      id.name = choose_constraint_name(table, check.columns.size() == 1 ? check.columns[0] : "",
                                       "check", context);
    Constraint* const there =
        context.snapshot.constraints.contains(id) ? &context.snapshot.constraints[id] : nullptr;
    if (there != nullptr && there->inherited && !there->local &&
        there->type == Constraint::Type::Check) {
      // Said again by the child: merged with the one it has from its parent.
      const auto parent = context.snapshot.tables.find(table);
      there->local = parent == context.snapshot.tables.end() || parent->second.partition_of.empty();
      there->at = check.at;
      continue;
    }
    if (insert_constraint(context, id, std::move(check)) && spread)
      spread_check(context, table, id);
  }
}

void add_keys(const std::vector<Clause>& clauses, const ObjectId& table, bool spread,
              const Statement& st, ParseContext& context) {
  for (const Clause& clause : ordered(clauses, st)) {
    Constraint key = make_key(clause, st);
    const ObjectId id = child_id(Kind::Constraint, table, key_name(clause, key, table, context));
    check_columns(key, id, context);
    if (key.type == Constraint::Type::PrimaryKey) {
      for (const std::string& name : key.columns) {
        if (Column* column = find_column(context, table, name)) column->not_null = true;
        spread_not_null(context, table, name);
      }
    }
    if (insert_constraint(context, id, std::move(key)) && spread) spread_key(context, table, id);
  }
}

void add_foreign_keys(const std::vector<Clause>& clauses, const ObjectId& table, bool spread,
                      const Statement& st, ParseContext& context) {
  for (const Clause& clause : clauses) {
    const PgQuery__Constraint& node = *clause.node;
    Constraint key = begin(Constraint::Type::ForeignKey, clause, st);
    key.columns = clause.column.empty() ? pg::names(node.n_fk_attrs, node.fk_attrs)
                                        : std::vector<std::string>{clause.column};
    key.referenced = {relation_schema(*node.pktable, st, context), node.pktable->relname};
    key.referenced_columns = pg::names(node.n_pk_attrs, node.pk_attrs);
    key.validated = !clause.altering || !node.skip_validation;
    const auto [head, tail] = foreign_key_text(clause, key);
    const bool open = key.referenced_columns.empty();
    key.definition.sql = head + (open ? "" : column_list(key.referenced_columns)) + tail;
    ObjectId id = child_id(Kind::Constraint, table, node.conname);
    if (!key.named)
      id.name = choose_constraint_name(table, joined_columns(key.columns), "fkey", context);
    check_columns(key, id, context);
    if (!insert_constraint(context, id, std::move(key))) continue;
    if (open) context.open_references[id] = head.size();
    if (spread) spread_foreign_key(context, table, id);
  }
}

}  // namespace aloft
