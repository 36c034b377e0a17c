#pragma once

#include <functional>
#include <string>

#include "planner/strategies/shadow_column.h"
#include "planner/strategies/shadow_publication.h"
#include "planner/strategies/sync_trigger.h"
#include "planner/strategies/upsert_guard.h"

namespace aloft {

/// What the column of the new type is called until the cut-over, and the old one after it.
std::string shadow_name(const ObjectId& column);
std::string old_column_name(const ObjectId& column);

/// The names and triggers that all steps of one shadow column share.
class ShadowParts {
 public:
  ShadowParts(const ObjectId& id, const Column& from, const Column& to, const ShadowPlan& plan,
              const PlanContext& ctx);

 protected:
  bool both_not_null() const { return from_.not_null && to_.not_null; }
  /// On the table and its partitions.
  Locks exclusive() const;
  /// The tables that are locked for the cut-over, the column's own first.
  std::vector<ObjectId> tables_at_cut_over() const;
  std::string sync_check() const;
  std::string null_check() const;
  /// Is it a table with partitions?
  bool partitioned() const;
  std::string twin_name(const std::string& name) const;
  /// Of an index or key of this table or of one of its partitions.
  std::string twin_of(const ObjectId& share) const;
  std::string old_name(const std::string& name) const;
  /// Does an action of a foreign key of the table write to the column?
  bool is_set_by_foreign_keys() const;
  /// An expression over the column by its own name, as one over a column of another name.
  std::string read_as(const std::string& expression, const ObjectId& column) const;
  /// The keys and foreign keys of the column give their names and places to those on the other one,
  /// as `side` has them: `copies` says what these are called until then.
  std::vector<Sql> exchange_keys(
      const Snapshot& side, const std::function<std::string(const std::string&)>& copies) const;
  /// The same for the primary and unique keys of a table with partitions, which say their columns'
  /// names, after these have changed.
  std::vector<Sql> exchange_partitioned_keys(
      const Snapshot& side, const std::function<std::string(const ObjectId&)>& copies) const;
  /// The checks on the column, added again as `side` has them, not validated yet.
  std::vector<Sql> checks_again(const Snapshot& side) const;
  /// The cast of the column, as one of another column: `column` is quoted already.
  std::string over(const std::string& cast, const std::string& column) const;
  /// Until the cut-over: the new column follows the old one.
  SyncTrigger forward() const;
  /// After it: the old column follows the new one. Where it still means the new value it stays as
  /// it is, so that nothing is lost that does not survive the way there and back. On the way back a
  /// foreign key stands on the old column alone for a while: what its actions (SET NULL, SET
  /// DEFAULT, ON UPDATE CASCADE) do to the old column the new one follows; undone by the trigger,
  /// they would leave a reference to a row that is gone, as PostgreSQL does not look again.
  SyncTrigger backward() const;
  /// Of the keys that have a twin.
  UpsertGuard guard(const Snapshot& side) const;
  /// Do unique indexes stay on the old column until that goes?
  bool keeps_unique_indexes() const;
  /// What the one and the other keep so.
  Agreement forward_agreement() const;
  Agreement backward_agreement() const;

  const ObjectId& id_;
  const Column& from_;
  const Column& to_;
  const ShadowPlan& plan_;
  const PlanContext& ctx_;
  const ObjectId table_;
  const std::string mark_;
  const ObjectId shadow_, old_;
  const ShadowPublication publication_;
  const Sql alter_;  ///< "ALTER TABLE t"
};

}  // namespace aloft
