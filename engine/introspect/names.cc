#include <fmt/format.h>

#include "engine/base/sql.h"
#include "engine/introspect/introspect.h"
#include "engine/introspect/readers.h"

namespace aloft {

const Reader kTablespaces{"tablespaces",
                          [](const ReadScope&) -> std::string {
                            return "SELECT oid, spcname FROM pg_tablespace ORDER BY spcname";
                          },
                          [](Reading& r, Fields f) {
                            const Oid oid = f.oid();
                            r.live.names.tablespaces.push_back(f.text());
                            r.tablespaces.emplace(oid, r.live.names.tablespaces.back());
                          }};

const Reader kAccessMethods{
    "access methods",
    [](const ReadScope&) -> std::string { return "SELECT oid, amname FROM pg_am ORDER BY amname"; },
    [](Reading& r, Fields f) {
      const Oid oid = f.oid();
      r.live.names.access_methods.push_back(f.text());
      r.access_methods.emplace(oid, r.live.names.access_methods.back());
    }};

/// All of them to print a column's; KnownNames has those of pg_catalog and of extensions.
const Reader kCollations{"collations",
                         [](const ReadScope&) -> std::string {
                           return "SELECT c.oid, n.nspname, c.collname FROM pg_collation c"
                                  " JOIN pg_namespace n ON n.oid = c.collnamespace";
                         },
                         [](Reading& r, Fields f) {
                           const Oid oid = f.oid();
                           const std::string schema = f.text();
                           r.collations.emplace(oid, quote_qualified(schema, f.text()));
                         }};

namespace {

/// Of one catalog: what is in pg_catalog or information_schema and what an extension has made.
std::string names_of(std::string_view letter, std::string_view catalog, std::string_view prefix,
                     std::string_view condition = "true") {
  return fmt::format(
      "SELECT DISTINCT '{0}', n.nspname, x.{2}name::text FROM {1} x JOIN pg_namespace n"
      " ON n.oid = x.{2}namespace WHERE {3} AND"
      " (n.nspname IN ('pg_catalog', 'information_schema') OR x.oid IN"
      " (SELECT objid FROM pg_depend WHERE classid = '{1}'::regclass"
      " AND refclassid = 'pg_extension'::regclass AND deptype = 'e'))",
      letter, catalog, prefix, condition);
}

}  // namespace

/// Of pg_catalog's functions only those without arguments, which a trigger can call and which are
/// found before an extension's of that name, as gen_random_uuid() is. Of the others
/// read_catalog_functions() asks for those that matter.
const Reader kKnownNames{
    "known names",
    [](const ReadScope&) {
      const std::string called = "(n.nspname <> 'pg_catalog' OR x.pronargs = 0)";
      return names_of("t", "pg_type", "typ") + " UNION ALL " +
             names_of("f", "pg_proc", "pro", called) + " UNION ALL " +
             names_of("o", "pg_operator", "opr") + " UNION ALL " +
             names_of("k", "pg_opclass", "opc") + " UNION ALL " +
             names_of("c", "pg_collation", "coll") + " UNION ALL " +
             names_of("r", "pg_class", "rel", "x.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')") +
             " UNION ALL " + names_of("P", "pg_ts_parser", "prs") + " UNION ALL " +
             names_of("T", "pg_ts_template", "tmpl") + " UNION ALL " +
             names_of("D", "pg_ts_dict", "dict") + " UNION ALL " +
             names_of("C", "pg_ts_config", "cfg") + " ORDER BY 1, 2, 3";
    },
    [](Reading& r, Fields f) {
      KnownNames& names = r.live.names;
      const char letter = f.letter(' ');
      const std::string schema = f.text();
      auto& known = letter == 't'   ? names.types
                    : letter == 'f' ? names.functions
                    : letter == 'o' ? names.operators
                    : letter == 'k' ? names.opclasses
                    : letter == 'c' ? names.collations
                    : letter == 'P' ? names.search_parsers
                    : letter == 'T' ? names.search_templates
                    : letter == 'D' ? names.search_dictionaries
                    : letter == 'C' ? names.search_configurations
                                    : names.relations;
      known[schema].push_back(f.text());
    }};

void read_catalog_functions(Session& session, const std::set<std::string>& names,
                            KnownNames& known) {
  if (names.empty()) return;
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + quote_literal(name);
  const Rows rows = session.query(
      "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace"
      " AND pronargs > 0 AND proname IN (" +
      list + ") ORDER BY 1");
  for (const Row& row : rows) known.functions["pg_catalog"].push_back(row.at(0).value_or(""));
}

}  // namespace aloft
