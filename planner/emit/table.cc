#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/emit.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/locks.h"
#include "planner/publications.h"
#include "planner/strategies/facade.h"

namespace aloft {
namespace {

Sql alter_table(const ObjectId& id, const std::string& clause) {
  return sql("ALTER TABLE {} {}", qualified(id), Sql{clause});
}

void options_steps(std::vector<Step>& steps, const Action& action, const Table& from,
                   const Table& to, const PlanContext& ctx) {
  std::vector<Sql> statements, undo;
  LockLevel level = LockLevel::ShareUpdateExclusive;
  for (const std::string& clause : option_clauses(from.options, to.options))
    statements.push_back(alter_table(action.id, clause));
  for (const std::string& clause : option_clauses(to.options, from.options))
    undo.push_back(alter_table(action.id, clause));
  for (const Options* options : {&from.options, &to.options})
    for (const Option& option : *options) level = std::max(level, option_lock(option.name));
  Step step = catalog_step(ctx, action.id, statements, {{action.id, level}},
                           "Storage parameters change; rows are left as they are.");
  set_undo(step, undo);
  steps.push_back(std::move(step));
}

std::string replica_clause(const ReplicaIdentity& identity) {
  switch (identity.mode) {
    case 'n': return "REPLICA IDENTITY NOTHING";
    case 'f': return "REPLICA IDENTITY FULL";
    case 'i': return "REPLICA IDENTITY USING INDEX " + quote_ident(identity.index);
    default: return "REPLICA IDENTITY DEFAULT";
  }
}

/// Statements in one catalog step under ACCESS EXCLUSIVE, with what takes them back.
void toggle(std::vector<Step>& steps, const Action& action, const std::string& clause,
            const std::string& undo, std::string why, const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, {alter_table(action.id, clause)},
                           {{action.id, LockLevel::AccessExclusive}}, std::move(why));
  set_undo(step, {alter_table(action.id, undo)});
  steps.push_back(std::move(step));
}

void rewrite(std::vector<Step>& steps, const Action& action, const std::string& clause,
             const std::string& undo, std::string why, const PlanContext& ctx) {
  Step step = heavy_step(ctx, action.id, {alter_table(action.id, clause)}, action.id, true,
                         {{action.id, LockLevel::AccessExclusive}}, std::move(why));
  set_undo(step, {alter_table(action.id, undo)});
  steps.push_back(std::move(step));
}

std::string tablespace_clause(const std::string& tablespace) {
  return "SET TABLESPACE " + quote_ident(tablespace.empty() ? "pg_default" : tablespace);
}

void storage_steps(std::vector<Step>& steps, const Action& action, const Table& from,
                   const Table& to, const PlanContext& ctx) {
  if (changes(action, "unlogged"))
    rewrite(steps, action, to.unlogged ? "SET UNLOGGED" : "SET LOGGED",
            to.unlogged ? "SET LOGGED" : "SET UNLOGGED",
            "PostgreSQL writes the table anew to change its persistence.", ctx);
  if (changes(action, "access method") && !to.partition_key.empty()) {
    steps.push_back(
        impossible_step(ctx, action.id,
                        "a partitioned table's access method is that of its future partitions: "
                        "change it by hand, or say it for each partition"));
  } else if (changes(action, "access method")) {
    const auto method = [](const std::string& m) {
      return "SET ACCESS METHOD " + (m.empty() ? std::string("heap") : quote_ident(m));
    };
    rewrite(steps, action, method(to.access_method), method(from.access_method),
            "Another access method means another format of the table.", ctx);
  }
  if (changes(action, "tablespace"))
    rewrite(steps, action, tablespace_clause(to.tablespace), tablespace_clause(from.tablespace),
            "The table's file is copied to another tablespace.", ctx);
}

void row_security_steps(std::vector<Step>& steps, const Action& action, const Table& to,
                        const PlanContext& ctx) {
  const auto one = [&](std::string_view field, bool on, const std::string& on_clause,
                       const std::string& off_clause, const std::string& why) {
    if (!changes(action, field)) return;
    toggle(steps, action, on ? on_clause : off_clause, on ? off_clause : on_clause, why, ctx);
    Step& step = steps.back();
    if (on)
      add_hazard(step, Hazard::AppBreaking, "rows that no policy allows are no longer seen");
    else
      add_hazard(step, Hazard::Privilege, "policies no longer restrict who sees which rows");
  };
  one("row security", to.row_security, "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY",
      "Row level security is switched.");
  one("force row security", to.force_row_security, "FORCE ROW LEVEL SECURITY",
      "NO FORCE ROW LEVEL SECURITY", "Row level security for the owner is switched.");
}

void inherit_steps(std::vector<Step>& steps, const Action& action, const Table& from,
                   const Table& to, const PlanContext& ctx) {
  const auto say = [&](const Name& parent, const char* word, const char* undo,
                       LockLevel parent_lock) {
    const ObjectId parent_id = table_id(parent.schema, parent.name);
    const std::string name = " " + to_sql(qualified(parent));
    Step step = catalog_step(ctx, action.id, {alter_table(action.id, word + name)},
                             {{parent_id, parent_lock}, {action.id, LockLevel::AccessExclusive}},
                             "The table's parents change.");
    set_undo(step, {alter_table(action.id, undo + name)});
    steps.push_back(std::move(step));
  };
  // Parents count in order: from the first that differs on, all go and come again.
  std::size_t same = 0;
  while (same < from.inherits.size() && same < to.inherits.size() &&
         from.inherits[same] == to.inherits[same])
    ++same;
  for (std::size_t i = from.inherits.size(); i-- > same;)
    say(from.inherits[i], "NO INHERIT", "INHERIT", LockLevel::AccessShare);
  for (std::size_t i = same; i < to.inherits.size(); ++i)
    say(to.inherits[i], "INHERIT", "NO INHERIT", LockLevel::ShareUpdateExclusive);
}

}  // namespace

