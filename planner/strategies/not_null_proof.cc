#include "planner/strategies/not_null_proof.h"

#include <utility>

#include "planner/fates.h"
#include "planner/locks.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {

NotNullProof::NotNullProof(ObjectId column, const PlanContext& ctx)
    : column_(std::move(column)),
      table_(relation_of(column_)),
      id_(child_id(Kind::Constraint, table_,
                   suffixed(column_.relation + "_" + column_.name, "_nn_" + run_mark(column_)))),
      ctx_(ctx),
      alter_(sql("ALTER TABLE {}", qualified(table_))) {}

Sql NotNullProof::add_sql() const {
  return sql("{} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", alter_, Ident{id_.name},
             Ident{column_.name});
}

Sql NotNullProof::drop_sql() const {
  return sql("{} DROP CONSTRAINT IF EXISTS {}", alter_, Ident{id_.name});
}

std::vector<Step> NotNullProof::steps() const {
  std::vector<Step> steps = tree_proofs(column_, id_.name,
                                        "The server reads all rows and proves that none is left "
                                        "without a value, while others read and write.",
                                        ctx_);
  Step set = catalog_step(ctx_, column_,
                          {sql("{} ALTER COLUMN {} SET NOT NULL", alter_, Ident{column_.name}),
                           sql("{} DROP CONSTRAINT {}", alter_, Ident{id_.name})},
                          on_tree(ctx_, table_, LockLevel::AccessExclusive),
                          "The check proves it, so that the table is not read under the lock.");
  set.phase = Phase::Backfill;
  set_undo(set, {sql("{} ALTER COLUMN {} DROP NOT NULL", alter_, Ident{column_.name})});
  steps.push_back(std::move(set));
  return steps;
}

}  // namespace aloft
