#include <fmt/format.h>

#include "engine/base/sql.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

struct TypeRow {
  Oid oid = 0;
  Name name{};
  std::string owner{};
  Grants grants{};
  std::string comment{};
  ObjectId id(Kind kind) const { return {.kind = kind, .schema = name.schema, .name = name.name}; }
};

void add_enum(Reading& r, TypeRow t) {
  const auto [it, added] =
      r.live.snapshot.enums.emplace(t.id(Kind::Enum), Enum{.owner = std::move(t.owner),
                                                           .grants = std::move(t.grants),
                                                           .comment = std::move(t.comment)});
  r.enums.emplace(t.oid, &it->second);
}

void add_domain(Reading& r, TypeRow t, Fields& f) {
  Domain domain{.type = f.text()};
  if (const auto c = r.collations.find(f.oid()); c != r.collations.end())
    domain.collation = c->second;
  domain.default_value.sql = f.text();
  domain.not_null = f.flag();
  domain.owner = std::move(t.owner);
  domain.grants = std::move(t.grants);
  domain.comment = std::move(t.comment);
  const auto [it, added] = r.live.snapshot.domains.emplace(t.id(Kind::Domain), std::move(domain));
  r.domains.emplace(t.oid, &it->second);
}

void add_composite(Reading& r, TypeRow t, Oid relation) {
  const auto [it, added] = r.live.snapshot.composites.emplace(
      t.id(Kind::Composite), Composite{.owner = std::move(t.owner),
                                       .grants = std::move(t.grants),
                                       .comment = std::move(t.comment)});
  r.relations.emplace(relation, Relation{.id = t.id(Kind::Composite), .composite = &it->second});
}

}  // namespace

/// Types of their own: neither the row types of tables nor arrays. "The type's own" collation of a
/// domain is its base type's.
const Reader kTypes{
    "types",
    [](const ReadScope& scope) {
      return fmt::format(
          "SELECT t.oid, t.typnamespace, t.typname, t.typtype, c.oid, t.typowner, {},"
          " CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END,"
          " CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN t.typcollation END,"
          " coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault), t.typnotnull"
          " FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'"
          " LEFT JOIN pg_type b ON b.oid = t.typbasetype"
          " WHERE t.typnamespace = ANY ('{}') AND CASE t.typtype"
          " WHEN 'c' THEN c.oid IS NOT NULL WHEN 'm' THEN false"
          " WHEN 'b' THEN t.typcategory <> 'A' OR t.typelem = 0 ELSE true END",
          acl_sql("coalesce(t.typacl, acldefault('T', t.typowner))", "t.typowner", 'T'),
          scope.schemas);
    },
    [](Reading& r, Fields f) {
      TypeRow type{.oid = f.oid()};
      if (r.is_member(catalog::kType, type.oid)) return;
      type.name = {r.schema(f.oid()), f.text()};
      const char what = f.letter(' ');
      const Oid relation = f.oid();
      type.owner = r.role(f.oid());
      type.grants = r.grants(f.text());
      type.comment = r.comment(catalog::kType, type.oid);
      const std::string name = quote_qualified(type.name.schema, type.name.name);
      switch (what) {
        case 'e': return add_enum(r, std::move(type));
        case 'd': return add_domain(r, std::move(type), f);
        case 'c': return add_composite(r, std::move(type), relation);
        case 'r': return r.unmanaged("range type", name);
        case 'b': return r.unmanaged("base type", name);
        default: return r.unmanaged("shell type", name);
      }
    }};

const Reader kEnumLabels{
    "enum labels",
    [](const ReadScope&) -> std::string {
      return "SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder";
    },
    [](Reading& r, Fields f) {
      if (const auto it = r.enums.find(f.oid()); it != r.enums.end())
        it->second->labels.push_back(f.text());
    }};

}  // namespace aloft
