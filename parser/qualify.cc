#include "parser/qualify.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "engine/base/sql.h"
#include "parser/tree_edit.h"

namespace aloft {
using pg::Node;
using What = NameLookup::What;

std::set<std::string> cte_names(ProtobufCMessage* root) {
  std::set<std::string> names;
  pg::walk_message(root, [&](Node* node) {
    if (node->node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR)
      names.insert(node->common_table_expr->ctename);
    return true;
  });
  return names;
}

namespace {

PgQuery__String* string_constant(Node* n) {
  if (n == nullptr || n->node_case != PG_QUERY__NODE__NODE_A_CONST) return nullptr;
  return n->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL ? n->a_const->sval : nullptr;
}

/// A name list {"schema", "name"} or {"name"}: qualified, and renamed.
void qualify_list(std::size_t& count, Node**& list, What what, const NameLookup& lookup) {
  if (count == 0 || count > 2) return;
  const std::string name(pg::str(list[count - 1]));
  if (count == 1) {
    if (const std::string schema = lookup.schema_of(what, name); !schema.empty())
      pg::prepend(count, list, pg::string_node(schema));
    return;
  }
  if (!lookup.has_renames()) return;
  const std::string now = lookup.renamed(what, std::string(pg::str(list[0])), name);
  if (now != name) pg::set(list[1]->string->sval, now);
}

/// pg_catalog's own names of the types that SQL spells with other words.
constexpr auto kSpelled = std::to_array<std::string_view>(
    {"bit", "bool", "bpchar", "float4", "float8", "int2", "int4", "int8", "interval", "numeric",
     "time", "timestamp", "timestamptz", "timetz", "varbit", "varchar"});

void qualify_type(PgQuery__TypeName& type, const NameLookup& lookup) {
  if (type.n_names == 0) return;
  std::string name(pg::str(type.names[type.n_names - 1]));
  const bool catalog = type.n_names == 2 && pg::str(type.names[0]) == "pg_catalog";
  if (type.n_names == 1 || catalog) {
    if (name == "decimal") pg::set(type.names[type.n_names - 1]->string->sval, name = "numeric");
    const bool spelled = std::ranges::binary_search(kSpelled, name);
    if (catalog && !spelled && name != "char") {
      pg::drop_first(type.n_names, type.names);
    } else if (!catalog && spelled) {
      pg::prepend(type.n_names, type.names, pg::string_node("pg_catalog"));
    }
    if (catalog || spelled) return;
  }
  qualify_list(type.n_names, type.names, What::Type, lookup);
}

void qualify_function(PgQuery__FuncCall& call, const NameLookup& lookup) {
  if (call.funcformat == PG_QUERY__COERCION_FORM__COERCE_SQL_SYNTAX) return;
  const bool catalog = call.n_funcname == 2 && pg::str(call.funcname[0]) == "pg_catalog";
  // Which one it means its arguments say, and the search path finds.
  if ((catalog || call.n_funcname == 1) &&
      lookup.is_builtin(What::Function, std::string(pg::str(call.funcname[call.n_funcname - 1])))) {
    if (catalog) pg::drop_first(call.n_funcname, call.funcname);
    return;
  }
  if (catalog) {
    if (lookup.schema_of(What::Function, pg::str(call.funcname[1])).empty())
      pg::drop_first(call.n_funcname, call.funcname);
    return;
  }
  qualify_list(call.n_funcname, call.funcname, What::Function, lookup);
}

void qualify_relation(PgQuery__RangeVar& relation, const NameLookup& lookup,
                      const std::set<std::string>& ctes) {
  if (relation.relname == nullptr || *relation.relname == '\0') return;
  if (*relation.schemaname == '\0') {
    if (ctes.contains(relation.relname)) return;
    if (const auto schema = lookup.schema_of(What::Relation, relation.relname); !schema.empty())
      pg::set(relation.schemaname, schema);
    return;
  }
  if (!lookup.has_renames()) return;
  const auto now = lookup.renamed(What::Relation, relation.schemaname, relation.relname);
  if (now != relation.relname) pg::set(relation.relname, now);
}

void qualify_regclass(Node* node, const NameLookup& lookup) {
  PgQuery__String* constant = regclass_constant(node);
  if (constant == nullptr) return;
  Name name = regclass_name(constant->sval);
  if (name.empty()) return;
  if (name.schema.empty())
    name.schema = lookup.schema_of(What::Relation, name.name);
  else
    name.name = lookup.renamed(What::Relation, name.schema, name.name);
  pg::set(constant->sval, quote_qualified(name.schema, name.name));
}

/// The name of a configuration or dictionary of text search inside a constant.
void qualify_search_constant(Node* node, const NameLookup& lookup) {
  const auto [constant, what] = search_constant(node);
  if (constant == nullptr) return;
  const Name name = regclass_name(constant->sval);
  if (name.empty() || !name.schema.empty()) return;
  if (const std::string schema = lookup.schema_of(what, name.name); !schema.empty())
    pg::set(constant->sval, quote_qualified(schema, name.name));
}

/// Relations that get another name and have no alias, by the name that columns are told by.
using NewQualifiers = std::map<std::string, std::string>;

NewQualifiers new_qualifiers(ProtobufCMessage* root, const NameLookup& lookup) {
  NewQualifiers found;
  if (!lookup.has_renames()) return found;
  std::set<std::string> aliases;
  const auto visit = [&](auto&& self, ProtobufCMessage* message) -> void {
    if (message->descriptor == &pg_query__alias__descriptor)
      aliases.insert(reinterpret_cast<PgQuery__Alias*>(message)->aliasname);
    if (message->descriptor == &pg_query__range_var__descriptor) {
      const auto& relation = *reinterpret_cast<PgQuery__RangeVar*>(message);
      const std::string now = lookup.renamed(What::Relation, relation.schemaname, relation.relname);
      if (relation.alias == nullptr && now != relation.relname) found[relation.relname] = now;
    }
    pg::for_each_message(message, [&](ProtobufCMessage* child) { self(self, child); });
  };
  visit(visit, root);
  std::erase_if(found, [&](const auto& entry) { return aliases.contains(entry.first); });
  return found;
}

/// "lines.id" as "order_lines.id".
void requalify(PgQuery__ColumnRef& ref, const NewQualifiers& qualifiers) {
  if (ref.n_fields < 2 || qualifiers.empty()) return;
  Node* qualifier = ref.fields[ref.n_fields - 2];
  if (qualifier->node_case != PG_QUERY__NODE__NODE_STRING) return;
  if (const auto it = qualifiers.find(qualifier->string->sval); it != qualifiers.end())
    pg::set(qualifier->string->sval, it->second);
}

void requalify(PgQuery__LockingClause& clause, const NewQualifiers& qualifiers) {
  for (Node* node : pg::list(clause.n_locked_rels, clause.locked_rels))
    if (const auto it = qualifiers.find(node->range_var->relname); it != qualifiers.end())
      pg::set(node->range_var->relname, it->second);
}

/// A column of the one relation of an expression, under its new name.
void rename_column(PgQuery__ColumnRef& ref, const NameLookup& lookup, const ObjectId& relation) {
  Node* last = ref.n_fields == 0 ? nullptr : ref.fields[ref.n_fields - 1];
  if (last == nullptr || last->node_case != PG_QUERY__NODE__NODE_STRING) return;
  const std::string now = lookup.renamed_column(relation.schema, relation.name, last->string->sval);
  if (now != last->string->sval) pg::set(last->string->sval, now);
}

}  // namespace

Name regclass_name(const std::string& text) {
  pg::ParseError error;
  const auto tree = pg::Tree::parse("TABLE " + text, error);
  if (!tree || tree->statements().size() != 1) return {};
  const Node* statement = tree->statements()[0]->stmt;
  if (statement->node_case != PG_QUERY__NODE__NODE_SELECT_STMT ||
      statement->select_stmt->n_from_clause != 1)
    return {};
  const PgQuery__RangeVar& relation = *statement->select_stmt->from_clause[0]->range_var;
  return {relation.schemaname, relation.relname};
}

PgQuery__String* regclass_constant(Node* node) {
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
    const PgQuery__TypeName* type = node->type_cast->type_name;
    if (type == nullptr || type->n_names == 0) return nullptr;
    return pg::str(type->names[type->n_names - 1]) == "regclass"
               ? string_constant(node->type_cast->arg)
               : nullptr;
  }
  if (node->node_case != PG_QUERY__NODE__NODE_FUNC_CALL) return nullptr;
  const PgQuery__FuncCall& call = *node->func_call;
  if (call.n_funcname == 0 || call.n_args == 0) return nullptr;
  const std::string_view name = pg::str(call.funcname[call.n_funcname - 1]);
  const bool takes_sequence = name == "nextval" || name == "currval" || name == "setval";
  return takes_sequence ? string_constant(call.args[0]) : nullptr;
}

