#include "parser/probe_texts.h"

#include "parser/table_build.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

using pg::Node;

void take(Node*& slot, Taken& taken) {
  if (slot == nullptr) return;
  taken.expressions.push_back(pg::deparse_expression(slot));
  pg::become(slot, pg::integer_node(0));
}

/// What makes a bound's value one of the type of its key: `before` value `after`.
struct Coercion {
  std::string before{}, after{};
};

/// A bound is coerced to the type of its key by assignment. A column's type is known; that of an
/// expression is left to the server, which gives a CASE the type of its branches.
std::vector<Coercion> coercions_of(const ObjectId& parent, const Snapshot& snapshot) {
  std::vector<Coercion> coercions;
  const Table* table = snapshot.find<Table>(parent);
  if (table == nullptr) return coercions;
  std::optional<pg::Tree> tree;
  Node* s = pg::only_statement(tree, "CREATE TABLE x () PARTITION BY " + table->partition_key.sql);
  if (s == nullptr || s->create_stmt->partspec == nullptr) return coercions;
  const PgQuery__PartitionSpec& spec = *s->create_stmt->partspec;
  for (Node* item : pg::list(spec.n_part_params, spec.part_params)) {
    const PgQuery__PartitionElem& element = *item->partition_elem;
    if (element.expr != nullptr) {
      coercions.push_back(
          {"CASE WHEN false THEN (" + pg::deparse_expression(element.expr) + ") ELSE (", ") END"});
      continue;
    }
    const Column* column = snapshot.find<Column>(child_id(Kind::Column, parent, element.name));
    if (column == nullptr) return {};
    coercions.push_back({"(", ")::" + column->type});
  }
  return coercions;
}

/// MINVALUE and MAXVALUE are column names to the grammar, and stay in the skeleton.
void take_values(std::size_t count, Node** values, const std::vector<Coercion>& coercions,
                 bool list, Taken& taken) {
  for (std::size_t i = 0; i < count; ++i) {
    const Coercion& coercion = coercions.at(list ? 0 : i);
    if (values[i]->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) continue;
    take(values[i], taken);
    taken.expressions.back() = coercion.before + taken.expressions.back() + coercion.after;
  }
}

/// The expressions as they are run: the canonical form of IN over an enum, = ANY (ARRAY['a']), is
/// none that PostgreSQL takes. Of the rest, defaults that are said make no difference.
template <class TakeFrom>
Taken taken_from(const SqlText& definition, TakeFrom&& take_from) {
  Taken taken = take_from(definition.sql);
  taken.skeleton = take_from(definition.canon).skeleton;
  return taken;
}

}  // namespace

Taken taken_from_constraint(const Constraint& constraint) {
  return taken_from(constraint.definition, [](const std::string& definition) {
    Taken taken;
    std::optional<pg::Tree> tree;
    Node* s = pg::only_statement(tree, "ALTER TABLE x ADD CONSTRAINT y " + definition);
    if (s == nullptr) return taken;
    PgQuery__Constraint& c = *s->alter_table_stmt->cmds[0]->alter_table_cmd->def->constraint;
    take(c.raw_expr, taken);
    take(c.where_clause, taken);
    for (Node* pair : pg::list(c.n_exclusions, c.exclusions))
      if (pair->list->items[0]->index_elem->expr != nullptr)
        take(pair->list->items[0]->index_elem->expr, taken);
    taken.skeleton = pg::deparse(s);
    return taken;
  });
}

Taken taken_from_index(const Index& index) {
  return taken_from(index.definition, [](const std::string& definition) {
    Taken taken;
    std::optional<pg::Tree> tree;
    Node* s = pg::only_statement(tree, "CREATE INDEX ON x " + definition);
    if (s == nullptr) return taken;
    for (Node* node : pg::list(s->index_stmt->n_index_params, s->index_stmt->index_params))
      take(node->index_elem->expr, taken);
    take(s->index_stmt->where_clause, taken);
    taken.skeleton = pg::deparse(s);
    return taken;
  });
}

Taken taken_from_partition_key(const Table& table) {
  return taken_from(table.partition_key, [](const std::string& key) {
    Taken taken;
    std::optional<pg::Tree> tree;
    Node* s = pg::only_statement(tree, "CREATE TABLE x () PARTITION BY " + key);
    if (s == nullptr || s->create_stmt->partspec == nullptr) return taken;
    PgQuery__PartitionSpec& spec = *s->create_stmt->partspec;
    for (Node* node : pg::list(spec.n_part_params, spec.part_params))
      take(node->partition_elem->expr, taken);
    taken.skeleton = partition_key(spec);
    return taken;
  });
}

Taken taken_from_trigger(const Trigger& trigger) {
  Taken taken;
  std::optional<pg::Tree> tree;
  Node* s =
      pg::only_statement(tree, std::string("CREATE ") + (trigger.constraint ? "CONSTRAINT " : "") +
                                   "TRIGGER x " + trigger.definition.sql);
  if (s == nullptr) return taken;
  take(s->create_trig_stmt->when_clause, taken);
  taken.skeleton = pg::deparse(s);
  return taken;
}

Taken taken_from_bound(const Table& partition, const ObjectId& parent, const Snapshot& snapshot) {
  Taken taken;
  std::optional<pg::Tree> tree;
  const std::vector<Coercion> coercions = coercions_of(parent, snapshot);
  Node* s =
      pg::only_statement(tree, "CREATE TABLE x PARTITION OF y " + partition.partition_bound.sql);
  if (s == nullptr || coercions.empty()) return taken;
  PgQuery__PartitionBoundSpec& bound = *s->create_stmt->partbound;
  if (bound.n_lowerdatums > coercions.size() || bound.n_upperdatums > coercions.size())
    return taken;
  sort_list(bound);
  take_values(bound.n_listdatums, bound.listdatums, coercions, true, taken);
  take_values(bound.n_lowerdatums, bound.lowerdatums, coercions, false, taken);
  take_values(bound.n_upperdatums, bound.upperdatums, coercions, false, taken);
  taken.skeleton = partition_bound(bound);
  return taken;
}

}  // namespace aloft
