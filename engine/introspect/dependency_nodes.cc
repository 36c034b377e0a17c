#include "engine/introspect/dependency_nodes.h"

#include <fmt/format.h>

#include <map>

namespace aloft {
namespace {

// Each answers with catalog, object, column number; then what it is as in kind_of(), schema,
// relation, name, arguments; and last the relkind of the relation that a column is of.

constexpr std::string_view kRelationNodes = R"(
SELECT 'pg_class'::regclass::oid, c.oid, 0,
 CASE WHEN k.conname IS NOT NULL THEN 'k' WHEN a.attname IS NOT NULL THEN 'a' ELSE c.relkind END,
 coalesce(an.nspname, n.nspname), coalesce(ac.relname, i.relname, ''),
 coalesce(k.conname, a.attname, c.relname), '', ac.relkind
FROM unnest('{}'::oid[]) u(oid) JOIN pg_class c ON c.oid = u.oid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index x ON x.indexrelid = c.oid LEFT JOIN pg_class i ON i.oid = x.indrelid
LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_depend d ON c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid
 AND d.deptype = 'i' AND d.refobjsubid > 0
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
LEFT JOIN pg_class ac ON ac.oid = a.attrelid
LEFT JOIN pg_namespace an ON an.oid = ac.relnamespace)";

constexpr std::string_view kColumnNodes = R"(
SELECT 'pg_class'::regclass::oid, c.oid, a.attnum,
 CASE WHEN c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 THEN 'a' ELSE c.relkind END,
 n.nspname, CASE WHEN c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 THEN c.relname ELSE '' END,
 CASE WHEN c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 THEN a.attname ELSE c.relname END,
 '', c.relkind
FROM unnest('{}'::oid[], '{}'::int[]) u(oid, num) JOIN pg_class c ON c.oid = u.oid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.num)";

constexpr std::string_view kDefaultNodes = R"(
SELECT 'pg_attrdef'::regclass::oid, u.oid, 0, CASE c.relkind WHEN 'f' THEN 'f' ELSE 'a' END,
 n.nspname, c.relname, a.attname, '', c.relkind
FROM unnest('{}'::oid[]) u(oid) JOIN pg_attrdef d ON d.oid = u.oid
JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum)";

constexpr std::string_view kTypeNodes = R"(
SELECT 'pg_type'::regclass::oid, u.oid, 0,
 CASE t.typtype WHEN 'c' THEN c.relkind WHEN 'e' THEN 'e' WHEN 'd' THEN 'd' END, n.nspname, '',
 t.typname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_type x ON x.oid = u.oid
LEFT JOIN pg_type l ON l.oid = x.typelem AND l.typarray = x.oid
JOIN pg_type t ON t.oid = coalesce(l.oid, x.oid) JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid)";

constexpr std::string_view kFunctionNodes = R"(
SELECT 'pg_proc'::regclass::oid, p.oid, 0, CASE p.prokind WHEN 'a' THEN 'A' ELSE 'F' END, n.nspname,
 '', p.proname, oidvectortypes(p.proargtypes), NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_proc p ON p.oid = u.oid
JOIN pg_namespace n ON n.oid = p.pronamespace)";

constexpr std::string_view kOperatorNodes = R"(
SELECT 'pg_operator'::regclass::oid, o.oid, 0, 'O', n.nspname, '', o.oprname,
 CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', ' ||
 format_type(o.oprright, NULL), NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_operator o ON o.oid = u.oid AND o.oprcode <> 0
JOIN pg_namespace n ON n.oid = o.oprnamespace)";

constexpr std::string_view kSearchParserNodes = R"(
SELECT 'pg_ts_parser'::regclass::oid, x.oid, 0, 'W', n.nspname, '', x.prsname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_ts_parser x ON x.oid = u.oid
JOIN pg_namespace n ON n.oid = x.prsnamespace)";

constexpr std::string_view kSearchTemplateNodes = R"(
SELECT 'pg_ts_template'::regclass::oid, x.oid, 0, 'M', n.nspname, '', x.tmplname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_ts_template x ON x.oid = u.oid
JOIN pg_namespace n ON n.oid = x.tmplnamespace)";

constexpr std::string_view kSearchDictionaryNodes = R"(
SELECT 'pg_ts_dict'::regclass::oid, x.oid, 0, 'D', n.nspname, '', x.dictname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_ts_dict x ON x.oid = u.oid
JOIN pg_namespace n ON n.oid = x.dictnamespace)";

constexpr std::string_view kSearchConfigurationNodes = R"(
SELECT 'pg_ts_config'::regclass::oid, x.oid, 0, 'C', n.nspname, '', x.cfgname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_ts_config x ON x.oid = u.oid
JOIN pg_namespace n ON n.oid = x.cfgnamespace)";

constexpr std::string_view kConstraintNodes = R"(
SELECT 'pg_constraint'::regclass::oid, k.oid, 0,
 CASE WHEN t.oid IS NOT NULL THEN 'd' WHEN k.contype IN ('c', 'f', 'p', 'u', 'x') THEN 'k' END,
 n.nspname, coalesce(c.relname, ''), coalesce(t.typname, k.conname), '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_constraint k ON k.oid = u.oid
JOIN pg_namespace n ON n.oid = k.connamespace LEFT JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_type t ON t.oid = k.contypid)";

