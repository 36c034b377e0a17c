#include "planner/emit/table_sql.h"
#include "planner/strategies/fill_column.h"
#include "planner/strategies/strategies.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

struct NullProof {
  std::string name{};
  bool there = false;      ///< left by a run that did not end: adopted
  bool validated = false;  ///< nothing left to scan
  bool wanted = false;     ///< the files name it, or its own Drop takes it away: it is left alone
};

/// A live check that says just `column IS NOT NULL`, or the name for a new one.
NullProof find_proof(const ObjectId& id, const PlanContext& ctx) {
  NullProof proof{.name = suffixed(id.relation + "_" + id.name, "_nn")};
  const std::string test = quote_ident(id.name) + " IS NOT NULL";
  for_each_child<Constraint>(
      ctx.live, relation_of(id), [&](const ObjectId& check, const Constraint& constraint) {
        const std::string& text = constraint.definition.sql;
        if (constraint.type != Constraint::Type::Check) return;
        if (text != "CHECK ((" + test + "))" && text != "CHECK (" + test + ")") return;
        if (proof.there && proof.validated) return;
        proof = {
            .name = check.name, .there = true, .validated = constraint.validated, .wanted = true};
      });
  return proof;
}

std::vector<Step> named_not_null_steps(const ObjectId& id, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  const Sql alter = sql("ALTER TABLE {}", qualified(table));
  const Ident name{suffixed(id.relation + "_" + id.name, "_not_null")};
  Step add = catalog_step(
      ctx, id, {sql("{} ADD CONSTRAINT {} NOT NULL {} NOT VALID", alter, name, Ident{id.name})},
      on_tree(ctx, table, LockLevel::AccessExclusive), "New rows need a value from now on.");
  set_undo(add, {sql("{} DROP CONSTRAINT {}", alter, name)});
  Step validate = scan_step(ctx, id, sql("{} VALIDATE CONSTRAINT {}", alter, name), table,
                            on_tree(ctx, table, LockLevel::ShareUpdateExclusive),
                            "All rows are checked for NULLs while others read and write.");
  validate.undone_by_others = true;
  return {add, validate};
}

}  // namespace

// The drop of the check stays apart: in one ALTER with SET NOT NULL it runs first and brings the
// scan back.
std::vector<Step> set_not_null_steps(const ObjectId& id, const PlanContext& ctx) {
  const Column* wanted = ctx.desired.find<Column>(id);
  if (wanted != nullptr && !wanted->said->fill.empty() && ctx.live.contains(id) &&
      fills_in_batches(ctx, relation_of(id)))
    return fill_not_null_steps(id, *wanted, ctx);
  if (ctx.facts.server_version >= 180000) return named_not_null_steps(id, ctx);
  const ObjectId table = relation_of(id);
  const Sql alter = sql("ALTER TABLE {}", qualified(table));
  const NullProof proof = find_proof(id, ctx);
  const Ident check{proof.name}, column{id.name};
  const Locks exclusive = on_tree(ctx, table, LockLevel::AccessExclusive);
  std::vector<Step> steps;
  if (!proof.there) {
    Step add = catalog_step(
        ctx, id,
        {sql("{} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", alter, check, column)},
        exclusive, "New rows need a value from now on; old ones are checked in the next step.");
    set_undo(add, {sql("{} DROP CONSTRAINT IF EXISTS {}", alter, check)});
    steps.push_back(std::move(add));
  }
  if (!proof.validated) {
    steps.push_back(scan_step(
        ctx, id, sql("{} VALIDATE CONSTRAINT {}", alter, check), table,
        on_tree(ctx, table, LockLevel::ShareUpdateExclusive),
        "All rows are checked for NULLs while others read and write; it fails where one is."));
    steps.back().undone_by_others = !proof.there;
  }
  std::vector<Sql> last{sql("{} ALTER COLUMN {} SET NOT NULL", alter, column)};
  if (!proof.wanted) last.push_back(sql("{} DROP CONSTRAINT {}", alter, check));
  Step set = catalog_step(ctx, id, last, exclusive,
                          "The check proves it, so that the table is not read under the lock.");
  set_undo(set, {sql("{} ALTER COLUMN {} DROP NOT NULL", alter, column)});
  steps.push_back(std::move(set));
  return steps;
}

}  // namespace aloft
