#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// While a column and the one that is to take its place have a unique index each, two upserts
/// (INSERT ... ON CONFLICT) of one new key that meet would not go the way of the conflict: that way
/// is for the indexes of the columns that ON CONFLICT names alone, and any other unique index
/// raises 23505 (ExecInsertIndexTuples; PostgreSQL manual, INSERT, ON CONFLICT). So for that time
/// who writes a new key waits for whoever else writes it, by a row of `aloft.turn` that both put
/// in, before PostgreSQL looks for a conflict.
///
/// Nobody waits who would not have waited: who finds the row goes on. Only in the levels above READ
/// COMMITTED, and for keys of types that are not PostgreSQL's own (citext), others that write the
/// same key are waited for then too; and values that are equal by the rules of such a type alone
/// are not guarded.
class UpsertGuard {
 public:
  /// `keys`: unique keys and indexes of the column's table, as `side` has them; others are left
  /// out, and so are those that ON CONFLICT cannot go by (DEFERRABLE).
  UpsertGuard(const ObjectId& column, const std::vector<ObjectId>& keys, const Snapshot& side);

  bool empty() const { return keys_.empty(); }
  /// Functions and triggers; aloft.turn is the journal's.
  std::vector<Sql> create_sql() const;
  std::vector<Sql> drop_sql() const;
  /// The function anew, for columns of other types by the same names.
  Sql replace_sql() const;
  /// What is there beside the schema.
  std::vector<ObjectId> triggers() const;
  /// The step that makes it.
  Step step(const PlanContext& ctx) const;

 private:
  struct Key {
    std::vector<std::string> columns{};
    std::string predicate{};                ///< of the rows that it is for, see Index
    std::vector<std::string> decided_by{};  ///< all columns that have a say
    bool known_types = true;                ///< PostgreSQL itself has equality and a hash for each
  };
  std::string body() const;
  std::string body_of(const Key& key) const;
  std::string turn_name() const { return "upsert_" + mark_; }
  std::string writes_name() const { return "writes_" + mark_; }
  std::string trigger_name(const std::string& what) const { return "~aloft_" + what; }

  const ObjectId column_, table_;
  const std::string mark_;
  std::vector<Key> keys_{};
};

/// The unique keys and indexes over any of the columns of one table that ON CONFLICT can go by.
std::vector<ObjectId> unique_over(const std::vector<ObjectId>& columns, const Snapshot& side);

/// Is it a unique key or index for which nothing guards upserts: over expressions, generated
/// columns, or of the rows for which a condition on types that are not PostgreSQL's own is true?
bool is_unguarded(const ObjectId& index, const Snapshot& side);
/// All of those over any of the columns of one table.
std::vector<ObjectId> unguarded_over(const std::vector<ObjectId>& columns, const Snapshot& side);
/// Hazard `app_breaking`: what that means, until the old one of the two indexes goes.
void tell_of_unguarded(Step& step, const ObjectId& index);

}  // namespace aloft
