// Columns: what CREATE TABLE and ADD COLUMN say of one.

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/table_build.h"

namespace aloft {
namespace {

/// "bigint" for bigserial and so on; "" for other types.
std::string serial_type(const PgQuery__TypeName& type) {
  if (type.n_names != 1 || type.n_array_bounds > 0 || type.n_typmods > 0) return "";
  const std::string_view name = pg::str(type.names[0]);
  if (name == "serial" || name == "serial4") return "integer";
  if (name == "bigserial" || name == "serial8") return "bigint";
  if (name == "smallserial" || name == "serial2") return "smallint";
  return "";
}

void make_serial(const ObjectId& table, const std::string& name, const std::string& type,
                 Column& column, ParseContext& context) {
  const std::string sequence = choose_relation_name(table, name, "seq", false, context);
  const ObjectId id{.kind = Kind::Sequence, .schema = table.schema, .name = sequence};
  column.type = type;
  column.not_null = true;
  column.default_value.sql =
      "nextval(" + quote_literal(quote_qualified(table.schema, sequence)) + "::regclass)";
  context.said.insert(id);
  context.snapshot.sequences[id] = {.options = default_sequence(type, true),
                                    .owned_by = child_id(Kind::Column, table, name),
                                    .at = column.at};
}

void set_generated(const PgQuery__Constraint& clause, Column& column) {
  column.generated = 's';
  column.default_value.sql = pg::deparse_expression(clause.raw_expr);
}

void mark_last(Clauses& clauses, Clause* last, const PgQuery__Constraint& node, const Statement& st,
               ParseContext& context) {
  (void)clauses;
  if (last == nullptr) {
    context.diagnostics.error("syntax-error", "misplaced DEFERRABLE clause",
                              "Put it after a foreign key or key.", st.at(node.location));
    return;
  }
  if (node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE) last->deferrable = true;
  if (node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED)
    last->deferrable = last->initially_deferred = true;
}

}  // namespace

void sort_clause(const PgQuery__Constraint& node, Clauses& clauses) {
  const Clause clause{.node = &node,
                      .deferrable = node.deferrable != 0,
                      .initially_deferred = node.initdeferred != 0};
  if (node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
    clauses.checks.push_back(clause);
  else if (node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN)
    clauses.foreign_keys.push_back(clause);
  else
    clauses.keys.push_back(clause);
}

void make_identity(const PgQuery__Constraint& clause, const ObjectId& table,
                   const std::string& name, Column& column, const Statement& st,
                   ParseContext& context) {
  column.identity = *clause.generated_when == 'a' ? 'a' : 'd';
  column.not_null = true;
  column.identity_sequence = default_sequence(column.type, true);
  std::optional<std::vector<std::string>> ignored;
  read_sequence_options(clause.n_options, clause.options, false, column.identity_sequence, ignored,
                        st, context);
  column.identity_sequence.type = column.type;
  std::string sequence;
  for (const PgQuery__Node* node : pg::list(clause.n_options, clause.options))
    if (std::string_view(node->def_elem->defname) == "sequence_name" && node->def_elem->arg)
      sequence =
          pg::names(node->def_elem->arg->list->n_items, node->def_elem->arg->list->items).back();
  if (sequence.empty()) sequence = choose_relation_name(table, name, "seq", false, context);
  context.identity_sequences.insert({table.schema, sequence});
}

void read_column_clauses(const PgQuery__ColumnDef& def, const ObjectId& table, Column& column,
                         Clauses& clauses, const Statement& st, ParseContext& context) {
  Clause* last = nullptr;
  // The lists grow below while `last` points into one of them.
  clauses.keys.reserve(clauses.keys.size() + def.n_constraints);
  clauses.checks.reserve(clauses.checks.size() + def.n_constraints);
  clauses.foreign_keys.reserve(clauses.foreign_keys.size() + def.n_constraints);
  const auto add = [&](std::vector<Clause>& list, const PgQuery__Constraint& node) {
    list.push_back({.node = &node,
                    .column = def.colname,
                    .deferrable = node.deferrable != 0,
                    .initially_deferred = node.initdeferred != 0});
    last = &list.back();
  };
  for (const PgQuery__Node* item : pg::list(def.n_constraints, def.constraints)) {
    const PgQuery__Constraint& node = *item->constraint;
    switch (static_cast<int>(node.contype)) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_NULL: break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL: column.not_null = true; break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        column.default_value.sql = pg::deparse_expression(node.raw_expr);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
        make_identity(node, table, def.colname, column, st, context);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED: set_generated(node, column); break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK: add(clauses.checks, node); break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        column.not_null = true;
        add(clauses.keys, node);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION: add(clauses.keys, node); break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN: add(clauses.foreign_keys, node); break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE:
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE:
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED:
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE:
        mark_last(clauses, last, node, st, context);
        break;
      default: refuse(context, st.at(node.location), "this clause of a column");
    }
  }
}

namespace {

/// The directive's expression, or an error at its place.
std::optional<pg::Tree> read_expression(const Directive& directive, ParseContext& context) {
  auto tree = pg::parse_expression(directive.argument);
  if (!tree)
    context.diagnostics.error("syntax-error",
                              "the directive's expression cannot be read: " + directive.argument,
                              "Write one SQL expression, as DEFAULT would take it.", directive.at);
  return tree;
}

/// The column that a name in an expression means: the last of its parts.
std::string column_named(const pg::Node& node) {
  if (node.node_case != PG_QUERY__NODE__NODE_COLUMN_REF || node.column_ref->n_fields == 0)
    return "";
  return std::string(pg::str(node.column_ref->fields[node.column_ref->n_fields - 1]));
}

void read_value_directive(const Statement& st, int location, Directive::What what,
                          SqlText ColumnDirectives::*value, Column& column, ParseContext& context) {
  const Directive* directive = take_directive(st, location, what);
  if (directive == nullptr) return;
  const auto tree = read_expression(*directive, context);
  if (!tree) return;
  ColumnDirectives& said = column.said.edit();
  (said.*value).sql = directive->argument;
  pg::walk(pg::expression(*tree), [&](const pg::Node* node) {
    if (std::string name = column_named(*node); !name.empty()) said.reads.insert(std::move(name));
    return true;
  });
}

/// `c = EXPRESSION` with the name of a column on its left.
std::optional<ColumnDirectives::Former> former_of(const pg::Node& node) {
  if (node.node_case != PG_QUERY__NODE__NODE_A_EXPR) return std::nullopt;
  const PgQuery__AExpr& expr = *node.a_expr;
  if (expr.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP || expr.n_name != 1 ||
      pg::str(expr.name[0]) != "=" || expr.lexpr == nullptr)
    return std::nullopt;
  std::string column = column_named(*expr.lexpr);
  if (column.empty()) return std::nullopt;
  return ColumnDirectives::Former{std::move(column), {.sql = pg::deparse_expression(expr.rexpr)}};
}

/// A new column may give back several that it is made of; the type of one its own alone, once.
void read_reverse(const Statement& st, const PgQuery__ColumnDef& def, Column& column,
                  ParseContext& context) {
  for (bool own = false; !own;) {
    const Directive* directive = take_directive(st, def.location, Directive::What::Reverse);
    if (directive == nullptr) return;
    const auto tree = read_expression(*directive, context);
    if (!tree) return;
    auto former = former_of(*pg::expression(*tree));
    own = !former || former->column == def.colname;
    if (own)
      column.said.edit().old_value.sql = directive->argument;
    else
      column.said.edit().formers.push_back(std::move(*former));
  }
}

}  // namespace

Column read_column(const PgQuery__ColumnDef& def, const ObjectId& table, Clauses& clauses,
                   const Statement& st, ParseContext& context) {
  Column column{.at = st.at(def.location)};
  column.renamed_from = renamed_from(st, def.location);
  read_value_directive(st, def.location, Directive::What::Backfill, &ColumnDirectives::fill, column,
                       context);
  read_value_directive(st, def.location, Directive::What::Using, &ColumnDirectives::new_value,
                       column, context);
  read_reverse(st, def, column, context);
  if (take_directive(st, def.location, Directive::What::InPlace) != nullptr)
    column.said.edit().in_place = true;
  if (def.n_fdwoptions > 0) refuse(context, column.at, "OPTIONS of a column");
  if (def.type_name != nullptr) {
    const std::string serial = serial_type(*def.type_name);
    if (serial.empty())
      column.type = type_spelling(*def.type_name, st, context);
    else
      make_serial(table, def.colname, serial, column, context);
    if (def.type_name->setof) refuse(context, column.at, "SETOF columns");
  }
  column.collation = collation_text(def.coll_clause);
  column.compression = def.compression;
  if (column.compression == "default") column.compression.clear();
  column.not_null = column.not_null || def.is_not_null;
  read_column_clauses(def, table, column, clauses, st, context);
  return column;
}

Column* find_column(ParseContext& context, const ObjectId& table, const std::string& name) {
  const auto it = context.snapshot.columns.find(child_id(Kind::Column, table, name));
  return it == context.snapshot.columns.end() ? nullptr : &it->second;
}

bool insert_column(ParseContext& context, const ObjectId& table, const std::string& name,
                   Column column) {
  const ObjectId id = child_id(Kind::Column, table, name);
  const SourcePos at = column.at;
  const auto [it, fresh] = context.snapshot.columns.try_emplace(id, std::move(column));
  if (!fresh) {
    context.diagnostics.error("duplicate-object", to_string(id) + " is defined twice",
                              "Keep one of the two definitions.", at);
    return false;
  }
  context.snapshot.tables[table].column_order.push_back(name);
  return true;
}

}  // namespace aloft
