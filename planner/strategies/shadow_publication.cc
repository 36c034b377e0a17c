#include "planner/strategies/shadow_publication.h"

#include <algorithm>

#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/emit/type_users.h"
#include "planner/locks.h"
#include "planner/publications.h"

namespace aloft {
namespace {

bool has_list(const Publishing& p) {
  return p.own != nullptr && !p.own->columns.empty();
}

bool names(const Publishing& p, const ObjectId& column) {
  return p.own != nullptr && (std::ranges::count(p.own->columns, column.name) > 0 ||
                              mentions(p.own->filter, quote_ident(column.name)));
}

/// Do columns of the table come or go in the plan? A list that is made without them would hide one
/// for as long as the run, or keep it from going.
bool columns_vary(const ObjectId& table, const PlanContext& ctx) {
  bool vary = false;
  const auto look = [&](const Snapshot& other) {
    return [&](const ObjectId& id, const Column& column) {
      vary |= !other.contains(id) || !column.renamed_from.empty();
    };
  };
  for_each_child<Column>(ctx.live, table, look(ctx.desired));
  for_each_child<Column>(ctx.desired, table, look(ctx.live));
  return vary;
}

/// Why no list of columns can keep a column of the table from subscribers; empty: it can.
std::string list_obstacle(const ObjectId& table, const std::vector<Publishing>& shown,
                          const PlanContext& ctx) {
  const Table& live = ctx.live.tables.at(table);
  if (ctx.facts.server_version < 150000) return "PostgreSQL has no lists of columns before 15";
  for (const Publishing& p : shown) {
    const std::string name = "publication " + quote_ident(p.name);
    if (p.own == nullptr) return name + " does not name the table, so that it takes no list for it";
    if (!p.publication->schemas.empty())
      return name + " has tables by their schema too, which forbids lists of columns";
    if (!p.publication->alterable) return "the login may not alter " + name;
  }
  if (live.replica_identity.mode == 'f' && writes_rows(shown))
    return "a list of columns forbids updates where the REPLICA IDENTITY is FULL";
  if (has_children(ctx, table) || !live.partition_of.empty())
    return "the table is one of a tree of tables";
  if (columns_vary(table, ctx)) return "other columns of the table come or go in the same plan";
  return "";
}

/// The columns that subscribers see: no generated ones.
std::vector<std::string> shown_columns(const Publishing& p, const ObjectId& table,
                                       const PlanContext& ctx) {
  if (has_list(p)) return p.own->columns;
  std::vector<std::string> columns = ctx.live.tables.at(table).column_order;
  std::erase_if(columns, [&](const std::string& name) {
    return ctx.live.columns.at(child_id(Kind::Column, table, name)).generated != ' ';
  });
  return columns;
}

std::string with_filter(const Publishing& p) {
  return p.own->filter.empty() ? "" : " WHERE (" + p.own->filter + ")";
}

/// In place of what it shows of the table so far: only these columns, or (no list) all.
std::vector<Sql> show(const Publishing& p, const ObjectId& table, const std::string& list) {
  return {sql("ALTER PUBLICATION {} DROP TABLE {}", Ident{p.name}, qualified(table)),
          sql("ALTER PUBLICATION {} ADD TABLE {}{}{}", Ident{p.name}, qualified(table),
              Sql{list.empty() ? "" : " (" + list + ")"}, Sql{with_filter(p)})};
}

/// May another column of the table go over in the same plan, and need the list for longer?
bool has_company(const ObjectId& column, const PlanContext& ctx) {
  bool company = false;
  for_each_child<Column>(
      ctx.live, relation_of(column), [&](const ObjectId& id, const Column& from) {
        const Column* to = ctx.desired.find<Column>(id);
        if (id == column || to == nullptr) return;
        company |= from.type != to->type;
        for (const auto& [type, live] : ctx.live.enums)
          if (const Enum* wanted = ctx.desired.find<Enum>(type);
              wanted != nullptr && wanted->labels != live.labels && from.type == spelling(type))
            company = true;
      });
  return company;
}

/// All columns again, unless another one that goes over still needs the list.
std::vector<Sql> show_all(const Publishing& p, const ObjectId& column, const PlanContext& ctx) {
  const ObjectId table = relation_of(column);
  const std::vector<Sql> plain = show(p, table, "");
  if (!has_company(column, ctx)) return plain;
  return {sql("DO {}",
              Literal{sql("BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = "
                          "{}::pg_catalog.regclass AND tgname ~ '^~aloft_(sync|back)_') THEN {}; "
                          "{}; END IF; END",
                          Literal{to_sql(qualified(table))}, plain[0], plain[1])
                          .text})};
}

Sql text_array(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  std::vector<Literal> literals;
  for (const std::string& text : texts) literals.push_back({text});
  return sql("ARRAY[{}]", sql_list(literals));
}

/// That the publications which name the table are these, and show of it what the plan thinks.
/// `made`: by then aloft's lists are there; with company they may be, before.
Proof as_planned(const std::vector<Publishing>& shown, const ObjectId& column, bool made,
                 const PlanContext& ctx) {
  const ObjectId table = relation_of(column);
  std::string cases;
  for (const Publishing& p : shown) {
    const Sql list = text_array(shown_columns(p, table, ctx));
    const bool either = !made && !has_list(p) && has_company(column, ctx);
    const Sql columns = made || has_list(p) ? sql("columns = {}", list)
                        : either            ? sql("(columns IS NULL OR columns = {})", list)
                                            : Sql{"columns IS NULL"};
    cases +=
        sql(" WHEN {} THEN {} AND filter = {}", Literal{p.name}, columns, Literal{p.own->filter})
            .text;
  }
  // An attname is sorted by bytes, as text_array() is.
  return {
      sql("SELECT pg_catalog.count(*) = {} AND pg_catalog.bool_and(CASE name{} ELSE false END) "
          "FROM (SELECT p.pubname AS name, (SELECT pg_catalog.array_agg(a.attname::text ORDER BY "
          "a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = "
          "ANY (r.prattrs)) AS columns, coalesce(pg_catalog.pg_get_expr(r.prqual, r.prrelid), '') "
          "AS filter FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON "
          "p.oid = r.prpubid WHERE r.prrelid = {}::pg_catalog.regclass) AS shown",
          Sql{std::to_string(shown.size())}, Sql{cases}, Literal{to_sql(qualified(table))})
          .text,
      listed_publications(shown) + " and no other one names " + to_sql(qualified(table)) +
          ", with the columns and the row filter of the plan"};
}

/// Is a condition on the column true of the same rows by its new type?
bool filters_alike(const ObjectId& column, const PlanContext& ctx) {
  const auto is_whole = [](const Column& c) {
    return c.type == "smallint" || c.type == "integer" || c.type == "bigint";
  };
  return is_whole(ctx.live.columns.at(column)) && is_whole(ctx.desired.columns.at(column)) &&
         ctx.desired.columns.at(column).said->new_value.empty();
}

void add_sql(Step& step, const std::vector<Sql>& statements) {
  for (const Sql& statement : statements) step.sql.push_back(statement.text);
}

}  // namespace

bool is_listed(const ObjectId& column, const PlanContext& ctx) {
  return std::ranges::any_of(publishing(relation_of(column), ctx),
                             [&](const Publishing& p) { return names(p, column); });
}

std::string publication_obstacle(const ObjectId& column, const PlanContext& ctx) {
  const ObjectId table = relation_of(column);
  const std::vector<Publishing> shown = publishing(table, ctx);
  if (shown.empty()) return "";
  if (std::string why = update_obstacle(table, ctx); !why.empty()) return why;
  for (const Publishing& p : shown)
    if (p.own != nullptr && mentions(p.own->filter, quote_ident(column.name)) &&
        !filters_alike(column, ctx))
      return "the row filter of publication " + quote_ident(p.name) +
             " names it, and may mean something else of the new type";
  const std::string why = list_obstacle(table, shown, ctx);
  if (why.empty()) return "";
  if (ctx.live.tables.at(table).replica_identity.mode == 'f' && writes_rows(shown))
    return publications_do(shown, "find") +
           " its rows on subscribers by all columns (REPLICA IDENTITY FULL), which would "
           "differ there while the column goes over";
  for (const Publishing& p : shown)
    if (names(p, column)) return "publication " + quote_ident(p.name) + " names it, and " + why;
  return "";
}

ShadowPublication::ShadowPublication(const ObjectId& column, const ObjectId& shadow,
                                     const ObjectId& old, const PlanContext& ctx)
    : column_(column), shadow_(shadow), old_(old), ctx_(ctx) {}

void ShadowPublication::open(Step& step, const std::string& type) const {
  const ObjectId table = relation_of(column_);
  const std::vector<Publishing> shown = publishing(table, ctx_);
  if (shown.empty()) return;
  if (const std::string why = list_obstacle(table, shown, ctx_); !why.empty()) {
    tell_of_new_column(
        step, shadow_,
        sql("ALTER TABLE {} ADD COLUMN {} {}", qualified(table), Ident{shadow_.name}, Sql{type}),
        ctx_);
    step.why += " Subscribers get this column too: " + why + ".";
    return;
  }
  // The proof is asked for behind the first statement.
  step.sql.insert(step.sql.begin(), lock_exclusive({table}).text);
  step.proofs.push_back(as_planned(shown, column_, false, ctx_));
  for (const Publishing& p : shown)
    if (!has_list(p)) add_sql(step, show(p, table, ident_list(shown_columns(p, table, ctx_)).text));
  step.why += " It is kept from the subscribers of " + listed_publications(shown) + ".";
}

std::vector<Sql> ShadowPublication::close() const {
  const ObjectId table = relation_of(column_);
  const std::vector<Publishing> shown = publishing(table, ctx_);
  std::vector<Sql> statements;
  if (shown.empty() || !list_obstacle(table, shown, ctx_).empty()) return statements;
  for (const Publishing& p : shown)
    if (!has_list(p)) append(statements, show_all(p, column_, ctx_));
  return statements;
}

std::vector<Sql> ShadowPublication::open_undo() const {
  return close();
}

std::vector<Sql> ShadowPublication::exchange() const {
  const ObjectId table = relation_of(column_);
  const std::vector<Publishing> shown = publishing(table, ctx_);
  std::vector<Sql> statements;
  if (shown.empty() || !list_obstacle(table, shown, ctx_).empty()) return statements;
  for (const Publishing& p : shown)
    if (!has_list(p) || names(p, column_))
      append(statements, show(p, table, ident_list(shown_columns(p, table, ctx_)).text));
  return statements;
}

void ShadowPublication::cut_over(Step& step, const Column& from, const Column& to) const {
  const ObjectId table = relation_of(column_);
  const std::vector<Publishing> shown = publishing(table, ctx_);
  if (shown.empty()) return;
  if (list_obstacle(table, shown, ctx_).empty())
    step.proofs.push_back(as_planned(shown, column_, true, ctx_));
  else
    tell_of_new_column(
        step, old_,
        sql("ALTER TABLE {} ADD COLUMN {} {}", qualified(table), Ident{old_.name}, Sql{from.type}),
        ctx_);
  tell_of_new_type(step, Stage::Contract, column_, from, to, ctx_);
}

}  // namespace aloft
