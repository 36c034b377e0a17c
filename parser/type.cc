#include "parser/type.h"

#include <algorithm>

#include "engine/base/sql.h"
#include "parser/choose_name.h"
#include "parser/targets.h"

namespace aloft {
namespace {

/// Id of a type being created, from {"schema", "name"} or {"name"}; nullopt after a diagnostic.
std::optional<ObjectId> new_type(Kind kind, const std::vector<std::string>& name,
                                 const Statement& st, ParseContext& context) {
  if (name.empty()) return std::nullopt;
  const char* said = name.size() > 1 ? name[name.size() - 2].c_str() : nullptr;
  const std::string schema = creation_schema(said, st, context, st.at());
  if (schema.empty()) return std::nullopt;
  ObjectId id{.kind = kind, .schema = schema, .name = name.back()};
  if (!first_time(context, id, st.at())) return std::nullopt;
  return id;
}

}  // namespace

std::string collation_name(const PgQuery__CollateClause* clause) {
  if (clause == nullptr) return "";
  return written(pg::names(clause->n_collname, clause->collname));
}

void add_domain_check(const ObjectId& id, Domain& domain, const PgQuery__Constraint& stmt,
                      const Statement& st, ParseContext& context) {
  const SourcePos at = st.at(stmt.location);
  if (stmt.is_no_inherit) refuse(context, at, "NO INHERIT on a domain's constraint");
  if (stmt.deferrable || stmt.initdeferred)
    refuse(context, at, "DEFERRABLE on a domain's constraint");
  DomainConstraint check{.validated = !stmt.skip_validation};
  check.check.sql = pg::deparse_expression(stmt.raw_expr);
  const auto same_name = [&](const DomainConstraint& c) { return c.name == check.name; };
  if (stmt.conname != nullptr && *stmt.conname != '\0') {
    check.name = stmt.conname;
  } else {
    check.name = choose_constraint_name(id, "", "check", context);
  }
  if (std::ranges::any_of(domain.constraints, same_name)) {
    context.diagnostics.error("duplicate-object",
                              to_string(id) + " has two constraints named " + check.name,
                              "give one of them another name", at);
    return;
  }
  context.constraint_names.insert({id.schema, check.name});
  const auto place =
      std::ranges::lower_bound(domain.constraints, check.name, {}, &DomainConstraint::name);
  domain.constraints.insert(place, std::move(check));
}

void parse_create_enum(const PgQuery__CreateEnumStmt& stmt, const Statement& st,
                       ParseContext& context) {
  const auto id = new_type(Kind::Enum, pg::names(stmt.n_type_name, stmt.type_name), st, context);
  if (!id) return;
  Enum type{.labels = pg::names(stmt.n_vals, stmt.vals),
            .grants = default_grants(*id, context),
            .at = st.at()};
  std::set<std::string> seen;
  for (const std::string& label : type.labels)
    if (!seen.insert(label).second)
      context.diagnostics.error(
          "duplicate-object", to_string(*id) + " has the value " + quote_literal(label) + " twice",
          "take one of them out", st.at());
  context.snapshot.enums[*id] = std::move(type);
}

void parse_create_domain(const PgQuery__CreateDomainStmt& stmt, const Statement& st,
                         ParseContext& context) {
  const auto id =
      new_type(Kind::Domain, pg::names(stmt.n_domainname, stmt.domainname), st, context);
  if (!id) return;
  Domain domain{.type = type_spelling(*stmt.type_name, st, context),
                .collation = collation_name(stmt.coll_clause),
                .grants = default_grants(*id, context),
                .at = st.at()};
  for (const pg::Node* node : pg::list(stmt.n_constraints, stmt.constraints)) {
    const PgQuery__Constraint& c = *node->constraint;
    switch (static_cast<int>(c.contype)) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        domain.default_value.sql = pg::deparse_expression(c.raw_expr);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL: domain.not_null = true; break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_NULL: break;  // the default, and NOT NULL beside it fails
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        add_domain_check(*id, domain, c, st, context);
        break;
      default: refuse(context, st.at(c.location), "a constraint on a domain other than CHECK");
    }
  }
  context.snapshot.domains[*id] = std::move(domain);
}

void parse_create_composite(const PgQuery__CompositeTypeStmt& stmt, const Statement& st,
                            ParseContext& context) {
  const auto id = new_type(Kind::Composite, name_list(*stmt.typevar), st, context);
  if (!id) return;
  Composite type{.grants = default_grants(*id, context), .at = st.at()};
  for (const pg::Node* node : pg::list(stmt.n_coldeflist, stmt.coldeflist)) {
    const PgQuery__ColumnDef& column = *node->column_def;
    if (column.n_constraints > 0 || column.raw_default != nullptr)
      refuse(context, st.at(column.location), "a constraint on an attribute of a composite type");
    if (std::ranges::find(type.attributes, column.colname, &Attribute::name) !=
        type.attributes.end())
      context.diagnostics.error("duplicate-object",
                                to_string(*id) + " has the attribute " + column.colname + " twice",
                                "take one of them out", st.at(column.location));
    type.attributes.push_back({.name = column.colname,
                               .type = type_spelling(*column.type_name, st, context),
                               .collation = collation_name(column.coll_clause)});
  }
  context.snapshot.composites[*id] = std::move(type);
}

}  // namespace aloft
