#pragma once

#include <set>
#include <string>
#include <vector>

#include "planner/strategies/copy_trigger.h"
#include "planner/strategies/swap_table.h"

namespace aloft {

/// An index, or the constraint that it stands behind, of one of the two tables.
struct SwapIndex {
  ObjectId id{};        ///< as the files call it
  std::string aside{};  ///< while the other table has its name
};

/// The names and triggers that all steps of one swap share.
class SwapParts {
 public:
  SwapParts(const ObjectId& about, const PlanContext& ctx);

 protected:
  /// Until the cut-over: the new table follows the old one. After it: the other way round.
  CopyTrigger forward() const;
  CopyTrigger backward() const;
  /// The columns of both that are written as they are, and not computed.
  std::vector<std::string> shared_columns() const;
  /// The columns that the table does not have yet.
  std::vector<ObjectId> new_columns() const;
  /// Indexes and keys of the old table, with their names after the cut-over; of the new one, with
  /// those before it.
  std::vector<SwapIndex> old_indexes() const { return indexes_of(ctx_.live, "__old_"); }
  std::vector<SwapIndex> new_indexes() const { return indexes_of(ctx_.desired, "__new_"); }
  /// Does the second table have partitions? They have their names from the beginning.
  bool tree() const { return !to_.partition_key.empty(); }
  /// The new table and its parts under the names that they have until the cut-over, bare of what
  /// goes over in it: identity, foreign keys, triggers, and indexes, but those of a tree.
  Snapshot copy_side() const;

  /// A crash empties the one of the two that is unlogged: then an unlogged table beside them loses
  /// its only row as well.
  bool needs_witness() const { return from_.unlogged != to_.unlogged; }
  Sql no_crash() const;  ///< a SELECT of one boolean
  /// The views that read the table itself.
  std::vector<ObjectId> views() const;
  /// They look it up again by its name. A reader locks the view first and then the table: so does
  /// who changes both.
  std::vector<Sql> replace_views() const;
  /// These, and the tables whose foreign keys refer to the table.
  std::vector<ObjectId> with_referring(std::vector<ObjectId> tables) const;
  std::vector<ObjectId> foreign_keys() const;  ///< of the table
  ObjectId referenced_by(const ObjectId& foreign_key) const;
  /// DO that fails with `message` where the tables do not hold the same rows.
  Sql compare(const CopyTrigger& trigger, const std::string& message) const;
  /// Indexes and keys of the table, which is called so now, to their names `aside` or back.
  std::vector<Sql> rename_indexes(const ObjectId& table, const std::vector<SwapIndex>& indexes,
                                  bool aside) const;
  /// The identity column, or an empty name.
  ObjectId identity_column() const;
  /// The owned sequences of the columns go over to those of the other table.
  std::vector<Sql> sequences_to(const ObjectId& table) const;

  const ObjectId& about_;
  const PlanContext& ctx_;
  const ObjectId table_;
  const Table& from_;
  const Table& to_;
  const std::string mark_;
  const ObjectId copy_, old_;  ///< the new table until the cut-over, the old one after it
  const QualifiedName witness_;

 private:
  /// The copy's partitions, with what ties them to it by its own names.
  void add_partitions(Snapshot& side) const;
  std::vector<SwapIndex> indexes_of(const Snapshot& side, std::string_view suffix) const;
};

/// The columns of each unique index and key of the table that is no partial one or over an
/// expression, each list sorted.
std::set<std::vector<std::string>> unique_columns(const Snapshot& side, const ObjectId& table);

/// What the two tables are called while the other one has the name.
std::string copy_table_name(const ObjectId& table);
std::string old_table_name(const ObjectId& table);

/// The cut-over and what follows it. swap_cutover.cc
std::vector<Step> swap_cut_over_steps(const ObjectId& about, const PlanContext& ctx);
/// From after the cut-over back to before it, as Step::undo is read. swap_return.cc
std::vector<Sql> swap_way_back(const ObjectId& about, const PlanContext& ctx);

}  // namespace aloft
