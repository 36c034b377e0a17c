#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// `CHECK (c IS NOT NULL)`, for the time of a run: once the server has validated it, NOT NULL reads
/// no row (PostgreSQL 12+).
class NotNullProof {
 public:
  NotNullProof(ObjectId column, const PlanContext& ctx);

  const ObjectId& id() const { return id_; }
  Sql add_sql() const;
  Sql drop_sql() const;
  /// VALIDATE, then SET NOT NULL in the check's place, in phase backfill.
  std::vector<Step> steps() const;

 private:
  const ObjectId column_, table_, id_;
  const PlanContext& ctx_;
  const Sql alter_;
};

}  // namespace aloft
