#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// Triggers, for the time of a run, that carry every write of one table over to another that knows
/// its rows by the same key, in the same transaction and for every role of the session (ENABLE
/// ALWAYS). What is carried over is the row as it is then, not as the event has it: another trigger
/// may have changed it since, and its own event come first.
struct CopyTrigger {
  ObjectId from{}, to{};
  std::string name{};  ///< of the function in schema aloft, and, after "~aloft_", of the trigger
  std::vector<std::string> key{};  ///< unique in both, and the primary key of at least one
  /// The primary key of `to` where `key` has columns more: ON CONFLICT has no index to go by then,
  /// and nobody but the triggers may write `to`.
  std::vector<std::string> narrow_key{};
  std::vector<std::string> columns{};  ///< all that are carried over, the key's among them
  bool referred = false;               ///< may foreign keys refer to `to` for a while?
  bool from_tree = false;              ///< does `from` have partitions?
  /// Is `key` the primary key of `from`? Else it has columns more, an UPDATE of which takes no lock
  /// that a batch would meet by FOR KEY SHARE.
  bool key_is_of_from = true;

  std::string row_trigger() const { return "~aloft_" + name; }
  std::string truncate_trigger() const { return "~aloft_" + name + "_all"; }
  std::vector<Sql> create_sql(const PlanContext& ctx) const;
  /// Triggers and function, in one transaction: without its function no row could be written.
  std::vector<Sql> drop_sql() const;
  /// A SELECT of one boolean: are both there, and fire in every session?
  Sql is_on() const;
  /// The triggers as objects of `from`.
  std::vector<ObjectId> objects() const;

  /// Each row of `from` has its copy.
  Agreement agreement() const;

  /// INSERT of all rows of `from`, in batches: see "A table is written anew" in
  /// docs/zero-downtime.md for why no write is lost beside it.
  Sql copy_sql() const;
  /// A condition of one statement, and so of one snapshot: some row is not the same in both.
  Sql differ_sql() const;

 private:
  Sql body() const;
  static Sql same(const std::vector<std::string>& key, const std::string& row,
                  const std::string& other);
  Sql same_key(const std::string& row, const std::string& other) const {
    return same(key, row, other);
  }
  Sql columns_of(const std::string& row) const;
  Sql rows_of_from()
      const;  ///< for a FROM list: PostgreSQL finds no rows in ONLY a partitioned table
};

}  // namespace aloft
