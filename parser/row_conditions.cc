#include "parser/row_conditions.h"

#include "parser/pg_tree.h"
#include "parser/tree_edit.h"

namespace aloft {
namespace {

using pg::Node;
using Conditions = std::vector<RowCondition>;

void forget(Conditions& conditions, const ObjectId& table, const std::string& name) {
  std::erase_if(conditions, [&](const RowCondition& condition) {
    return condition.table == table && condition.name == name;
  });
}

void alter(const PgQuery__AlterTableStmt& s, Conditions& checks) {
  const ObjectId table = table_id(s.relation->schemaname, s.relation->relname);
  for (const Node* node : pg::list(s.n_cmds, s.cmds)) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint) {
      forget(checks, table, command.name);
    } else if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint) {
      const PgQuery__Constraint& added = *command.def->constraint;
      if (added.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        checks.push_back({table, added.conname, pg::deparse_expression(added.raw_expr)});
    }
  }
}

void create_trigger(const PgQuery__CreateTrigStmt& s, Conditions& triggers) {
  if (s.when_clause == nullptr) return;
  pg::walk(s.when_clause, [](Node* node) {
    if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return true;
    PgQuery__ColumnRef& ref = *node->column_ref;
    if (ref.n_fields == 2 && pg::str(ref.fields[0]) == "new")
      pg::drop_first(ref.n_fields, ref.fields);
    return false;
  });
  triggers.push_back({table_id(s.relation->schemaname, s.relation->relname), s.trigname,
                      pg::deparse_expression(s.when_clause)});
}

void drop_trigger(const PgQuery__DropStmt& s, Conditions& triggers) {
  if (s.remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER) return;
  for (const Node* object : pg::list(s.n_objects, s.objects)) {
    const auto names =
        pg::names(object->list->n_items, object->list->items);  // [schema,] table, name
    const std::size_t n = names.size();
    if (n >= 2) forget(triggers, table_id(n > 2 ? names[n - 3] : "", names[n - 2]), names[n - 1]);
  }
}

}  // namespace

std::vector<RowCondition> added_checks(const std::vector<std::string>& statements) {
  Conditions checks;
  pg::for_each_statement(statements, [&checks](const Node& statement) {
    if (statement.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT)
      alter(*statement.alter_table_stmt, checks);
  });
  return checks;
}

std::vector<RowCondition> trigger_conditions(const std::vector<std::string>& statements) {
  Conditions triggers;
  pg::for_each_statement(statements, [&triggers](const Node& statement) {
    if (statement.node_case == PG_QUERY__NODE__NODE_CREATE_TRIG_STMT)
      create_trigger(*statement.create_trig_stmt, triggers);
    else if (statement.node_case == PG_QUERY__NODE__NODE_DROP_STMT)
      drop_trigger(*statement.drop_stmt, triggers);
  });
  return triggers;
}

}  // namespace aloft
