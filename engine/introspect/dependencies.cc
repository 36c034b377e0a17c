#include <fmt/format.h>

#include <map>
#include <set>

#include "engine/base/sql.h"
#include "engine/introspect/dependency_nodes.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

/// The catalog in which an object of the kind is looked up by name.
std::string_view lookup_of(Kind kind) {
  switch (kind) {
    case Kind::Schema: return "schema";
    case Kind::Extension: return "extension";
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite: return "type";
    case Kind::Sequence:
    case Kind::Table:
    case Kind::Index:
    case Kind::View: return "relation";
    case Kind::Function:
    case Kind::Aggregate: return "function";
    case Kind::Operator: return "operator";
    case Kind::SearchParser: return "parser";
    case Kind::SearchTemplate: return "template";
    case Kind::SearchDictionary: return "dictionary";
    case Kind::SearchConfiguration: return "configuration";
    case Kind::Column: return "column";
    case Kind::Constraint: return "constraint";
    case Kind::Trigger: return "trigger";
    case Kind::Policy: return "policy";
    case Kind::Role: return "";  // shared: not in pg_depend
  }
  return "";
}

std::string named_values(const std::vector<ObjectId>& among) {
  std::string values;
  for (const ObjectId& id : among) {
    const std::string_view lookup = lookup_of(id.kind);
    if (lookup.empty()) continue;
    values += fmt::format("{}('{}', {}::name, {}::name, {}::name, {})", values.empty() ? "" : ", ",
                          lookup, quote_literal(id.schema), quote_literal(id.relation),
                          quote_literal(id.name), quote_literal(id.args));
  }
  return values;
}

/// From the named objects to all that depends on them, and on from a part to the whole that stands
/// and falls with it (view from its rule, constraint from its index, column from its default). Then
/// what each of these depends on, and the extension that has made that, if one has. A row type or a
/// part of a table is a dependent of the table like any other.
constexpr std::string_view kEdges = R"(
WITH RECURSIVE named(kind, s, r, n, a) AS (VALUES {}),
relation AS (
 SELECT k.kind, k.n, k.r, c.oid FROM named k JOIN pg_namespace s ON s.nspname = k.s
 JOIN pg_class c ON c.relnamespace = s.oid AND c.relname = CASE k.r WHEN '' THEN k.n ELSE
  CASE k.kind WHEN 'relation' THEN k.n ELSE k.r END END
 WHERE k.kind IN ('relation', 'column', 'constraint', 'trigger', 'policy')),
seed(catalog, object, sub) AS (
 SELECT 'pg_namespace'::regclass::oid, x.oid, 0 FROM named k JOIN pg_namespace x ON x.nspname = k.n
 WHERE k.kind = 'schema'
 UNION ALL SELECT 'pg_extension'::regclass, x.oid, 0 FROM named k JOIN pg_extension x
  ON x.extname = k.n WHERE k.kind = 'extension'
 UNION ALL SELECT 'pg_type'::regclass, x.oid, 0 FROM named k JOIN pg_namespace s ON s.nspname = k.s
  JOIN pg_type x ON x.typnamespace = s.oid AND x.typname = k.n WHERE k.kind = 'type'
 UNION ALL SELECT 'pg_proc'::regclass, x.oid, 0 FROM named k JOIN pg_namespace s ON s.nspname = k.s
  JOIN pg_proc x ON x.pronamespace = s.oid AND x.proname = k.n
  AND oidvectortypes(x.proargtypes) = k.a WHERE k.kind = 'function'
 UNION ALL SELECT 'pg_operator'::regclass, x.oid, 0 FROM named k
  JOIN pg_namespace s ON s.nspname = k.s JOIN pg_operator x ON x.oprnamespace = s.oid
  AND x.oprname = k.n AND CASE x.oprleft WHEN 0 THEN 'NONE' ELSE format_type(x.oprleft, NULL) END
  || ', ' || format_type(x.oprright, NULL) = k.a WHERE k.kind = 'operator'
 UNION ALL SELECT 'pg_ts_parser'::regclass, x.oid, 0 FROM named k JOIN pg_namespace s
  ON s.nspname = k.s JOIN pg_ts_parser x ON x.prsnamespace = s.oid AND x.prsname = k.n
  WHERE k.kind = 'parser'
 UNION ALL SELECT 'pg_ts_template'::regclass, x.oid, 0 FROM named k JOIN pg_namespace s
  ON s.nspname = k.s JOIN pg_ts_template x ON x.tmplnamespace = s.oid AND x.tmplname = k.n
  WHERE k.kind = 'template'
 UNION ALL SELECT 'pg_ts_dict'::regclass, x.oid, 0 FROM named k JOIN pg_namespace s
  ON s.nspname = k.s JOIN pg_ts_dict x ON x.dictnamespace = s.oid AND x.dictname = k.n
  WHERE k.kind = 'dictionary'
 UNION ALL SELECT 'pg_ts_config'::regclass, x.oid, 0 FROM named k JOIN pg_namespace s
  ON s.nspname = k.s JOIN pg_ts_config x ON x.cfgnamespace = s.oid AND x.cfgname = k.n
  WHERE k.kind = 'configuration'
 UNION ALL SELECT 'pg_class'::regclass, oid, 0 FROM relation WHERE kind = 'relation'
 UNION ALL SELECT 'pg_class'::regclass, x.attrelid, x.attnum FROM relation k JOIN pg_attribute x
  ON x.attrelid = k.oid AND x.attname = k.n WHERE k.kind = 'column'
 UNION ALL SELECT 'pg_constraint'::regclass, x.oid, 0 FROM relation k JOIN pg_constraint x
  ON x.conrelid = k.oid AND x.conname = k.n WHERE k.kind = 'constraint'
 UNION ALL SELECT 'pg_trigger'::regclass, x.oid, 0 FROM relation k JOIN pg_trigger x
  ON x.tgrelid = k.oid AND x.tgname = k.n WHERE k.kind = 'trigger'
 UNION ALL SELECT 'pg_policy'::regclass, x.oid, 0 FROM relation k JOIN pg_policy x
  ON x.polrelid = k.oid AND x.polname = k.n WHERE k.kind = 'policy'),
