#include <fmt/format.h>

#include "engine/base/sql.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

std::string tables_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT c.oid, c.relnamespace, c.relname, c.relpersistence, c.relowner, {}, {}, {},"
      " c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.reltablespace, c.relam,"
      " CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) ELSE '' END,"
      " CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,"
      " CASE WHEN c.reloftype <> 0 THEN"
      " (SELECT concat_ws(chr(31), n.nspname, t.typname) FROM pg_type t JOIN pg_namespace n"
      "  ON n.oid = t.typnamespace WHERE t.oid = c.reloftype) END,"
      " c.reltuples::bigint, c.relpages"
      " FROM pg_class c LEFT JOIN pg_class t ON t.oid = c.reltoastrelid"
      " AND t.reloptions IS NOT NULL"
      " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = ANY ('{}')",
      acl_sql("c.relacl", "c.relowner", 'r'), list_sql("c.reloptions"), list_sql("t.reloptions"),
      scope.schemas);
}

Table table_of(Reading& r, Oid oid, Fields& f) {
  Table table{.unlogged = f.letter('p') == 'u'};
  table.owner = r.role(f.oid());
  table.grants = r.grants(f.text());
  add_options(table.options, f.list());
  add_options(table.options, f.list(), "toast.");
  table.replica_identity.mode = f.letter('d');
  table.row_security = f.flag();
  table.force_row_security = f.flag();
  table.tablespace = r.tablespace(f.oid());
  table.access_method = r.access_methods[f.oid()];
  if (table.access_method == "heap") table.access_method.clear();
  table.partition_key.sql = f.definition();
  table.partition_bound.sql = f.text();
  if (const auto type = f.list(); type.size() == 2) table.of_type = {type[0], type[1]};
  table.comment = r.comment(catalog::kClass, oid);
  return table;
}

}  // namespace

const Reader kTables{"tables", tables_sql, [](Reading& r, Fields f) {
                       const Oid oid = f.oid();
                       if (r.is_member(catalog::kClass, oid)) return;
                       const std::string schema = r.schema(f.oid());
                       const ObjectId id = table_id(schema, f.text());
                       const auto [it, added] =
                           r.live.snapshot.tables.emplace(id, table_of(r, oid, f));
                       r.relations.emplace(oid, Relation{.id = id, .table = &it->second});
                       RelationSize& size = r.live.facts.sizes[id];
                       size.rows = f.number(-1);
                       size.bytes = f.number(0) * r.block_size;
                       r.sizes.emplace(oid, &size);
                     }};

/// Of tables and of indexes: a partition has one parent, and a bound.
const Reader kInheritance{
    "inheritance",
    [](const ReadScope&) -> std::string {
      return "SELECT inhrelid, inhparent, inhdetachpending FROM pg_inherits"
             " ORDER BY inhrelid, inhseqno";
    },
    [](Reading& r, Fields f) {
      const Oid child = f.oid();
      const Oid parent = f.oid();
      if (const auto index = r.indexes.find(child); index != r.indexes.end()) {
        index->second->parent = r.index_names[parent];
        return;
      }
      if (const auto key = r.index_constraints.find(child); key != r.index_constraints.end()) {
        if (!r.index_constraints.contains(parent)) key->second->parent = r.index_names[parent];
        return;
      }
      const Relation* below = r.relation(child);
      const Relation* above = r.relation(parent);
      if (below == nullptr || below->table == nullptr) return;
      const std::string name = quote_qualified(below->id.schema, below->id.name);
      if (above == nullptr) return r.unmanaged("parent of another kind", name);
      if (f.flag()) r.unmanaged("pending detach", name);
      const Name parent_name{above->id.schema, above->id.name};
      if (below->table->partition_bound.empty())
        below->table->inherits.push_back(parent_name);
      else
        below->table->partition_of = parent_name;
    }};

}  // namespace aloft