constexpr std::string_view kRuleNodes = R"(
SELECT 'pg_rewrite'::regclass::oid, r.oid, 0, CASE r.rulename WHEN '_RETURN' THEN 'v' END,
 n.nspname, '', c.relname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_rewrite r ON r.oid = u.oid
JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace)";

constexpr std::string_view kTriggerNodes = R"(
SELECT 'pg_trigger'::regclass::oid, t.oid, 0, CASE WHEN NOT t.tgisinternal AND t.tgparentid = 0
 THEN 'T' END, n.nspname, c.relname, t.tgname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_trigger t ON t.oid = u.oid
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace)";

constexpr std::string_view kPolicyNodes = R"(
SELECT 'pg_policy'::regclass::oid, p.oid, 0, 'P', n.nspname, c.relname, p.polname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_policy p ON p.oid = u.oid
JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace)";

constexpr std::string_view kNamespaceNodes = R"(
SELECT 'pg_namespace'::regclass::oid, n.oid, 0, 'N', '', '', n.nspname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_namespace n ON n.oid = u.oid)";

constexpr std::string_view kExtensionNodes = R"(
SELECT 'pg_extension'::regclass::oid, x.oid, 0, 'X', '', '', x.extname, '', NULL
FROM unnest('{}'::oid[]) u(oid) JOIN pg_extension x ON x.oid = u.oid)";

std::optional<Kind> kind_of(char letter) {
  switch (letter) {
    case 'r':
    case 'p': return Kind::Table;
    case 'v':
    case 'm': return Kind::View;
    case 'i':
    case 'I': return Kind::Index;
    case 'S': return Kind::Sequence;
    case 'a': return Kind::Column;
    case 'c': return Kind::Composite;
    case 'e': return Kind::Enum;
    case 'd': return Kind::Domain;
    case 'F': return Kind::Function;
    case 'A': return Kind::Aggregate;
    case 'O': return Kind::Operator;
    case 'W': return Kind::SearchParser;
    case 'M': return Kind::SearchTemplate;
    case 'D': return Kind::SearchDictionary;
    case 'C': return Kind::SearchConfiguration;
    case 'k': return Kind::Constraint;
    case 'T': return Kind::Trigger;
    case 'P': return Kind::Policy;
    case 'N': return Kind::Schema;
    case 'X': return Kind::Extension;
    default: return std::nullopt;
  }
}

bool is_system(const ObjectId& id) {
  const std::string& schema = id.kind == Kind::Schema ? id.name : id.schema;
  return schema.starts_with("pg_") || schema == "information_schema";
}

void add_node(CatalogNodes& nodes, Fields f) {
  const Address address = address_of(f);
  const auto kind = kind_of(f.letter(' '));
  if (!kind) return;
  CatalogNode node{.id = {.kind = *kind}};
  node.id.schema = f.text();
  node.id.relation = f.text();
  node.id.name = f.text();
  node.id.args = f.text();
  if (is_system(node.id)) return;
  if (*kind == Kind::Column) {
    node.relation = ObjectId{.kind = kind_of(f.letter('r')).value_or(Kind::Table),
                             .schema = node.id.schema,
                             .name = node.id.relation};
  }
  nodes.emplace(address, std::move(node));
}

}  // namespace

Address address_of(Fields& fields) {
  const Oid catalog = fields.oid();
  const Oid object = fields.oid();
  return {catalog, object, static_cast<std::int32_t>(fields.number(0))};
}

CatalogNodes resolve_nodes(Session& session, const std::set<Address>& addresses) {
  std::map<Oid, std::string> objects;  // of each catalog, as the members of an array constant
  std::string relations, numbers;      // columns
  const auto add = [](std::string& list, std::int64_t number) {
    list += (list.empty() ? "" : ",") + std::to_string(number);
  };
  for (const Address& a : addresses) {
    if (a.sub == 0) {
      add(objects[a.catalog], a.object);
    } else if (a.catalog == catalog::kClass) {
      add(relations, a.object);
      add(numbers, a.sub);
    }
  }
  std::vector<std::string> statements{
      fmt::format(fmt::runtime(kColumnNodes), "{" + relations + "}", "{" + numbers + "}")};
  for (const auto& [catalog_oid, query] :
       std::map<Oid, std::string_view>{{catalog::kClass, kRelationNodes},
                                       {catalog::kAttrdef, kDefaultNodes},
                                       {catalog::kType, kTypeNodes},
                                       {catalog::kProc, kFunctionNodes},
                                       {catalog::kOperator, kOperatorNodes},
                                       {catalog::kSearchParser, kSearchParserNodes},
                                       {catalog::kSearchTemplate, kSearchTemplateNodes},
                                       {catalog::kSearchDictionary, kSearchDictionaryNodes},
                                       {catalog::kSearchConfiguration, kSearchConfigurationNodes},
                                       {catalog::kConstraint, kConstraintNodes},
                                       {catalog::kRewrite, kRuleNodes},
                                       {catalog::kTrigger, kTriggerNodes},
                                       {catalog::kPolicy, kPolicyNodes},
                                       {catalog::kNamespace, kNamespaceNodes},
                                       {catalog::kExtension, kExtensionNodes}})
    if (const auto it = objects.find(catalog_oid); it != objects.end())
      statements.push_back(fmt::format(fmt::runtime(query), "{" + it->second + "}"));
  CatalogNodes nodes;
  session.stream(statements, [&](std::size_t, RowView row) { add_node(nodes, Fields(row)); });
  return nodes;
}

}  // namespace aloft