walk(catalog, object, sub) AS (
 SELECT * FROM seed
 UNION
 SELECT x.* FROM walk w, LATERAL (
  SELECT d.classid, d.objid, d.objsubid FROM pg_depend d
  WHERE d.refclassid = w.catalog AND d.refobjid = w.object AND (w.sub = 0 OR d.refobjsubid = w.sub)
  UNION ALL
  SELECT d.refclassid, d.refobjid, d.refobjsubid FROM pg_depend d
  WHERE d.classid = w.catalog AND d.objid = w.object AND d.deptype = 'i'
  UNION ALL
  SELECT 'pg_class'::regclass, a.adrelid, a.adnum FROM pg_attrdef a
  WHERE w.catalog = 'pg_attrdef'::regclass AND a.oid = w.object) x)
SELECT DISTINCT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid,
 (SELECT e.refobjid FROM pg_depend e WHERE e.classid = d.refclassid AND e.objid = d.refobjid
  AND e.deptype = 'e' LIMIT 1), d.deptype
FROM walk w JOIN pg_depend d ON d.classid = w.catalog AND d.objid = w.object
 AND (w.sub = 0 OR d.objsubid = w.sub)
WHERE d.deptype IN ('n', 'a', 'i', 'P', 'S') AND NOT EXISTS (SELECT FROM pg_depend e
 WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e'))";

struct RawEdge {
  Address dependent{}, on{};
  char type = 'n';
};

std::vector<RawEdge> read_raw(Session& session, const std::string& named) {
  std::vector<RawEdge> edges;
  session.stream({fmt::format(fmt::runtime(kEdges), named)}, [&](std::size_t, RowView row) {
    Fields f(row);
    RawEdge edge{.dependent = address_of(f), .on = address_of(f)};
    if (const Oid extension = f.oid(); extension != 0)
      edge.on = {catalog::kExtension, extension, 0};
    edge.type = f.letter('n');
    edges.push_back(edge);
  });
  return edges;
}

/// OWNED BY ties a sequence to the column whose default needs the sequence, and holds nothing up.
bool is_ownership(const ObjectId& dependent, const ObjectId& on) {
  return dependent.kind == Kind::Sequence && on.kind == Kind::Column;
}

/// What stands on a column stands on its table or view too.
void add_edges(std::set<Edge>& edges, const ObjectId& dependent, const CatalogNode& on) {
  if (is_ownership(dependent, on.id)) return;
  if (dependent != on.id) edges.insert({dependent, on.id});
  if (on.relation && dependent != *on.relation) edges.insert({dependent, *on.relation});
}

/// The columns of a view depend on nothing that the view does not.
const ObjectId& dependent_of(const CatalogNode& node) {
  return node.relation && node.relation->kind == Kind::View ? *node.relation : node.id;
}

/// What is none of ours among addresses that are no managed object: not the parts that the server
/// makes of its own accord, as triggers of foreign keys, TOAST tables and array types.
constexpr std::string_view kStrangers = R"(
SELECT k.classid, k.objid, 0, o.type, o.identity
FROM unnest('{}'::oid[], '{}'::oid[]) k(classid, objid),
LATERAL pg_identify_object(k.classid, k.objid, 0) o
WHERE CASE k.classid
 WHEN 'pg_class'::regclass THEN
  EXISTS (SELECT FROM pg_class x WHERE x.oid = k.objid AND x.relkind = 'f')
 WHEN 'pg_type'::regclass THEN EXISTS (SELECT FROM pg_type x WHERE x.oid = k.objid
  AND (x.typtype = 'r' OR x.typtype = 'b' AND x.typcategory <> 'A'))
 WHEN 'pg_rewrite'::regclass THEN
  EXISTS (SELECT FROM pg_rewrite x WHERE x.oid = k.objid AND x.rulename <> '_RETURN')
 ELSE k.classid NOT IN ('pg_constraint'::regclass, 'pg_trigger'::regclass, 'pg_attrdef'::regclass,
  'pg_policy'::regclass, 'pg_namespace'::regclass, 'pg_extension'::regclass,
  'pg_operator'::regclass, 'pg_amop'::regclass, 'pg_amproc'::regclass, 'pg_default_acl'::regclass) END
AND (o.schema IS NULL OR o.schema !~ '^pg_' AND o.schema <> 'information_schema'))";

