// references(): what the texts and the structure of a canonical snapshot mention.

#include <algorithm>
#include <map>
#include <set>

#include "parser/canonical.h"
#include "parser/define.h"
#include "parser/pg_tree.h"
#include "parser/qualify.h"
#include "parser/query_text.h"

namespace aloft {
namespace {

using pg::Node;

/// Collects the edges; one overload of add() per kind, so none can be forgotten.
class Collector {
 public:
  explicit Collector(const Snapshot& snapshot);

  void add(const ObjectId&, const Role&) {}
  void add(const ObjectId& id, const Schema&) { owner_ = id; }
  void add(const ObjectId& id, const Extension&);
  void add(const ObjectId& id, const Enum&) { on_schema(id); }
  void add(const ObjectId& id, const Domain&);
  void add(const ObjectId& id, const Composite&);
  void add(const ObjectId& id, const Sequence&) { on_schema(id); }
  void add(const ObjectId& id, const Function&);
  void add(const ObjectId& id, const Aggregate&);
  void add(const ObjectId& id, const Operator& o) { on_definition(id, o.options); }
  void add(const ObjectId& id, const SearchParser& p) { on_definition(id, p.options); }
  void add(const ObjectId& id, const SearchTemplate& t) { on_definition(id, t.options); }
  void add(const ObjectId& id, const SearchDictionary&);
  void add(const ObjectId& id, const SearchConfiguration&);
  void add(const ObjectId& id, const Table&);
  void add(const ObjectId& id, const Column&);
  void add(const ObjectId& id, const Constraint&);
  void add(const ObjectId& id, const Index&);
  void add(const ObjectId& id, const View&);
  void add(const ObjectId& id, const Trigger&);
  void add(const ObjectId& id, const Policy&);

  Edges take();

 private:
  void on(const ObjectId& id) {
    if (id != owner_) edges_.push_back({owner_, id});
  }
  void on_schema(const ObjectId& id);
  void on_relation(const Name& name);
  void on_type(const std::string& spelling);
  void on_type_name(const PgQuery__TypeName& type);
  void on_named(const std::string& schema, const std::string& name);
  void on_function(const std::string& schema, const std::string& name);
  /// `schema` "": an operator of any.
  void on_operator(const std::string& schema, const std::string& symbol);
  void on_definition(const ObjectId& id, const Options& options);
  void on_search_object(Kind kind, const std::string& name);
  /// A constant may be the name of a configuration of text search, with or without its schema.
  void on_constant(const std::string& text);
  void on_column(const ObjectId& relation, const std::string& column);
  void on_extension(const std::string& schema);
  /// An expression over the columns of `relation`.
  void on_expression(const std::string& text, const ObjectId& relation);
  /// A whole statement: relations, and of each the columns that its texts name.
  void on_statement(const std::string& text, const ObjectId& relation);
  void on_tree(ProtobufCMessage* root, const ObjectId& relation);
  void on_key(const Constraint& foreign_key);