std::vector<Step> alter_steps(const Action& action, const Table& from, const Table& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  const bool moves = changes(action, "partition of");
  if (moves && !from.partition_of.empty()) append(steps, detach_steps(action.id, from, ctx));
  if (changes(action, "inherits")) inherit_steps(steps, action, from, to, ctx);
  if (changes(action, "of type"))
    toggle(steps, action, to.of_type.empty() ? "NOT OF" : "OF " + to_sql(qualified(to.of_type)),
           from.of_type.empty() ? "NOT OF" : "OF " + to_sql(qualified(from.of_type)),
           "The table's row type is named differently.", ctx);
  if (changes(action, "options")) options_steps(steps, action, from, to, ctx);
  storage_steps(steps, action, from, to, ctx);
  if (moves && !to.partition_of.empty()) append(steps, attach_steps(action.id, to, ctx));
  if (!moves && changes(action, "partition bound"))
    append(steps, rebound_steps(action.id, from, to, ctx));
  if (changes(action, "replica identity"))
    toggle(steps, action, replica_clause(to.replica_identity),
           replica_clause(from.replica_identity),
           "Logical replication identifies rows in another way.", ctx);
  row_security_steps(steps, action, to, ctx);
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Table& was, const PlanContext& ctx) {
  std::vector<Step> steps;
  const ObjectId parent = table_id(was.partition_of.schema, was.partition_of.name);
  const bool leaves_parent =
      !was.partition_of.empty() && ctx.desired.contains(parent) && !is_fresh(ctx, parent);
  if (leaves_parent) append(steps, detach_steps(action.id, was, ctx));
  std::vector<Sql> statements = release_sequences_sql(ctx, action.id, "");
  statements.push_back(sql("DROP TABLE {}", qualified(action.id)));
  Locks locks{{action.id, LockLevel::AccessExclusive}};
  if (!was.partition_of.empty() && !leaves_parent)
    locks.push_back({parent, LockLevel::AccessExclusive});
  Step step = catalog_step(ctx, action.id, statements, locks,
                           action.rebuild ? "PostgreSQL cannot change this in place: the table is "
                                            "dropped and made again."
                                          : "The files no longer name it.");
  if (action.rebuild) {  // for want of rows
    step.sql.insert(step.sql.begin(), to_sql(lock_exclusive({action.id})));
    step.proofs = {{to_sql(sql("SELECT NOT EXISTS (SELECT FROM {})", qualified(action.id))),
                    to_sql(qualified(action.id)) + " has no rows"}};
  } else {
    mark_loss(step, "all rows of " + to_sql(qualified(action.id)) + " are lost");
    add_note(step, Stage::Next, name_of(action.id) + ": no longer says it");
    add_note(step, Stage::Contract, name_of(action.id) + ": is no longer there");
  }
  steps.push_back(std::move(step));
  return steps;
}

