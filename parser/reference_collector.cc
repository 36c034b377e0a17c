#include "parser/reference_collector.h"

#include <algorithm>
#include <set>

#include "engine/base/sql.h"
#include "parser/canonical.h"
#include "parser/define.h"
#include "parser/qualify.h"
#include "parser/query_text.h"

namespace aloft {

using pg::Node;

namespace {

/// What synthetic statements are about.
constexpr std::string_view kStandIn = "x";

}  // namespace

Collector::Collector(const Snapshot& snapshot) : snapshot_(snapshot) {
  for (const auto& [id, function] : snapshot.functions)
    functions_[{id.schema, id.name}].push_back(id);
  for (const auto& [id, aggregate] : snapshot.aggregates)
    functions_[{id.schema, id.name}].push_back(id);
  for (const auto& [name, ids] : functions_)
    by_name_[name.name].insert(by_name_[name.name].end(), ids.begin(), ids.end());
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
  note(NameMention::What::Schema, "", id.schema);
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
  if (!parts.empty() && parts.size() <= 2 && !type.pct_type)
    note(NameMention::What::Type, parts.size() == 2 ? parts[0] : "", parts.back());
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

void Collector::on_any_function(const std::string& name) {
  if (const auto it = by_name_.find(name); it != by_name_.end())
    for (const ObjectId& id : it->second) on(id);
}

void Collector::on_operator(const std::string& schema, const std::string& symbol) {
  bool found = false;
  if (const auto it = operators_.find(symbol); it != operators_.end())
    for (const ObjectId& id : it->second)
      if (schema.empty() ? !made_of_owner(id) : id.schema == schema) on(id), found = true;
  if (!found && !schema.empty()) on_extension(schema);
}

bool Collector::made_of_owner(const ObjectId& op) const {
  // A type is there before any operator over it.
  if (owner_.kind == Kind::Enum || owner_.kind == Kind::Domain || owner_.kind == Kind::Composite)
    return true;
  if (owner_.kind != Kind::Function) return false;
  const Options& options = snapshot_.operators.at(op).options;
  const auto function = std::ranges::find(options, "function", &Option::name);
  return function != options.end() &&
         function->value == quote_qualified(owner_.schema, owner_.name);
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
  if (snapshot_.contains(id))
    on(id);
  else if (!named.schema.empty())
    on_extension(named.schema);
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
  using enum NameMention::What;
  std::vector<Name> relations;
  std::set<std::string> columns;
  bool all_columns = false;
  const std::set<std::string> ctes = cte_names(root);
  const auto visit = [&](auto&& self, ProtobufCMessage* message) -> void {
    if (message->descriptor == &pg_query__locking_clause__descriptor) return;  // names aliases
    if (message->descriptor == &pg_query__range_var__descriptor) {
      const auto& range = *reinterpret_cast<PgQuery__RangeVar*>(message);
      if (*range.schemaname != '\0') relations.push_back({range.schemaname, range.relname});
      if (*range.schemaname != '\0' || (range.relname != kStandIn && !ctes.contains(range.relname)))
        note(Relation, range.schemaname, range.relname);
    } else if (message->descriptor == &pg_query__type_name__descriptor) {
      on_type_name(*reinterpret_cast<PgQuery__TypeName*>(message));
    } else if (message->descriptor == &pg_query__func_call__descriptor) {
      const auto& call = *reinterpret_cast<PgQuery__FuncCall*>(message);
      if (call.n_funcname == 1) on_any_function(std::string(pg::str(call.funcname[0])));
      if (call.n_funcname == 2) {
        const std::string schema(pg::str(call.funcname[0])), name(pg::str(call.funcname[1]));
        on_function(schema, name);
        note(Function, schema, name);
      }
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
        if (field->node_case == PG_QUERY__NODE__NODE_A_STAR)
          all_columns = true;
        else
          columns.insert(std::string(pg::str(field)));
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
      const auto opclass = pg::names(element.n_opclass, element.opclass);
      if (opclass.size() == 2) on_extension(opclass[0]);
      if (!opclass.empty()) note(Opclass, opclass.size() == 2 ? opclass[0] : "", opclass.back());
    } else if (message->descriptor == &pg_query__index_stmt__descriptor) {
      note(AccessMethod, "", reinterpret_cast<PgQuery__IndexStmt*>(message)->access_method);
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

}  // namespace aloft
