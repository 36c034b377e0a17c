#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// Eight hexadecimal digits for what a run makes for a column: the same for the same column.
std::string run_mark(const ObjectId& column);

/// A trigger, for the time of a run, that gives a column of each written row a value made of the
/// row's other columns. It fires on every INSERT and UPDATE (a row that is not filled yet may be
/// written for another reason) and for every role of the session (ENABLE ALWAYS).
struct SyncTrigger {
  ObjectId column{};    ///< the column that is set
  std::string name{};   ///< of the function in schema aloft, and, after "~aloft_", of the trigger
  std::string value{};  ///< an expression over the columns of the row, by their bare names
  std::string
      when{};  ///< over NEW: the condition under which there is something to set; empty: any
  std::string condition{};  ///< the same over the row's columns by their bare names, where no WHEN
                            ///< can say it
  bool forgiving = false;   ///< a value that cannot be made is NULL, not an error
  /// Where an UPDATE changes `column` but not this one, as the action of a foreign key on `column`
  /// does, this one takes `source_value` instead; empty: never.
  std::string source{};
  std::string source_value{};  ///< an expression over the columns of the row, by their bare names
  bool as_owner = false;       ///< with the rights of who makes it (SECURITY DEFINER), not of who
                               ///< writes the row
  std::string body{};          ///< of the function, where it is another than all this says

  /// "~aloft_NAME": "~" sorts after all letters, and BEFORE triggers fire in the order of their
  /// names, so that it sees what others have set.
  std::string trigger_name() const { return "~aloft_" + name; }
  std::vector<Sql> create_sql(const PlanContext& ctx) const;
  /// Trigger and function, in one transaction: without its function no row could be written.
  std::vector<Sql> drop_sql() const;
  /// The same behind a lock of its own: by itself DROP TRIGGER takes the locks of partitions before
  /// that of their table, and so runs into every write, which takes them the other way round.
  std::vector<Sql> lock_and_drop_sql() const;
  /// A SELECT of whether it is there and fires for every role of a session.
  Sql is_on() const;
};

/// The body of a function as SQL says it: between "$aloft$", or longer marks that it does not hold.
std::string quoted_body(const std::string& body);

/// EXPLAIN of an UPDATE: PostgreSQL reads the expressions and fires no trigger, so that a mistake
/// in one ends the transaction before any write of an application depends on a function with it.
Sql explain_sql(const ObjectId& table, const Sql& assignments);

/// One statement in batches by the blocks of `table`, which it locks as `level` says.
Step in_batches(const PlanContext& ctx, const ObjectId& about, const ObjectId& table,
                const Sql& statement, LockLevel level, std::string why);
/// An UPDATE of all rows for which `pending` is true, in batches; the table's user triggers that
/// fire for it are named as a hazard where the login may not silence them.
Step batch_step(const PlanContext& ctx, const ObjectId& column, const ObjectId& table,
                const Sql& assignment, const std::string& pending, std::string why);

/// The statement of such a step: UPDATE ONLY table SET sets WHERE (where). `table`: quoted.
Sql update_sql(const std::string& table, const std::string& sets, const std::string& where);

/// May a table's rows be filled online: no inheriting tables, whose rows one UPDATE would reach
/// too?
bool fills_in_batches(const PlanContext& ctx, const ObjectId& table);
/// Is the table so small that the plain way, which takes `ms` under a lock, is only a moment?
bool is_moment(const PlanContext& ctx, const ObjectId& table, std::int64_t ms);

}  // namespace aloft