bool takes_configuration(std::string_view function) {
  static constexpr auto kFunctions = std::to_array<std::string_view>(
      {"json_to_tsvector", "jsonb_to_tsvector", "phraseto_tsquery", "plainto_tsquery", "to_tsquery",
       "to_tsvector", "ts_headline", "websearch_to_tsquery"});
  return std::ranges::find(kFunctions, function) != kFunctions.end();
}

SearchConstant search_constant(Node* node) {
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
    const PgQuery__TypeName* type = node->type_cast->type_name;
    if (type == nullptr || type->n_names == 0) return {};
    const std::string_view name = pg::str(type->names[type->n_names - 1]);
    if (name != "regconfig" && name != "regdictionary") return {};
    return {string_constant(node->type_cast->arg),
            name == "regconfig" ? What::SearchConfiguration : What::SearchDictionary};
  }
  if (node->node_case != PG_QUERY__NODE__NODE_FUNC_CALL) return {};
  const PgQuery__FuncCall& call = *node->func_call;
  if (call.n_funcname == 0 || call.n_args < 2) return {};
  const std::string_view name = pg::str(call.funcname[call.n_funcname - 1]);
  if (name == "ts_lexize") return {string_constant(call.args[0]), What::SearchDictionary};
  return takes_configuration(name)
             ? SearchConstant{string_constant(call.args[0]), What::SearchConfiguration}
             : SearchConstant{};
}

