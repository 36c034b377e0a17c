// CREATE INDEX, and the names of indexes.

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/inherit.h"
#include "parser/table_build.h"

namespace aloft {
namespace {

bool plain_element(const PgQuery__IndexElem& element) {
  return *element.name != '\0' && element.n_collation == 0 && element.n_opclass == 0 &&
         element.ordering <= PG_QUERY__SORT_BY_DIR__SORTBY_ASC &&
         element.nulls_ordering <= PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT;
}

void add_columns(std::vector<std::string>& columns, const std::vector<std::string>& more) {
  for (const std::string& column : more)
    if (std::ranges::find(columns, column) == columns.end()) columns.push_back(column);
}

Index read_index(const PgQuery__IndexStmt& stmt, const Statement& st) {
  Index index{.unique = stmt.unique != 0,
              .options = options_of(stmt.n_options, stmt.options),
              .tablespace = stmt.table_space,
              .method = *stmt.access_method == '\0' ? "btree" : stmt.access_method,
              .named = *stmt.idxname != '\0',
              .at = st.at(stmt.relation->location)};
  std::string keys, include;
  bool plain = index.method == "btree";
  for (const PgQuery__IndexElem* element : index_elements(stmt.n_index_params, stmt.index_params)) {
    keys += (keys.empty() ? "" : ", ") + index_element(*element);
    plain = plain && plain_element(*element);
    if (*element->name != '\0')
      add_columns(index.columns, {element->name});
    else
      add_columns(index.columns, columns_in(element->expr));
  }
  if (plain) index.key_columns = index.columns;
  for (const PgQuery__IndexElem* element :
       index_elements(stmt.n_index_including_params, stmt.index_including_params)) {
    include += (include.empty() ? "" : ", ") + quote_ident(element->name);
    add_columns(index.columns, {element->name});
  }
  add_columns(index.columns, columns_in(stmt.where_clause));
  std::string& text = index.definition.sql;
  text = "USING " + quote_ident(index.method) + " (" + keys + ")";
  if (!include.empty()) text += " INCLUDE (" + include + ")";
  if (stmt.nulls_not_distinct) text += " NULLS NOT DISTINCT";
  if (stmt.where_clause != nullptr) {
    index.predicate = pg::deparse_expression(stmt.where_clause);
    text += " WHERE (" + index.predicate + ")";
  }
  return index;
}

std::string choose_index_name(const PgQuery__IndexStmt& stmt, const ObjectId& table,
                              const ParseContext& context) {
  auto elements = index_elements(stmt.n_index_params, stmt.index_params);
  std::ranges::copy(index_elements(stmt.n_index_including_params, stmt.index_including_params),
                    std::back_inserter(elements));
  return choose_relation_name(table, joined_columns(index_column_names(elements)), "idx", false,
                              context);
}

void check_columns(const Index& index, const ObjectId& id, ParseContext& context) {
  const ObjectId table = relation_of(id);
  if (!context.snapshot.tables.contains(table)) return;
  for (const std::string& column : index.columns)
    if (find_column(context, table, column) == nullptr)
      report_unknown(context, index.at,
                     to_string(child_id(Kind::Column, table, column)) + " of " + to_string(id));
}

}  // namespace

void report_unknown(ParseContext& context, SourcePos at, const std::string& what) {
  context.diagnostics.error("unknown-object", what + " is not defined in the desired state",
                            "Define it, or correct the name.", at);
}

bool insert_index(ParseContext& context, const ObjectId& id, Index index) {
  const Name name{id.schema, id.name};
  if (const auto there = context.index_names.find(name); there != context.index_names.end()) {
    const std::string message =
        "index " + quote_qualified(id.schema, id.name) + " is defined twice";
    context.diagnostics.error("duplicate-object", message, "Keep one of the two definitions.",
                              index.at);
    context.diagnostics.error("duplicate-object", message + ": the other definition is here",
                              "Keep one of the two definitions.",
                              context.snapshot.place_of(there->second));
    return false;
  }
  context.index_names[name] = id;
  context.snapshot.indexes[id] = std::move(index);
  return true;
}

void erase_index(ParseContext& context, const ObjectId& id) {
  context.snapshot.indexes.erase(id);
  context.index_names.erase({id.schema, id.name});
}

std::optional<ObjectId> index_by_name(const ParseContext& context, const Name& name) {
  const auto found = context.index_names.find(name);
  if (found == context.index_names.end() || !context.snapshot.contains(found->second))
    return std::nullopt;
  return found->second;
}

void parse_create_index(const PgQuery__IndexStmt& stmt, const Statement& st,
                        ParseContext& context) {
  const PgQuery__RangeVar& relation = *stmt.relation;
  const ObjectId table = table_id(relation_schema(relation, st, context), relation.relname);
  const ObjectId view{.kind = Kind::View, .schema = table.schema, .name = table.name};
  if (!context.snapshot.tables.contains(table) && !context.snapshot.views.contains(view))
    return report_unknown(context, st.at(relation.location), to_string(table));
  ObjectId id = child_id(Kind::Index, table, stmt.idxname);
  if (stmt.if_not_exists && relation_known(context, id.schema, id.name)) return;
  if (id.name.empty()) id.name = choose_index_name(stmt, table, context);
  Index index = read_index(stmt, st);
  index.renamed_from = renamed_from(st, -1);
  index.only = !relation.inh && is_partitioned(context, table);
  check_columns(index, id, context);
  const bool spread = relation.inh != 0;
  if (insert_index(context, id, std::move(index)) && spread) spread_index(context, table, id);
}

}  // namespace aloft
