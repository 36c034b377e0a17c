#include "engine/introspect/introspect.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

// Before 15: no schemas, no column lists, no row filters (pg_publication_namespace, prattrs,
// prqual).

std::string publications_sql(bool since_15) {
  const std::string schemas =
      since_15 ? list_sql(
                     "(SELECT array_agg(n.nspname::text) FROM pg_publication_namespace s JOIN "
                     "pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid)")
               : "NULL";
  return "SELECT p.pubname, p.puballtables, " + schemas +
         ", p.pubupdate OR p.pubdelete, p.pubviaroot, pg_has_role(p.pubowner, 'USAGE')"
         " FROM pg_publication p";
}

std::string tables_sql(bool since_15) {
  const std::string columns =
      since_15 ? list_sql(
                     "(SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a"
                     " WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))")
               : "NULL";
  return "SELECT p.pubname, n.nspname, c.relname, " + columns + ", " +
         (since_15 ? "pg_get_expr(r.prqual, r.prrelid)" : "NULL") +
         " FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid"
         " JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace";
}

/// A subscription's slot is made by its name; that of a table's first copy by PostgreSQL's own.
constexpr const char* kSlots =
    "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical' AND NOT temporary"
    " AND plugin = 'pgoutput' AND database = current_database()"
    " AND slot_name !~ '^pg_[0-9]+_sync_' ORDER BY slot_name";

void add_publication(Publications& all, Fields f) {
  Publication& publication = all.by_name[f.text()];
  publication.all_tables = f.flag();
  for (const std::string& schema : f.list()) publication.schemas.insert(schema);
  publication.updates = f.flag();
  publication.via_root = f.flag();
  publication.alterable = f.flag();
}

void add_table(Publications& all, Fields f) {
  Publication& publication = all.by_name[f.text()];
  const std::string schema = f.text();
  PublishedTable& table = publication.tables[table_id(schema, f.text())];
  table.columns = f.list();
  table.filter = f.text();
}

}  // namespace

Publications read_publications(Session& session) {
  const bool since_15 = session.server_version() >= 150000;
  Publications all;
  session.stream({publications_sql(since_15), tables_sql(since_15), kSlots},
                 [&](std::size_t statement, RowView row) {
                   Fields f(row);
                   if (statement == 0) add_publication(all, f);
                   if (statement == 1) add_table(all, f);
                   if (statement == 2) all.slots.push_back(f.text());
                 });
  return all;
}

}  // namespace aloft