std::vector<UnmanagedUse> read_uses(Session& session, const std::vector<RawEdge>& raw,
                                    const CatalogNodes& nodes) {
  std::set<std::pair<Oid, Oid>> strangers;
  for (const RawEdge& edge : raw)
    if (!nodes.contains(edge.dependent) && nodes.contains(edge.on))
      strangers.insert({edge.dependent.catalog, edge.dependent.object});
  std::string catalogs, objects;
  for (const auto& [catalog_oid, object] : strangers) {
    catalogs += (catalogs.empty() ? "" : ",") + std::to_string(catalog_oid);
    objects += (objects.empty() ? "" : ",") + std::to_string(object);
  }
  if (strangers.empty()) return {};
  std::map<Address, Unmanaged> named;
  session.stream({fmt::format(fmt::runtime(kStrangers), "{" + catalogs + "}", "{" + objects + "}")},
                 [&](std::size_t, RowView row) {
                   Fields f(row);
                   const Address address = address_of(f);
                   const std::string kind = f.text();
                   named[address] = {kind, f.text()};
                 });
  std::set<UnmanagedUse> uses;
  for (const RawEdge& edge : raw) {
    const auto user = named.find({edge.dependent.catalog, edge.dependent.object, 0});
    const auto on = nodes.find(edge.on);
    if (user != named.end() && on != nodes.end() && !nodes.contains(edge.dependent))
      uses.insert({user->second, on->second.id, edge.type != 'n'});
  }
  return {uses.begin(), uses.end()};
}

}  // namespace

Edges read_dependencies(Session& session, const std::vector<ObjectId>& among,
                        std::vector<UnmanagedUse>* uses) {
  const std::string named = named_values(among);
  if (named.empty()) return {};
  const auto raw = read_raw(session, named);
  std::set<Address> addresses;
  for (const RawEdge& edge : raw) {
    addresses.insert(edge.dependent);
    addresses.insert(edge.on);
  }
  const auto nodes = resolve_nodes(session, addresses);
  if (uses != nullptr) *uses = read_uses(session, raw, nodes);
  std::set<Edge> edges;
  const auto add_column = [&](const CatalogNode& node) {
    if (node.relation && node.relation->kind == Kind::Table)
      edges.insert({node.id, *node.relation});
  };
  for (const RawEdge& edge : raw) {
    const auto dependent = nodes.find(edge.dependent);
    if (dependent == nodes.end()) continue;
    add_column(dependent->second);
    const auto on = nodes.find(edge.on);
    if (on == nodes.end()) continue;
    add_column(on->second);
    add_edges(edges, dependent_of(dependent->second), on->second);
  }
  return {edges.begin(), edges.end()};
}

}  // namespace aloft