  const Snapshot& snapshot_;
  ObjectId owner_{};
  Edges edges_{};
  std::map<Name, std::vector<ObjectId>> functions_{};  ///< and aggregates
  std::map<std::string, std::vector<ObjectId>> operators_{};
  std::map<std::string, std::vector<ObjectId>> extensions_{};  ///< by schema
  std::map<Name, ObjectId> indexes_{};  ///< of partitioned tables
};

Collector::Collector(const Snapshot& snapshot) : snapshot_(snapshot) {
  for (const auto& [id, function] : snapshot.functions)
    functions_[{id.schema, id.name}].push_back(id);
  for (const auto& [id, aggregate] : snapshot.aggregates)
    functions_[{id.schema, id.name}].push_back(id);
  for (const auto& [id, op] : snapshot.operators) operators_[id.name].push_back(id);
  for (const auto& [id, index] : snapshot.indexes)
    if (const Table* table = snapshot.find<Table>(relation_of(id));
        table != nullptr && !table->partition_key.empty())
      indexes_[{id.schema, id.name}] = id;
  for (const auto& [id, extension] : snapshot.extensions)
    extensions_[extension.schema.empty() ? "public" : extension.schema].push_back(id);
}

void Collector::on_schema(const ObjectId& id) {
  owner_ = id;
  const ObjectId schema{.kind = Kind::Schema, .name = id.schema};
  if (snapshot_.schemas.contains(schema)) on(schema);
}

void Collector::on_extension(const std::string& schema) {
  if (const auto it = extensions_.find(schema); it != extensions_.end())
    for (const ObjectId& extension : it->second) on(extension);
}

void Collector::on_relation(const Name& name) {
  ObjectId id = table_id(name.schema, name.name);
  if (snapshot_.tables.contains(id)) return on(id);
  id.kind = Kind::View;
  if (snapshot_.views.contains(id)) return on(id);
  id.kind = Kind::Sequence;
  if (snapshot_.sequences.contains(id)) return on(id);
  if (!name.schema.empty()) on_extension(name.schema);
}

void Collector::on_named(const std::string& schema, const std::string& name) {
  bool found = false;
  for (const Kind kind : {Kind::Enum, Kind::Domain, Kind::Composite, Kind::Table, Kind::View}) {
    const ObjectId id{.kind = kind, .schema = schema, .name = name};
    if (snapshot_.contains(id)) on(id), found = true;
  }
  if (!found) on_extension(schema);
}

void Collector::on_type_name(const PgQuery__TypeName& type) {
  const auto parts = pg::names(type.n_names, type.names);
  if (parts.size() == 2 && parts[0] != "pg_catalog") on_named(parts[0], parts[1]);
}

void Collector::on_type(const std::string& spelling) {
  if (spelling.find('.') == std::string::npos) return;
  auto tree = pg::parse_expression("NULL::" + spelling);
  if (tree) on_tree(&pg::expression(*tree)->base, {});
}

void Collector::on_function(const std::string& schema, const std::string& name) {
  const auto it = functions_.find({schema, name});
  if (it == functions_.end()) return on_extension(schema);
  for (const ObjectId& id : it->second) on(id);
}

void Collector::on_operator(const std::string& schema, const std::string& symbol) {
  bool found = false;
  if (const auto it = operators_.find(symbol); it != operators_.end())
    for (const ObjectId& id : it->second)
      if (schema.empty() || id.schema == schema) on(id), found = true;
  if (!found && !schema.empty()) on_extension(schema);
}

void Collector::on_definition(const ObjectId& id, const Options& options) {
  on_schema(id);
  for (const Option& o : options) {
    if (o.name == "commutator" || o.name == "negator") continue;  // may stand on each other
    if (o.value.starts_with("OPERATOR(")) {
      const Name name = operator_in(o.value);
      on_operator(name.schema, name.name);
    } else if (o.name.ends_with("type") || o.name.ends_with("arg")) {
      on_type(o.value);
    } else if (!o.value.starts_with("'") && !o.value.starts_with("E'")) {
      const Name name = regclass_name(o.value);
      if (!name.schema.empty()) on_function(name.schema, name.name);
    }
  }
}

void Collector::on_search_object(Kind kind, const std::string& name) {
  const Name named = regclass_name(name);
  const ObjectId id{.kind = kind, .schema = named.schema, .name = named.name};
  if (snapshot_.contains(id)) on(id);
  else if (!named.schema.empty()) on_extension(named.schema);
}

void Collector::on_constant(const std::string& text) {
  if (snapshot_.search_configurations.empty()) return;
  const Name name = regclass_name(text);
  for (const auto& [id, configuration] : snapshot_.search_configurations)
    if (id.name == name.name && (name.schema.empty() || id.schema == name.schema)) on(id);
}

void Collector::on_column(const ObjectId& relation, const std::string& column) {
  const ObjectId id = child_id(Kind::Column, relation, column);
  if (snapshot_.columns.contains(id)) on(id);
}

void Collector::on_tree(ProtobufCMessage* root, const ObjectId& relation) {
  std::vector<Name> relations;
  std::set<std::string> columns;
  bool all_columns = false;
  const auto visit = [&](auto&& self, ProtobufCMessage* message) -> void {
    if (message->descriptor == &pg_query__range_var__descriptor) {
      const auto& range = *reinterpret_cast<PgQuery__RangeVar*>(message);
      if (*range.schemaname != '\0') relations.push_back({range.schemaname, range.relname});
    } else if (message->descriptor == &pg_query__type_name__descriptor) {
      on_type_name(*reinterpret_cast<PgQuery__TypeName*>(message));
    } else if (message->descriptor == &pg_query__func_call__descriptor) {
      const auto& call = *reinterpret_cast<PgQuery__FuncCall*>(message);
      if (call.n_funcname == 2)
        on_function(std::string(pg::str(call.funcname[0])), std::string(pg::str(call.funcname[1])));
    } else if (message->descriptor == &pg_query__a__expr__descriptor) {
      const auto& e = *reinterpret_cast<PgQuery__AExpr*>(message);
      if (e.n_name > 0)
        on_operator(e.n_name == 2 ? std::string(pg::str(e.name[0])) : "",
                    std::string(pg::str(e.name[e.n_name - 1])));
    } else if (message->descriptor == &pg_query__a__const__descriptor) {
      const auto& constant = *reinterpret_cast<PgQuery__AConst*>(message);
      if (constant.val_case == PG_QUERY__A__CONST__VAL_SVAL) on_constant(constant.sval->sval);
    } else if (message->descriptor == &pg_query__create_trig_stmt__descriptor) {
      const auto& trigger = *reinterpret_cast<PgQuery__CreateTrigStmt*>(message);
      for (const std::string& argument : pg::names(trigger.n_args, trigger.args))
        on_constant(argument);
    } else if (message->descriptor == &pg_query__column_ref__descriptor) {
      const auto& ref = *reinterpret_cast<PgQuery__ColumnRef*>(message);
      for (const Node* field : pg::list(ref.n_fields, ref.fields)) {
        if (field->node_case == PG_QUERY__NODE__NODE_A_STAR) all_columns = true;
        else columns.insert(std::string(pg::str(field)));
      }
    } else if (message->descriptor == &pg_query__join_expr__descriptor) {
      const auto& join = *reinterpret_cast<PgQuery__JoinExpr*>(message);
      for (auto& name : pg::names(join.n_using_clause, join.using_clause)) columns.insert(name);
    } else if (message->descriptor == &pg_query__collate_clause__descriptor) {
      const auto& clause = *reinterpret_cast<PgQuery__CollateClause*>(message);
      if (clause.n_collname == 2) on_extension(std::string(pg::str(clause.collname[0])));
    } else if (message->descriptor == &pg_query__index_elem__descriptor) {
      const auto& element = *reinterpret_cast<PgQuery__IndexElem*>(message);
      if (*element.name != '\0') columns.insert(element.name);
      if (element.n_opclass == 2) on_extension(std::string(pg::str(element.opclass[0])));
    } else if (message->descriptor == &pg_query__node__descriptor) {
      if (PgQuery__String* constant = regclass_constant(reinterpret_cast<Node*>(message)))
        on_relation(regclass_name(constant->sval));
    }
    pg::for_each_message(message, [&](ProtobufCMessage* child) { self(self, child); });
  };
  visit(visit, root);
  if (!relation.name.empty()) relations.push_back({relation.schema, relation.name});
  for (const Name& name : relations) {
    on_relation(name);
    const ObjectId table = table_id(name.schema, name.name);
    if (const Table* known = snapshot_.find<Table>(table))
      for (const std::string& column : known->column_order)
        if (all_columns || columns.contains(column)) on_column(table, column);
  }
}

void Collector::on_expression(const std::string& text, const ObjectId& relation) {
  if (text.empty()) return;
  if (auto tree = pg::parse_expression(text)) on_tree(&pg::expression(*tree)->base, relation);
}

void Collector::on_statement(const std::string& text, const ObjectId& relation) {
  pg::ParseError error;
  const auto tree = pg::Tree::parse(text, error);
  if (!tree) return;
  for (const PgQuery__RawStmt* statement : tree->statements())
    on_tree(&statement->stmt->base, relation);
}

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
    if (index.unique && index.plain && sorted(index.columns) == wanted) on(id);
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
                   trigger.definition.sql, {});
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

}  // namespace

Edges references(const Snapshot& snapshot) {
  Collector collector(snapshot);
  for_each_kind(snapshot, [&](const auto& objects) {
    for (const auto& [id, object] : objects) collector.add(id, object);
  });
  return collector.take();
}

}  // namespace aloft
