#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/base/sql.h"
#include "engine/introspect/readers.h"

namespace aloft {
namespace {

constexpr std::string_view kNotValid = " NOT VALID";

std::string without_not_valid(std::string text) {
  if (text.ends_with(kNotValid)) text.resize(text.size() - kNotValid.size());
  return text;
}

/// A foreign key to a partitioned table has a further row of its own table for each partition:
/// those are left out. Of PostgreSQL 18's NOT NULL constraints, only those that say more than their
/// column's not_null. What the files cannot say, as their syntax is older, is only named: NOT
/// ENFORCED, and keys and foreign keys over periods of time.
std::string constraints_sql(const ReadScope& scope) {
  return fmt::format(
      "SELECT c.oid, c.conrelid, c.conname, c.contype, {},"
      " CASE c.contype WHEN 'n' THEN '' ELSE pg_get_constraintdef(c.oid) END, c.convalidated,"
      " c.conislocal, c.coninhcount > 0, c.conparentid <> 0,"
      " CASE WHEN c.contype IN ('p', 'u', 'x') THEN c.conindid END"
      " FROM pg_constraint c WHERE c.connamespace = ANY ('{}') AND c.conrelid <> 0 AND"
      " CASE c.contype WHEN 'c' THEN true WHEN 'p' THEN true WHEN 'u' THEN true"
      " WHEN 'x' THEN true WHEN 'f' THEN c.conrelid IS DISTINCT FROM"
      " (SELECT p.conrelid FROM pg_constraint p WHERE p.oid = c.conparentid)"
      " WHEN 'n' THEN c.connoinherit OR NOT c.convalidated ELSE false END",
      scope.version >= 180000 ? "CASE WHEN NOT c.conenforced THEN 'constraint not enforced'"
                                " WHEN c.conperiod THEN 'temporal constraint' END"
                              : "NULL::text",
      scope.schemas);
}

std::optional<Constraint::Type> type_of(char letter) {
  switch (letter) {
    case 'c': return Constraint::Type::Check;
    case 'f': return Constraint::Type::ForeignKey;
    case 'p': return Constraint::Type::PrimaryKey;
    case 'u': return Constraint::Type::Unique;
    case 'x': return Constraint::Type::Exclusion;
    default: return std::nullopt;
  }
}

void read_constraint(Reading& r, Fields f) {
  const Oid oid = f.oid();
  const Relation* relation = r.relation(f.oid());
  if (relation == nullptr || relation->table == nullptr) return;
  const std::string name = f.text();
  const auto type = type_of(f.letter(' '));
  const std::string unmanaged = type ? f.text() : "not null constraint";
  if (!unmanaged.empty()) {
    return r.unmanaged(unmanaged, quote_ident(name) + " on " +
                                      quote_qualified(relation->id.schema, relation->id.name));
  }
  Constraint constraint{.type = *type};
  constraint.definition.sql = without_not_valid(f.definition());
  constraint.validated = f.flag();
  constraint.local = f.flag();
  const bool from_parents = f.flag();
  const bool clone = f.flag();
  constraint.inherited = (from_parents && !constraint.local) || clone;
  constraint.comment = r.comment(catalog::kConstraint, oid);
  const auto [it, added] = r.live.snapshot.constraints.emplace(
      child_id(Kind::Constraint, relation->id, name), std::move(constraint));
  if (const Oid index = f.oid(); index != 0) r.index_constraints.emplace(index, &it->second);
}

/// The expression of "CHECK (...)".
std::string check_expression(const std::string& definition) {
  constexpr std::string_view kOpen = "CHECK (";
  if (!definition.starts_with(kOpen) || !definition.ends_with(')')) return definition;
  return definition.substr(kOpen.size(), definition.size() - kOpen.size() - 1);
}

void read_domain_constraint(Reading& r, Fields f) {
  const Oid oid = f.oid();
  const auto domain = r.domains.find(f.oid());
  if (domain == r.domains.end()) return;
  DomainConstraint constraint{.name = f.text()};
  constraint.check.sql = check_expression(without_not_valid(f.definition()));
  constraint.validated = f.flag();
  constraint.comment = r.comment(catalog::kConstraint, oid);
  auto& all = domain->second->constraints;
  const auto place = std::ranges::lower_bound(all, constraint.name, {}, &DomainConstraint::name);
  all.insert(place, std::move(constraint));
}

}  // namespace

const Reader kConstraints{"constraints", constraints_sql, read_constraint};

const Reader kDomainConstraints{
    "domain constraints",
    [](const ReadScope& scope) {
      return fmt::format(
          "SELECT c.oid, c.contypid, c.conname, pg_get_constraintdef(c.oid), c.convalidated"
          " FROM pg_constraint c WHERE c.connamespace = ANY ('{}') AND c.contypid <> 0"
          " AND c.contype = 'c'",
          scope.schemas);
    },
    read_domain_constraint};

}  // namespace aloft