std::vector<Step> rename_steps(const Action& action, const Table&, const PlanContext& ctx) {
  if (facade_of(action.id, ctx) != nullptr) return table_facade_steps(action, ctx);
  const auto rename = [](const ObjectId& from, const ObjectId& to) {
    return sql("ALTER TABLE {} RENAME TO {}", qualified(from), Ident{to.name});
  };
  Step step =
      catalog_step(ctx, action.id, {rename(action.from, action.id)},
                   {{action.id, LockLevel::AccessExclusive}}, "The table gets another name.");
  for (RelationLock& lock : step.locks) lock.relation = to_sql(qualified(action.from));
  add_hazard(step, Hazard::AppBreaking,
             "an application that says " + to_sql(qualified(action.from)) + " fails from then on" +
                 both_names_refused(action.id, ctx));
  add_note(step, Stage::Running,
           name_of(action.from) + ": is called " + name_of(action.id) +
               " from one moment to the next; the new application comes with it");
  tell_of_new_name(step, action.id, rename(action.from, action.id), ctx);
  set_undo(step, {rename(action.id, action.from)});
  return {step};
}

namespace {

/// A table that comes to have parents keeps columns of its own, and PostgreSQL has no way to make
/// them inherited ones; without rows it is made anew instead.
bool has_to_forget_columns(const ObjectId& id, const Table& from, const Table& to,
                           const PlanContext& ctx) {
  if (from.inherits == to.inherits || to.inherits.empty() || !size_of(ctx.facts, id).empty())
    return false;
  bool found = false;
  for_each_child<Column>(ctx.desired, id, [&](const ObjectId& column, const Column& wanted) {
    const Column* live = ctx.live.find<Column>(column);
    found |= live != nullptr && live->local && !wanted.local;
  });
  return found;
}

}  // namespace

bool must_rebuild(const Change& change, const Table& from, const Table& to,
                  const PlanContext& ctx) {
  return from.partition_key != to.partition_key || has_to_forget_columns(change.id, from, to, ctx);
}

bool is_fresh(const PlanContext& ctx, const ObjectId& table) {
  const Table* live = ctx.live.find<Table>(table);
  const Table* wanted = ctx.desired.find<Table>(table);
  if (live == nullptr) return wanted != nullptr;
  if (wanted == nullptr) return false;
  if (live->partition_key != wanted->partition_key) return true;
  if (wanted->partition_of.empty() || live->partition_of != wanted->partition_of) return false;
  return is_fresh(ctx, table_id(wanted->partition_of.schema, wanted->partition_of.name));
}

const Column* parent_column(const Snapshot& snapshot, const ObjectId& column) {
  const Table* table = snapshot.find<Table>(relation_of(column));
  if (table == nullptr) return nullptr;
  const auto look = [&](const Name& parent) {
    return snapshot.find<Column>(
        child_id(Kind::Column, table_id(parent.schema, parent.name), column.name));
  };
  if (!table->partition_of.empty()) return look(table->partition_of);
  for (const Name& parent : table->inherits)
    if (const Column* found = look(parent)) return found;
  return nullptr;
}

bool has_children(const PlanContext& ctx, const ObjectId& table) {
  return !children(ctx.live, table).empty() || !children(ctx.desired, table).empty();
}

}  // namespace aloft
