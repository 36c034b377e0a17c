#include <fmt/format.h>

#include <algorithm>

#include "engine/base/sql.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// From 17 on a partition's identity is its parent's, with no sequence of its own; before, a
/// partition has none of it.
std::string_view identity_sql(int version) {
  return version >= 170000 ? "CASE WHEN NOT c.relispartition THEN a.attidentity END"
                           : "a.attidentity";
}

std::string columns_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),"
      " CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation END,"
      " CASE WHEN a.atthasdef THEN"
      " pg_get_expr(d.adbin, CASE a.attgenerated WHEN '' THEN 0 ELSE d.adrelid END) END,"
      " a.attnotnull, a.attgenerated, {},"
      " CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, a.attislocal,"
      " nullif(a.attstattarget, -1), a.attcompression, {}, {}"
      " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
      " JOIN pg_type t ON t.oid = a.atttypid"
      " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
      " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c') AND c.relnamespace = ANY ('{}')"
      " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum",
      identity_sql(scope.version), list_sql("a.attoptions"), acl_sql("a.attacl", "c.relowner", 'c'),
      scope.schemas);
}

std::string compression_name(char letter) {
  if (letter == 'p') return "pglz";
  if (letter == 'l') return "lz4";
  return letter == ' ' ? "" : std::string(1, letter);
}

/// pg_attver=... is PostgreSQL 15.20's own bookkeeping and changes with each ALTER.
Options column_options(const std::vector<std::string>& settings) {
  Options options;
  add_options(options, settings);
  std::erase_if(options, [](const Option& o) { return o.name == "pg_attver"; });
  return options;
}

Column column_of(Reading& r, Fields& f) {
  Column column{.type = f.text()};
  if (const auto c = r.collations.find(f.oid()); c != r.collations.end())
    column.collation = c->second;
  column.default_value.sql = f.text();
  column.not_null = f.flag();
  column.generated = f.letter(' ');
  column.identity = f.letter(' ');
  column.storage = f.letter(' ');
  column.local = f.flag();
  column.statistics = static_cast<std::int32_t>(f.number(-1));
  column.compression = compression_name(f.letter(' '));
  column.options = column_options(f.list());
  column.grants = r.grants(f.text());
  return column;
}

void add_view_column(Reading& r, const Relation& relation, const std::string& name, Column column) {
  View& view = *relation.view;
  view.columns.push_back(name);
  view.column_types.push_back(std::move(column.type));
  if (column.storage != ' ' || !column.compression.empty() || !column.options.empty())
    r.unmanaged("column storage",
                quote_qualified(relation.id.schema, relation.id.name) + "." + quote_ident(name));
  const ViewColumn nothing{.name = name};
  ViewColumn extra{.name = name,
                   .comment = std::move(column.comment),
                   .default_value = std::move(column.default_value),
                   .grants = std::move(column.grants),
                   .statistics = column.statistics};
  // SqlText compares canonical forms, and there are none yet.
  if (extra == nothing && extra.default_value.empty()) return;
  const auto place = std::ranges::lower_bound(view.column_extras, name, {}, &ViewColumn::name);
  view.column_extras.insert(place, std::move(extra));
}

}  // namespace

/// Of tables, views and composite types.
const Reader kColumns{
    "columns", columns_sql, [](Reading& r, Fields f) {
      const Oid oid = f.oid();
      const Relation* relation = r.relation(oid);
      if (relation == nullptr) return;
      const auto number = static_cast<std::int32_t>(f.number(0));
      const std::string name = f.text();
      Column column = column_of(r, f);
      column.comment = r.comment(catalog::kClass, oid, number);
      if (relation->composite != nullptr) {
        relation->composite->attributes.push_back({.name = name,
                                                   .type = std::move(column.type),
                                                   .collation = std::move(column.collation),
                                                   .comment = std::move(column.comment)});
      } else if (relation->view != nullptr) {
        add_view_column(r, *relation, name, std::move(column));
      } else {
        relation->table->column_order.push_back(name);
        r.live.snapshot.columns.emplace(child_id(Kind::Column, relation->id, name),
                                        std::move(column));
      }
    }};

}  // namespace aloft
