// references(): what the texts and the structure of a canonical snapshot mention.

#include <algorithm>
#include <map>
#include <set>

#include "parser/canonical.h"
#include "parser/define.h"
#include "parser/pg_tree.h"
#include "parser/qualify.h"
#include "parser/query_text.h"
#include "parser/reference_collector.h"

namespace aloft {

using pg::Node;

void Collector::add(const ObjectId& id, const Extension& extension) {
  owner_ = id;
  const ObjectId schema{.kind = Kind::Schema, .name = extension.schema};
  if (snapshot_.schemas.contains(schema)) on(schema);
}

void Collector::add(const ObjectId& id, const Domain& domain) {
  on_schema(id);
  on_type(domain.type);
  on_expression(domain.default_value.sql, {});
  for (const auto& constraint : domain.constraints) on_expression(constraint.check.sql, {});
}

void Collector::add(const ObjectId& id, const Composite& composite) {
  on_schema(id);
  for (const Attribute& attribute : composite.attributes) on_type(attribute.type);
}

void Collector::add(const ObjectId& id, const Function& function) {
  on_schema(id);
  // Argument and result types, defaults, and what an SQL-standard body names.
  on_statement(function.create, {});
  if (function.body.canon.starts_with("SQL ")) {
    on_statement(function.body.sql, {});
    if (function.body.sql.starts_with("RETURN ")) on_expression(function.body.sql.substr(7), {});
  }
}

void Collector::add(const ObjectId& id, const Aggregate& aggregate) {
  on_definition(id, aggregate.options);
  on_statement("DROP FUNCTION x(" + id.args + ")", {});
}

void Collector::add(const ObjectId& id, const SearchDictionary& dictionary) {
  on_schema(id);
  on_search_object(Kind::SearchTemplate, dictionary.search_template);
}

void Collector::add(const ObjectId& id, const SearchConfiguration& configuration) {
  on_schema(id);
  on_search_object(Kind::SearchParser, configuration.parser);
  for (const Option& mapping : configuration.mappings)
    for (const std::string& name : dictionaries_in(mapping.value))
      on_search_object(Kind::SearchDictionary, name);
}

void Collector::add(const ObjectId& id, const Table& table) {
  on_schema(id);
  if (!table.partition_of.empty()) on(table_id(table.partition_of.schema, table.partition_of.name));
  for (const Name& parent : table.inherits) on(table_id(parent.schema, parent.name));
  if (!table.of_type.empty()) on_named(table.of_type.schema, table.of_type.name);
  if (!table.partition_key.empty())
    on_statement("CREATE TABLE x () PARTITION BY " + table.partition_key.sql, {});
}

void Collector::add(const ObjectId& id, const Column& column) {
  owner_ = id;
  const ObjectId table = relation_of(id);
  on(table);
  on_type(column.type);
  on_expression(column.default_value.sql, column.generated == ' ' ? ObjectId{} : table);
  if (const auto dot = column.collation.find('.'); dot != std::string::npos)
    on_extension(column.collation.substr(0, dot));
}

/// A foreign key needs the key, or the unique index, of the columns that it references.
void Collector::on_key(const Constraint& foreign_key) {
  const ObjectId to = table_id(foreign_key.referenced.schema, foreign_key.referenced.name);
  on(to);
  for (const std::string& column : foreign_key.referenced_columns) on_column(to, column);
  const auto sorted = [](std::vector<std::string> v) {
    std::ranges::sort(v);
    return v;
  };
  const auto wanted = sorted(foreign_key.referenced_columns);
  for_each_child<Constraint>(snapshot_, to, [&](const ObjectId& id, const Constraint& key) {
    const bool unique =
        key.type == Constraint::Type::PrimaryKey || key.type == Constraint::Type::Unique;
    if (unique && sorted(key.columns) == wanted) on(id);
  });
  for_each_child<Index>(snapshot_, to, [&](const ObjectId& id, const Index& index) {
    if (index.unique && sorted(index.plain_keys()) == wanted) on(id);
  });
}

void Collector::add(const ObjectId& id, const Constraint& constraint) {
  owner_ = id;
  const ObjectId table = relation_of(id);
  on(table);
  for (const std::string& column : constraint.columns) on_column(table, column);
  for (const std::string& column : constraint.include) on_column(table, column);
  if (constraint.type == Constraint::Type::ForeignKey) on_key(constraint);
  if (constraint.type == Constraint::Type::Check || constraint.type == Constraint::Type::Exclusion)
    on_statement("ALTER TABLE x ADD CONSTRAINT y " + constraint.definition.sql, table);
}

void Collector::add(const ObjectId& id, const Index& index) {
  owner_ = id;
  const ObjectId relation = relation_of(id);
  on_relation({relation.schema, relation.name});
  on_statement("CREATE INDEX ON x " + index.definition.sql, relation);
  if (index.parent.empty()) return;
  if (const auto it = indexes_.find(index.parent); it != indexes_.end()) on(it->second);
}

void Collector::add(const ObjectId& id, const View& view) {
  on_schema(id);
  on_statement(view.query.sql, {});
}

void Collector::add(const ObjectId& id, const Trigger& trigger) {
  owner_ = id;
  const ObjectId relation = relation_of(id);
  on_relation({relation.schema, relation.name});
  for (const std::string& column : trigger.columns) on_column(relation, column);
  on_function(trigger.function.schema, trigger.function.name);
  on_statement(std::string("CREATE ") + (trigger.constraint ? "CONSTRAINT " : "") + "TRIGGER x " +
                   trigger.definition.sql,
               {});
}

void Collector::add(const ObjectId& id, const Policy& policy) {
  owner_ = id;
  const ObjectId relation = relation_of(id);
  on(relation);
  on_expression(policy.using_expr.sql, relation);
  on_expression(policy.check_expr.sql, relation);
  for (const std::string& role : policy.roles) {
    const ObjectId grantee{.kind = Kind::Role, .name = role};
    if (snapshot_.roles.contains(grantee)) on(grantee);
  }
}

Edges Collector::take() {
  std::ranges::sort(edges_);
  edges_.erase(std::ranges::unique(edges_).begin(), edges_.end());
  return std::move(edges_);
}

Edges references(const Snapshot& snapshot) {
  Collector collector(snapshot);
  for_each_kind(snapshot, [&](const auto& objects) {
    for (const auto& [id, object] : objects) collector.add(id, object);
  });
  return collector.take();
}

}  // namespace aloft
