#include "planner/strategies/shadow_parts.h"

#include <algorithm>
#include <set>

#include "planner/emit/table_sql.h"
#include "planner/locks.h"
#include "planner/strategies/foreign_key_copy.h"
#include "planner/strategies/shadow_shares.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/strategies.h"

namespace aloft {

std::string shadow_name(const ObjectId& column) {
  return suffixed(column.name, "__new_" + run_mark(column).substr(0, 4));
}

std::string old_column_name(const ObjectId& column) {
  return suffixed(column.name, "__old_" + run_mark(column).substr(0, 4));
}

ShadowParts::ShadowParts(const ObjectId& id, const Column& from, const Column& to,
                         const ShadowPlan& plan, const PlanContext& ctx)
    : id_(id),
      from_(from),
      to_(to),
      plan_(plan),
      ctx_(ctx),
      table_(relation_of(id)),
      mark_(run_mark(id).substr(0, 4)),
      shadow_(child_id(Kind::Column, table_, shadow_name(id))),
      old_(child_id(Kind::Column, table_, old_column_name(id))),
      publication_(id, shadow_, old_, ctx),
      alter_(sql("ALTER TABLE {}", qualified(table_))) {}

Locks ShadowParts::exclusive() const {
  return on_tree(ctx_, table_, LockLevel::AccessExclusive);
}

std::vector<ObjectId> ShadowParts::tables_at_cut_over() const {
  std::vector<ObjectId> tables{table_};
  std::set<ObjectId> seen{table_};
  for (const ObjectId& key : plan_.made_again)
    if (seen.insert(relation_of(key)).second) tables.push_back(relation_of(key));
  return tables;
}

std::string ShadowParts::sync_check() const {
  return suffixed(id_.relation + "_" + id_.name, "_sync_" + mark_);
}

std::string ShadowParts::null_check() const {
  return suffixed(id_.relation + "_" + id_.name, "_nn_" + mark_);
}

std::string ShadowParts::twin_name(const std::string& name) const {
  return suffixed(name, "__new_" + mark_);
}

std::string ShadowParts::twin_of(const ObjectId& share) const {
  return copy_of_share(share, "__new_", mark_);
}

bool ShadowParts::partitioned() const {
  return !ctx_.live.tables.at(table_).partition_key.empty();
}

std::string ShadowParts::old_name(const std::string& name) const {
  return suffixed(name, "__old_" + mark_);
}

std::vector<Sql> ShadowParts::exchange_keys(
    const Snapshot& side, const std::function<std::string(const std::string&)>& copies) const {
  std::vector<Sql> statements;
  for (const ObjectId& id : plan_.foreign_keys)
    append(statements, exchange_with_copy(id, copies(id.name), side));
  if (partitioned()) return statements;
  for (const ObjectId& id : plan_.keys) {
    const Constraint& key = side.constraints.at(id);
    statements.push_back(sql("{} DROP CONSTRAINT {}, {}", alter_, Ident{id.name},
                             Sql{using_index_clause(id.name, copies(id.name), key)}));
    append(statements, constraint_extras_sql(id, key));
  }
  return statements;
}

std::vector<Sql> ShadowParts::exchange_partitioned_keys(
    const Snapshot& side, const std::function<std::string(const ObjectId&)>& copies) const {
  std::vector<Sql> statements;
  if (!partitioned()) return statements;
  for (const ObjectId& id : plan_.keys) {
    statements.push_back(sql("{} DROP CONSTRAINT {}", alter_, Ident{id.name}));
    append(statements, partitioned_key_sql(id, side, copies));
  }
  return statements;
}

std::vector<Sql> ShadowParts::checks_again(const Snapshot& side) const {
  std::vector<Sql> statements;
  for (const ObjectId& id : plan_.checks) {
    const Constraint& check = side.constraints.at(id);
    statements.push_back(sql("{} ADD {} NOT VALID", alter_, Sql{constraint_clause(id, check)}));
    append(statements, constraint_extras_sql(id, check));
    for (const ObjectId& part : columns_below(id_, side)) {
      const ObjectId copy = child_id(Kind::Constraint, relation_of(part), id.name);
      if (const Constraint* own = side.find<Constraint>(copy); own != nullptr)
        append(statements, constraint_extras_sql(copy, *own));
    }
  }
  return statements;
}

std::string ShadowParts::read_as(const std::string& expression, const ObjectId& column) const {
  return sql("(SELECT {} FROM (SELECT {} AS {}) AS v)", Sql{expression}, Ident{column.name},
             Ident{id_.name})
      .text;
}

SyncTrigger ShadowParts::forward() const {
  const std::string own = "NEW." + quote_ident(id_.name);
  const bool cast = to_.said->new_value.empty();
  return {.column = shadow_,
          .name = "sync_" + run_mark(id_),
          .value = plan_.up,
          .when = cast ? differs("NEW." + quote_ident(shadow_.name), over(plan_.up, own), to_.type)
                       : ""};
}

std::string ShadowParts::over(const std::string& cast, const std::string& column) const {
  const std::string name = quote_ident(id_.name);
  const auto at = cast.find(name);
  return cast.substr(0, at) + column + cast.substr(at + name.size());
}

bool ShadowParts::is_set_by_foreign_keys() const {
  bool is_set = false;
  for_each_child<Constraint>(ctx_.live, table_, [&](const ObjectId&, const Constraint& key) {
    const std::string& text = key.definition.sql;
    if (key.referenced.name.empty() || std::ranges::count(key.columns, id_.name) == 0) return;
    for (const char* action : {" SET NULL", " SET DEFAULT", " ON UPDATE "})
      is_set |= text.find(action) != std::string::npos;
  });
  return is_set;
}

SyncTrigger ShadowParts::backward() const {
  const std::string fresh = "NEW." + quote_ident(id_.name);
  const bool cast = to_.said->new_value.empty();
  const bool is_set = is_set_by_foreign_keys();
  return {
      .column = old_,
      .name = "back_" + run_mark(id_),
      .value = plan_.down,
      .when = cast ? differs(fresh, over(plan_.up, "NEW." + quote_ident(old_.name)), to_.type) : "",
      .condition = cast ? "" : differs(quote_ident(id_.name), read_as(plan_.up, old_), to_.type),
      .forgiving = true,
      .source = is_set ? id_.name : "",
      .source_value = is_set ? read_as(plan_.up, old_) : ""};
}

UpsertGuard ShadowParts::guard(const Snapshot& side) const {
  std::vector<ObjectId> all = plan_.keys;
  append(all, plan_.indexes);
  return UpsertGuard(id_, all, side);
}

bool ShadowParts::keeps_unique_indexes() const {
  return !UpsertGuard(id_, plan_.indexes, ctx_.live).empty();
}

Agreement ShadowParts::forward_agreement() const {
  return {.trigger = child_id(Kind::Trigger, table_, forward().trigger_name()),
          .what = "the old and the new " + quote_ident(id_.name),
          .condition = is_same(quote_ident(shadow_.name), plan_.up, to_.type)};
}

/// The old column means the same as the new one, or has its value; where that has none in the old
/// type, it is NULL. Before 16 nobody can say whether a value fits.
Agreement ShadowParts::backward_agreement() const {
  const Ident own{id_.name}, old{old_.name};
  const bool cast = to_.said->new_value.empty();
  const Sql missing =
      cast && ctx_.facts.server_version >= 160000
          ? sql("NOT pg_catalog.pg_input_is_valid({}::text, {})", own, Literal{from_.type})
          : Sql{"true"};
  const std::string other =
      differs(quote_ident(id_.name),
              cast ? over(plan_.up, quote_ident(old_.name)) : read_as(plan_.up, old_), to_.type);
  return {.trigger = child_id(Kind::Trigger, table_, backward().trigger_name()),
          .what = "the old and the new " + quote_ident(id_.name),
          .condition = sql("CASE WHEN ({}) IS NOT TRUE THEN true WHEN {} IS NULL THEN {} ELSE"
                           " {}::text = ({})::text END",
                           Sql{other}, old, missing, old, Sql{plan_.down})
                           .text};
}

}  // namespace aloft
