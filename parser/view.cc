#include <algorithm>

#include "engine/base/sql.h"
#include "parser/source_text.h"
#include "parser/targets.h"
#include "parser/view_columns.h"

namespace aloft {
namespace {

using Names = std::vector<std::string>;

/// Drops WITH [NO] DATA or WITH [LOCAL | CASCADED] CHECK OPTION from the end; WITH is a reserved
/// word, so that nothing else can end so.
void drop_tail(const std::string& text, std::vector<pg::TokenAt>& tokens) {
  if (tokens.size() < 2) return;
  const int last = tokens.back().token;
  if (last != PG_QUERY__TOKEN__DATA_P && last != PG_QUERY__TOKEN__OPTION) return;
  for (std::size_t back = 2; back <= 4 && back <= tokens.size(); ++back) {
    const pg::TokenAt& token = tokens[tokens.size() - back];
    if (token.token == PG_QUERY__TOKEN__WITH || token.token == PG_QUERY__TOKEN__WITH_LA) {
      tokens.resize(tokens.size() - back);
      return;
    }
    if (pg::slice(text, token).find_first_of("\"().,;") != std::string::npos) return;
  }
}

/// The SELECT as it is written: what follows the first AS outside parentheses.
std::string query_text(const std::string& text) {
  std::vector<pg::TokenAt> tokens = pg::tokens(text);
  while (!tokens.empty() && tokens.back().token == PG_QUERY__TOKEN__ASCII_59) tokens.pop_back();
  drop_tail(text, tokens);
  int depth = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].token == PG_QUERY__TOKEN__ASCII_40) ++depth;
    if (tokens[i].token == PG_QUERY__TOKEN__ASCII_41) --depth;
    if (depth == 0 && tokens[i].token == PG_QUERY__TOKEN__AS)
      return text.substr(tokens[i + 1].begin, tokens.back().end - tokens[i + 1].begin);
  }
  return "";
}

/// Sets the query and the names of its columns, as far as the query alone tells them.
void set_query(View& view, pg::Node* query, const std::string& written_query) {
  view.query.sql = written_query.empty() ? pg::deparse(query) : written_query;
  if (auto columns = output_columns(*query->select_stmt)) view.take_columns(std::move(*columns));
}

void set_option(Options& options, const std::string& name, const std::string& value) {
  std::erase_if(options, [&](const Option& o) { return o.name == name; });
  options.insert(std::ranges::lower_bound(options, name, {}, &Option::name), Option{name, value});
}

/// The id of the view if it may be created here.
std::optional<ObjectId> new_view(const PgQuery__RangeVar& name, bool replace, const Statement& st,
                                 ParseContext& context) {
  const SourcePos at = st.at(name.location);
  if (std::string_view(name.relpersistence) == "t") {
    refuse(context, at, "a temporary view");
    return std::nullopt;
  }
  if (std::string_view(name.relpersistence) == "u") {
    refuse(context, at, "an unlogged materialized view");
    return std::nullopt;
  }
  const std::string schema = creation_schema(name.schemaname, st, context, at);
  if (schema.empty()) return std::nullopt;
  const ObjectId id{.kind = Kind::View, .schema = schema, .name = name.relname};
  if (!replaces(replace, id, st, context) && !first_time(context, id, at)) return std::nullopt;
  return id;
}

}  // namespace

void parse_create_view(const PgQuery__ViewStmt& stmt, const Statement& st, ParseContext& context) {
  const auto id = new_view(*stmt.view, stmt.replace != 0, st, context);
  if (!id) return;
  View view{.options = options_of(stmt.n_options, stmt.options),
            .renamed_from = renamed_from(st, -1),
            .at = st.at()};
  if (stmt.with_check_option == PG_QUERY__VIEW_CHECK_OPTION__LOCAL_CHECK_OPTION)
    set_option(view.options, "check_option", "local");
  if (stmt.with_check_option == PG_QUERY__VIEW_CHECK_OPTION__CASCADED_CHECK_OPTION)
    set_option(view.options, "check_option", "cascaded");
  const Names aliases = pg::names(stmt.n_aliases, stmt.aliases);
  const std::string text = st.text();
  const std::vector<pg::TokenAt> tokens = pg::tokens(text);
  const auto view_word =
      std::ranges::find(tokens, static_cast<int>(PG_QUERY__TOKEN__VIEW), &pg::TokenAt::token);
  // CREATE RECURSIVE VIEW is short for a WITH RECURSIVE, which the tree spells out.
  const bool recursive = std::find_if(tokens.begin(), view_word, [](const pg::TokenAt& t) {
                           return t.token == PG_QUERY__TOKEN__RECURSIVE;
                         }) != view_word;
  std::string query = query_text(text);
  if (recursive)
    query = "WITH RECURSIVE " + quote_ident(id->name) + "(" + ident_list(aliases).text + ") AS (" +
            query + ") SELECT " + ident_list(aliases).text + " FROM " + quote_ident(id->name);
  else
    view.aliases = aliases;
  set_query(view, stmt.query, query);
  context.snapshot.views[*id] = std::move(view);
}

void parse_create_table_as(const PgQuery__CreateTableAsStmt& stmt, const Statement& st,
                           ParseContext& context) {
  if (stmt.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW)
    return refuse(context, st.at(),
                  "a table made from a query (its data is no desired state; write its columns)");
  const PgQuery__IntoClause& into = *stmt.into;
  const auto id = new_view(*into.rel, false, st, context);
  if (!id) return;
  View view{.materialized = true,
            .options = options_of(into.n_options, into.options),
            .access_method = into.access_method,
            .tablespace = into.table_space_name,
            .populated = into.skip_data == 0,
            .renamed_from = renamed_from(st, -1),
            .at = st.at()};
  if (view.access_method == "heap") view.access_method.clear();
  if (view.tablespace == "pg_default") view.tablespace.clear();
  if (stmt.query == nullptr || stmt.query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
    return refuse(context, st.at(), "a materialized view of anything but a query");
  view.aliases = pg::names(into.n_col_names, into.col_names);
  set_query(view, stmt.query, query_text(st.text()));
  context.snapshot.views[*id] = std::move(view);
}

}  // namespace aloft
