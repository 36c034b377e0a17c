#include <fmt/format.h>

#include "engine/introspect/readers.h"

namespace aloft {
namespace {

std::string views_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relowner, {}, {}, {},"
      " c.reltablespace, c.relam, c.relispopulated, c.reltuples::bigint, c.relpages,"
      " pg_get_viewdef(c.oid)"
      " FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid"
      " AND t.reloptions IS NOT NULL"
      " WHERE c.relkind IN ('v', 'm') AND c.relnamespace = ANY ('{}') AND {}",
      acl_sql("c.relacl", "c.relowner", 'r'), list_sql("c.reloptions"), list_sql("t.reloptions"),
      scope.schemas, no_member_sql("pg_class", "c.oid"));
}

/// pg_get_viewdef() starts with a blank and ends with a semicolon.
std::string bare_query(std::string text) {
  if (text.ends_with(';')) text.pop_back();
  text.erase(0, text.find_first_not_of(" \n"));
  return text;
}

void read_view(Reading& r, Fields f) {
  const Oid oid = f.oid();
  const std::string schema = r.schema(f.oid());
  const std::string name = f.text();
  View view{.materialized = f.letter('v') == 'm'};
  view.owner = r.role(f.oid());
  view.grants = r.grants(f.text());
  add_options(view.options, f.list());
  add_options(view.options, f.list(), "toast.");
  view.tablespace = r.tablespace(f.oid());
  view.access_method = r.access_methods[f.oid()];
  if (view.access_method == "heap") view.access_method.clear();
  view.populated = f.flag();
  if (view.materialized) {
    RelationSize& size = r.live.facts.sizes[table_id(schema, name)];
    size.rows = f.number(-1);
    size.bytes = f.number(0) * r.block_size;
    r.sizes.emplace(oid, &size);
  } else {
    f.number(0), f.number(0);
  }
  view.query.sql = bare_query(f.definition());
  view.comment = r.comment(catalog::kClass, oid);
  const ObjectId id{.kind = Kind::View, .schema = schema, .name = name};
  const auto [it, added] = r.live.snapshot.views.emplace(id, std::move(view));
  r.relations.emplace(oid, Relation{.id = table_id(schema, name), .view = &it->second});
}

}  // namespace

const Reader kViews{"views", views_sql, read_view};

}  // namespace aloft
