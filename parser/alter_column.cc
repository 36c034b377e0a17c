// ALTER TABLE: subcommands about columns.

#include <algorithm>
#include <array>

#include "engine/base/sql.h"
#include "parser/alter_table.h"
#include "parser/choose_name.h"
#include "parser/inherit.h"
#include "parser/targets.h"

namespace aloft {
namespace {

/// Calls f(column) for the column of the table and, where the statement recurses, of its children.
template <class F>
void for_column(ParseContext& context, const ObjectId& table, const std::string& name, bool recurse,
                F&& f) {
  if (Column* column = find_column(context, table, name)) f(*column);
  if (!recurse) return;
  for (const ObjectId& child : children_of(context, table))
    for_column(context, child, name, recurse, f);
}

void add_column(const PgQuery__AlterTableCmd& cmd, const Altering& on, const Statement& st,
                ParseContext& context) {
  const PgQuery__ColumnDef& def = *cmd.def->column_def;
  Column* const there = find_column(context, on.table, def.colname);
  if (there != nullptr && cmd.missing_ok) return;
  if (there != nullptr && !there->local) {
    there->local = true;
    return;
  }
  Clauses clauses;
  Column column = read_column(def, on.table, clauses, st, context);
  if (!insert_column(context, on.table, def.colname, std::move(column))) return;
  if (on.recurse) spread_column(context, on.table, def.colname);
  // All that hangs on the column is local to this ALTER: keys and checks go on as in CREATE TABLE.
  add_checks(clauses.checks, on.table, on.recurse, st, context);
  add_keys(clauses.keys, on.table, on.recurse, st, context);
  add_foreign_keys(clauses.foreign_keys, on.table, on.recurse, st, context);
}

bool uses(const std::vector<std::string>& columns, const std::string& name) {
  return std::ranges::find(columns, name) != columns.end();
}

/// Drops what a column takes along: constraints, indexes, the sequence it owns.
void drop_column(const ObjectId& table, const std::string& name, bool recurse,
                 ParseContext& context) {
  Snapshot& s = context.snapshot;
  const ObjectId id = child_id(Kind::Column, table, name);
  s.columns.erase(id);
  std::erase(s.tables[table].column_order, name);
  std::vector<ObjectId> constraints, indexes;
  for_each_child<Constraint>(s, table, [&](const ObjectId& c, const Constraint& constraint) {
    if (uses(constraint.columns, name) || uses(constraint.include, name)) constraints.push_back(c);
  });
  for_each_child<Index>(s, table, [&](const ObjectId& i, const Index& index) {
    if (uses(index.columns, name)) indexes.push_back(i);
  });
  for (const ObjectId& constraint : constraints) erase_constraint(context, constraint);
  for (const ObjectId& index : indexes) erase_index(context, index);
  std::erase_if(s.sequences, [&](const auto& entry) {
    if (entry.second.owned_by != id) return false;
    context.said.erase(entry.first);
    return true;
  });
  if (!recurse) return;
  for (const ObjectId& child : children_of(context, table)) {
    const Column* column = find_column(context, child, name);
    if (column != nullptr && !column->local) drop_column(child, name, recurse, context);
  }
}

/// pg_type.typstorage of the types of pg_catalog; ' ' where it is not known here.
char default_storage(const std::string& type) {
  constexpr auto kPlain = std::to_array<std::string_view>(
      {"bigint", "boolean", "box", "circle", "date", "double precision", "integer", "interval",
       "line", "lseg", "macaddr", "macaddr8", "money", "name", "oid", "point", "real", "smallint",
       "uuid"});
  if (type.ends_with("[]")) return 'x';
  const std::string base = type.substr(0, type.find('('));
  if (base == "numeric" || base == "inet" || base == "cidr") return 'm';
  if (std::ranges::find(kPlain, std::string_view(base)) != kPlain.end() || base.starts_with("time"))
    return 'p';
  for (const char* known : {"text", "character varying", "character", "bpchar", "bytea", "json",
                            "jsonb", "xml", "tsvector", "path", "polygon", "bit", "bit varying"})
    if (base == known) return 'x';
  return ' ';
}

void set_storage(const PgQuery__AlterTableCmd& cmd, Column& column, const Statement& st,
                 ParseContext& context) {
  std::string word(pg::str(cmd.def));
  std::ranges::transform(word, word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  char storage = '?';
  if (word == "plain") storage = 'p';
  if (word == "external") storage = 'e';
  if (word == "main") storage = 'm';
  if (word == "extended") storage = 'x';
  if (word == "default") storage = ' ';
  if (storage == '?') return refuse(context, st.at(), "the storage \"" + word + "\"");
  column.storage = storage == default_storage(column.type) ? ' ' : storage;
}

void set_type(const PgQuery__AlterTableCmd& cmd, const Altering& on, const Statement& st,
              ParseContext& context) {
  const PgQuery__ColumnDef& def = *cmd.def->column_def;
  const std::string type = type_spelling(*def.type_name, st, context);
  for_column(context, on.table, cmd.name, true, [&](Column& column) {
    column.type = type;
    column.collation = collation_text(def.coll_clause);
    column.storage = ' ';
    if (column.identity != ' ') {
      const auto was = column.identity_sequence;
      column.identity_sequence = default_sequence(type, was.increment > 0);
      column.identity_sequence.start = was.start;
      column.identity_sequence.increment = was.increment;
      column.identity_sequence.cache = was.cache;
      column.identity_sequence.cycle = was.cycle;
    }
  });
}

void add_identity(const PgQuery__AlterTableCmd& cmd, const Altering& on, Column& column,
                  const Statement& st, ParseContext& context) {
  make_identity(*cmd.def->constraint, on.table, cmd.name, column, st, context);
}

/// SET GENERATED ..., SET INCREMENT ...: a list of DefElems.
void set_identity(const PgQuery__AlterTableCmd& cmd, Column& column, const Statement& st,
                  ParseContext& context) {
  const PgQuery__List& list = *cmd.def->list;
  std::vector<PgQuery__Node*> rest;
  for (PgQuery__Node* node : pg::list(list.n_items, list.items)) {
    if (std::string_view(node->def_elem->defname) == "generated") {
      const PgQuery__Node* value = node->def_elem->arg;
      const int code = value != nullptr && value->node_case == PG_QUERY__NODE__NODE_INTEGER
                           ? value->integer->ival
                           : 'd';
      column.identity = code == 'a' ? 'a' : 'd';
    } else {
      rest.push_back(node);
    }
  }
  std::optional<std::vector<std::string>> ignored;
  read_sequence_options(rest.size(), rest.data(), true, column.identity_sequence, ignored, st,
                        context);
}

/// The one column property that CREATE TABLE ... INHERITS and PARTITION OF do not copy from a
/// parent: a child that is made after the statement does without.
void set_statistics(const PgQuery__AlterTableCmd& cmd, const ObjectId& table, bool recurse,
                    const Statement& st, ParseContext& context) {
  if (Column* column = find_column(context, table, cmd.name))
    column->statistics = static_cast<std::int32_t>(std::atol(option_value(cmd.def).c_str()));
  if (!recurse) return;
  for (const ObjectId& child : children_of(context, table))
    if (said_before(child, st, context)) set_statistics(cmd, child, recurse, st, context);
}

}  // namespace

bool alter_column(const PgQuery__AlterTableCmd& cmd, const Altering& on, const Statement& st,
                  ParseContext& context) {
  if (cmd.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn) {
    add_column(cmd, on, st, context);
    return true;
  }
  const auto with_column = [&](auto&& f) {
    if (Column* column = find_column(context, on.table, cmd.name))
      f(*column);
    else if (!cmd.missing_ok)
      report_unknown(context, st.at(), to_string(child_id(Kind::Column, on.table, cmd.name)));
    return true;
  };
  const auto for_all = [&](auto&& f) {
    return with_column([&](Column&) { for_column(context, on.table, cmd.name, on.recurse, f); });
  };
  switch (static_cast<int>(cmd.subtype)) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault: {
      const std::string text = pg::deparse_expression(cmd.def);
      return for_all([&](Column& c) { c.default_value.sql = text; });
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      return for_all([](Column& c) { c.not_null = true; });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      return for_all([](Column& c) { c.not_null = false; });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      return for_all([](Column& c) {
        c.generated = ' ';
        c.default_value = {};
      });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
      return with_column([&](Column&) { set_statistics(cmd, on.table, on.recurse, st, context); });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
      return with_column([&](Column& c) {
        set_options(c.options, options_of(cmd.def->list->n_items, cmd.def->list->items));
      });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
      return with_column([&](Column& c) {
        reset_options(c.options, cmd.def->list->n_items, cmd.def->list->items);
      });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
      return for_all([&](Column& c) { set_storage(cmd, c, st, context); });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression:
      return with_column([&](Column& c) {
        c.compression = std::string(pg::str(cmd.def));
        if (c.compression == "default") c.compression.clear();
      });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      return with_column([&](Column&) { drop_column(on.table, cmd.name, on.recurse, context); });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      return with_column([&](Column&) { set_type(cmd, on, st, context); });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
      return with_column([&](Column& c) { add_identity(cmd, on, c, st, context); });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
      return with_column([&](Column& c) { set_identity(cmd, c, st, context); });
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      return with_column([](Column& c) {
        c.identity = ' ';
        c.identity_sequence = {};
      });
    default: return false;
  }
}

}  // namespace aloft
