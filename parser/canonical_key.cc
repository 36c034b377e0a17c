// What of a key's operator class and collation says nothing: PostgreSQL does not print it
// (pg_get_indexdef, pg_get_partkeydef).

#include <set>
#include <utility>

#include "engine/base/sql.h"
#include "parser/canoniser.h"
#include "parser/default_opclass.h"
#include "parser/table_build.h"
#include "parser/tree_edit.h"

namespace aloft {

const Domain* Canoniser::domain_named(const std::string& type) const {
  if (domains_.empty())
    for (const auto& [id, domain] : snapshot_.domains)
      domains_.emplace(quote_qualified(id.schema, id.name), &domain);
  const auto found = domains_.find(type);
  return found == domains_.end() ? nullptr : found->second;
}

Canoniser::KeyType Canoniser::key_type(const ObjectId& relation, const std::string& column) const {
  types_asked_ = true;
  const Column* found = snapshot_.find<Column>(child_id(Kind::Column, relation, column));
  if (found == nullptr) return {};
  KeyType key{.type = found->type, .collation = found->collation};
  // A domain may stand on another; in files that are wrong, on itself in the end.
  for (std::size_t steps = 0; steps <= snapshot_.domains.size(); ++steps) {
    const Domain* domain = domain_named(key.type);
    if (domain == nullptr) break;
    key.type = domain->type;
    if (key.collation.empty()) key.collation = domain->collation;
  }
  return key;
}

Canoniser::KeyType Canoniser::key_type(const ObjectId& relation, pg::Node* expression) const {
  KeyType key;
  if (expression->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
    key.type = spell(*expression->type_cast->type_name);
  std::set<std::string> collations;
  for (const std::string& column : columns_in(expression))
    collations.insert(key_type(relation, column).collation);
  collations.erase("");
  if (collations.size() == 1) key.collation = *collations.begin();
  return key;
}

/// A column in parentheses is the column, whatever collation it is given there (ComputeIndexAttrs,
/// ComputePartitionAttrs).
template <class Element>
void unwrap_column(Element& element) {
  if (element.expr == nullptr) return;
  pg::Node* column = element.expr;
  PgQuery__CollateClause* collated =
      column->node_case == PG_QUERY__NODE__NODE_COLLATE_CLAUSE ? column->collate_clause : nullptr;
  if (collated != nullptr) column = collated->arg;
  if (column == nullptr || column->node_case != PG_QUERY__NODE__NODE_COLUMN_REF ||
      column->column_ref->n_fields != 1)
    return;
  const std::string name(pg::str(column->column_ref->fields[0]));
  if (name.empty()) return;
  if (collated != nullptr && element.n_collation == 0) {
    std::swap(element.n_collation, collated->n_collname);
    std::swap(element.collation, collated->collname);
  }
  pg::set(element.name, name);
  pg_query__node__free_unpacked(std::exchange(element.expr, nullptr), nullptr);
}

template <class Element>
void Canoniser::strip_defaults(Element& element, const std::string& method,
                               const ObjectId& relation) {
  if (element.n_opclass == 0 && element.n_collation == 0) return;
  const KeyType key = *element.name != '\0' ? key_type(relation, std::string(element.name))
                                            : key_type(relation, element.expr);
  if (element.n_opclass > 1 && pg::str(element.opclass[0]) == "pg_catalog")
    pg::drop_first(element.n_opclass, element.opclass);
  if (element.n_opclass > 0 &&
      is_default_opclass(method, pg::names(element.n_opclass, element.opclass).back(), key.type))
    while (element.n_opclass > 0) pg::drop_first(element.n_opclass, element.opclass);
  if (element.n_collation > 1 && pg::str(element.collation[0]) == "pg_catalog")
    pg::drop_first(element.n_collation, element.collation);
  const std::string said = dotted(pg::names(element.n_collation, element.collation));
  if (said == (key.collation.empty() ? quote_ident("default") : key.collation))
    while (element.n_collation > 0) pg::drop_first(element.n_collation, element.collation);
}

void Canoniser::unwrap_keys(pg::Node* statement) {
  pg::walk(statement, [](pg::Node* node) {
    if (node->node_case == PG_QUERY__NODE__NODE_INDEX_ELEM) unwrap_column(*node->index_elem);
    if (node->node_case == PG_QUERY__NODE__NODE_PARTITION_ELEM)
      unwrap_column(*node->partition_elem);
    return true;
  });
}

void Canoniser::strip_key_defaults(PgQuery__IndexElem& element, const std::string& method,
                                   const ObjectId& relation) {
  // A class that has options is printed with them.
  if (element.n_opclassopts == 0) return strip_defaults(element, method, relation);
  PgQuery__IndexElem collated = element;
  collated.n_opclass = 0;
  strip_defaults(collated, method, relation);
  element.n_collation = collated.n_collation;
}

void Canoniser::strip_key_defaults(PgQuery__PartitionElem& element, const std::string& method,
                                   const ObjectId& relation) {
  strip_defaults(element, method, relation);
}

}  // namespace aloft
