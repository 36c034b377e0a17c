// Index elements, partition keys and bounds as the server prints them.

#include <algorithm>
#include <span>

#include "engine/base/sql.h"
#include "parser/table_build.h"

namespace aloft {

std::string dotted(const std::vector<std::string>& name) {
  std::string text;
  for (const std::string& part : name) text += (text.empty() ? "" : ".") + quote_ident(part);
  return text;
}

std::string collation_text(const PgQuery__CollateClause* clause) {
  if (clause == nullptr) return "";
  return dotted(pg::names(clause->n_collname, clause->collname));
}

std::string column_list(const std::vector<std::string>& columns) {
  return "(" + ident_list(columns).text + ")";
}

std::vector<std::string> columns_in(PgQuery__Node* expression) {
  std::vector<std::string> columns;
  pg::walk(expression, [&](const PgQuery__Node* node) {
    if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return true;
    const PgQuery__ColumnRef& ref = *node->column_ref;
    const std::string name(pg::str(ref.fields[ref.n_fields - 1]));
    if (!name.empty() && std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
    return false;
  });
  return columns;
}

namespace {

/// A key that is a column, or an expression: parentheses unless it looks like a function call.
std::string key_text(const char* name, PgQuery__Node* expression) {
  if (*name != '\0') return quote_ident(name);
  std::string text = pg::deparse_expression(expression);
  const bool call =
      expression != nullptr && expression->node_case == PG_QUERY__NODE__NODE_FUNC_CALL &&
      expression->func_call->funcformat == PG_QUERY__COERCION_FORM__COERCE_EXPLICIT_CALL;
  return call ? text : "(" + text + ")";
}

std::string modifiers(std::size_t n_collation, PgQuery__Node* const* collation,
                      std::size_t n_opclass, PgQuery__Node* const* opclass) {
  std::string text;
  if (n_collation > 0) text += " COLLATE " + dotted(pg::names(n_collation, collation));
  if (n_opclass > 0) text += " " + dotted(pg::names(n_opclass, opclass));
  return text;
}

}  // namespace

std::string index_element(const PgQuery__IndexElem& element) {
  std::string text =
      key_text(element.name, element.expr) +
      modifiers(element.n_collation, element.collation, element.n_opclass, element.opclass);
  if (element.n_opclassopts > 0) {
    std::string options;
    for (const Option& option : options_of(element.n_opclassopts, element.opclassopts))
      options += (options.empty() ? "" : ", ") + quote_ident(option.name) + "=" +
                 quote_literal(option.value);
    text += " (" + options + ")";
  }
  if (element.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC) text += " DESC";
  const bool descending = element.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
  if (element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST && !descending)
    text += " NULLS FIRST";
  if (element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST && descending)
    text += " NULLS LAST";
  return text;
}

std::vector<const PgQuery__IndexElem*> index_elements(std::size_t count,
                                                      PgQuery__Node* const* items) {
  std::vector<const PgQuery__IndexElem*> elements;
  for (const PgQuery__Node* item : pg::list(count, items)) elements.push_back(item->index_elem);
  return elements;
}

std::string partition_key(const PgQuery__PartitionSpec& spec) {
  std::string strategy = spec.strategy;
  std::ranges::transform(strategy, strategy.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  // 14 and 15 keep the word of the statement; later ones one letter.
  if (strategy == "R") strategy = "RANGE";
  if (strategy == "L") strategy = "LIST";
  if (strategy == "H") strategy = "HASH";
  std::string keys;
  for (const PgQuery__Node* item : pg::list(spec.n_part_params, spec.part_params)) {
    const PgQuery__PartitionElem& element = *item->partition_elem;
    keys += (keys.empty() ? "" : ", ") + key_text(element.name, element.expr) +
            modifiers(element.n_collation, element.collation, element.n_opclass, element.opclass);
  }
  return strategy + " (" + keys + ")";
}

namespace {

/// One value of a bound: MINVALUE and MAXVALUE are column names to the grammar.
std::string datum(PgQuery__Node* node) {
  if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1) {
    const std::string_view name = pg::str(node->column_ref->fields[0]);
    if (name == "minvalue") return "MINVALUE";
    if (name == "maxvalue") return "MAXVALUE";
  }
  return pg::deparse_expression(node);
}

std::string datums(std::size_t count, PgQuery__Node* const* items) {
  std::string text;
  for (PgQuery__Node* item : pg::list(count, items))
    text += (text.empty() ? "" : ", ") + datum(item);
  return "(" + text + ")";
}

}  // namespace

std::string partition_bound(const PgQuery__PartitionBoundSpec& bound) {
  if (bound.is_default) return "DEFAULT";
  switch (*bound.strategy) {
    case 'h':
      return "FOR VALUES WITH (modulus " + std::to_string(bound.modulus) + ", remainder " +
             std::to_string(bound.remainder) + ")";
    case 'l': return "FOR VALUES IN " + datums(bound.n_listdatums, bound.listdatums);
    default:
      return "FOR VALUES FROM " + datums(bound.n_lowerdatums, bound.lowerdatums) + " TO " +
             datums(bound.n_upperdatums, bound.upperdatums);
  }
}

void sort_list(PgQuery__PartitionBoundSpec& bound) {
  std::ranges::sort(std::span(bound.listdatums, bound.n_listdatums), {}, datum);
}

}  // namespace aloft
