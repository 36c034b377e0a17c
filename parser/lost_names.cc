#include "parser/lost_names.h"

#include "parser/pg_tree.h"

namespace aloft {
namespace {

using pg::Node;

/// A relation by the one or two names of it.
ObjectId relation_named(const std::vector<std::string>& names) {
  return names.size() < 2 ? table_id("", names.empty() ? "" : names[0])
                          : table_id(names[names.size() - 2], names.back());
}
ObjectId relation_of(const PgQuery__RangeVar& relation) {
  return table_id(relation.schemaname, relation.relname);
}

bool is_relation(PgQuery__ObjectType type) {
  return type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_VIEW ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE;
}

class Losses {
 public:
  void add(const Node& statement) {
    switch (statement.node_case) {
      case PG_QUERY__NODE__NODE_DROP_STMT: return drop(*statement.drop_stmt);
      case PG_QUERY__NODE__NODE_RENAME_STMT: return rename(*statement.rename_stmt);
      case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: return alter(*statement.alter_table_stmt);
      case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
        return move(*statement.alter_object_schema_stmt);
      case PG_QUERY__NODE__NODE_CREATE_STMT:
        return give(relation_of(*statement.create_stmt->relation));
      case PG_QUERY__NODE__NODE_VIEW_STMT: return give(relation_of(*statement.view_stmt->view));
      case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
        return give(relation_of(*statement.create_table_as_stmt->into->rel));
      default: return;
    }
  }

  std::set<ObjectId> take() {
    std::erase_if(lost_, [this](const ObjectId& id) {
      return id.kind == Kind::Column && lost_.contains(aloft::relation_of(id));
    });
    return std::move(lost_);
  }

 private:
  /// What was made on the way and goes again was not there before.
  void lose(const ObjectId& id) {
    if (given_.erase(id) == 0) lost_.insert(id);
  }
  void give(const ObjectId& id) {
    if (lost_.erase(id) == 0) given_.insert(id);
  }

  void drop(const PgQuery__DropStmt& s) {
    if (!is_relation(s.remove_type)) return;
    for (const Node* object : pg::list(s.n_objects, s.objects))
      lose(relation_named(pg::names(object->list->n_items, object->list->items)));
  }

  void rename(const PgQuery__RenameStmt& s) {
    if (s.relation == nullptr) return;
    const ObjectId relation = relation_of(*s.relation);
    if (s.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN) {
      lose(child_id(Kind::Column, relation, s.subname));
      give(child_id(Kind::Column, relation, s.newname));
    } else if (is_relation(s.rename_type)) {
      lose(relation);
      give(table_id(relation.schema, s.newname));
    }
  }

  void alter(const PgQuery__AlterTableStmt& s) {
    for (const Node* node : pg::list(s.n_cmds, s.cmds)) {
      const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
      const ObjectId table = relation_of(*s.relation);
      if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn)
        lose(child_id(Kind::Column, table, command.name));
      else if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn)
        give(child_id(Kind::Column, table, command.def->column_def->colname));
    }
  }

  void move(const PgQuery__AlterObjectSchemaStmt& s) {
    if (!is_relation(s.object_type) || s.relation == nullptr) return;
    lose(relation_of(*s.relation));
    give(table_id(s.newschema, s.relation->relname));
  }

  std::set<ObjectId> lost_{}, given_{};
};

}  // namespace

std::set<ObjectId> lost_names(const std::vector<std::string>& statements) {
  Losses losses;
  pg::for_each_statement(statements, [&losses](const Node& one) { losses.add(one); });
  return losses.take();
}

}  // namespace aloft