void qualify(ProtobufCMessage* root, const NameLookup& lookup, const ObjectId& relation) {
  const auto ctes = cte_names(root);
  const NewQualifiers qualifiers = new_qualifiers(root, lookup);
  const auto visit_message = [&](auto&& self, ProtobufCMessage* message) -> void {
    if (message->descriptor == &pg_query__type_name__descriptor)
      qualify_type(*reinterpret_cast<PgQuery__TypeName*>(message), lookup);
    else if (message->descriptor == &pg_query__range_var__descriptor)
      qualify_relation(*reinterpret_cast<PgQuery__RangeVar*>(message), lookup, ctes);
    else if (message->descriptor == &pg_query__func_call__descriptor)
      qualify_function(*reinterpret_cast<PgQuery__FuncCall*>(message), lookup);
    else if (message->descriptor == &pg_query__column_ref__descriptor && lookup.has_renames()) {
      auto& ref = *reinterpret_cast<PgQuery__ColumnRef*>(message);
      requalify(ref, qualifiers);
      if (!relation.name.empty()) rename_column(ref, lookup, relation);
    } else if (message->descriptor == &pg_query__collate_clause__descriptor) {
      auto& clause = *reinterpret_cast<PgQuery__CollateClause*>(message);
      qualify_list(clause.n_collname, clause.collname, What::Collation, lookup);
    } else if (message->descriptor == &pg_query__locking_clause__descriptor) {
      return requalify(*reinterpret_cast<PgQuery__LockingClause*>(message), qualifiers);
    } else if (message->descriptor == &pg_query__partition_elem__descriptor) {
      auto& element = *reinterpret_cast<PgQuery__PartitionElem*>(message);
      qualify_list(element.n_collation, element.collation, What::Collation, lookup);
      qualify_list(element.n_opclass, element.opclass, What::Opclass, lookup);
    } else if (message->descriptor == &pg_query__index_elem__descriptor) {
      auto& element = *reinterpret_cast<PgQuery__IndexElem*>(message);
      qualify_list(element.n_collation, element.collation, What::Collation, lookup);
      qualify_list(element.n_opclass, element.opclass, What::Opclass, lookup);
    } else if (message->descriptor == &pg_query__node__descriptor) {
      qualify_regclass(reinterpret_cast<Node*>(message), lookup);
      qualify_search_constant(reinterpret_cast<Node*>(message), lookup);
    }
    pg::for_each_message(message, [&](ProtobufCMessage* child) { self(self, child); });
  };
  visit_message(visit_message, root);
}

}  // namespace aloft
