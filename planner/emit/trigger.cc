#include "planner/emit/access.h"
#include "planner/emit/emit.h"
#include "planner/locks.h"

namespace aloft {
namespace {

/// A row trigger of a partitioned table is cloned to all partitions; inheritance passes none on.
bool is_cloned(const ObjectId& id, const Trigger& trigger, const PlanContext& ctx) {
  return is_partitioned(relation_of(id), ctx.live) &&
         trigger.definition.sql.find("FOR EACH ROW") != std::string::npos;
}

Locks trigger_locks(const ObjectId& id, const Trigger& trigger, LockLevel level,
                    const PlanContext& ctx) {
  if (is_cloned(id, trigger, ctx)) return on_tree(ctx, relation_of(id), level);
  return {{relation_of(id), level}};
}

Sql definition_sql(std::string_view verb, const ObjectId& id, const Trigger& trigger) {
  return sql("{} {}TRIGGER {} {}", Sql{std::string(verb)},
             Sql{trigger.constraint ? "CONSTRAINT " : ""}, Ident{id.name},
             Sql{trigger.definition.sql});
}

/// By itself DROP TRIGGER takes the locks of partitions before that of their table, and so runs
/// into every write, which takes them the other way round.
std::vector<Sql> drop_sql(const ObjectId& id, const Trigger& trigger, const PlanContext& ctx) {
  std::vector<Sql> statements;
  if (is_cloned(id, trigger, ctx)) statements.push_back(lock_exclusive({relation_of(id)}));
  statements.push_back(sql("DROP TRIGGER {}", Sql{target_of(id).name}));
  return statements;
}

Sql state_sql(const ObjectId& id, const Trigger& trigger) {
  std::string word = "ENABLE";
  if (trigger.enabled == 'D') word = "DISABLE";
  if (trigger.enabled == 'R') word = "ENABLE REPLICA";
  if (trigger.enabled == 'A') word = "ENABLE ALWAYS";
  return sql("ALTER TABLE {} {} TRIGGER {}", relation_name(id), Sql{word}, Ident{id.name});
}

std::vector<Sql> create_sql(const ObjectId& id, const Trigger& wanted) {
  std::vector<Sql> statements{definition_sql("CREATE", id, wanted)};
  if (wanted.enabled != 'O') statements.push_back(state_sql(id, wanted));
  if (!wanted.comment.empty()) statements.push_back(comment_sql(target_of(id), wanted.comment));
  return statements;
}

/// Drop and create in one transaction, state and comment included.
std::vector<Sql> remake_sql(const ObjectId& id, const Trigger& trigger, const PlanContext& ctx) {
  std::vector<Sql> statements = drop_sql(id, trigger, ctx);
  append(statements, create_sql(id, trigger));
  return statements;
}

/// CREATE OR REPLACE keeps the comment and puts the state back to the ordinary one.
std::vector<Sql> replace_sql(const ObjectId& id, const Trigger& trigger) {
  std::vector<Sql> statements{definition_sql("CREATE OR REPLACE", id, trigger)};
  if (trigger.enabled != 'O') statements.push_back(state_sql(id, trigger));
  return statements;
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Trigger& wanted,
                               const PlanContext& ctx) {
  Step step =
      catalog_step(ctx, action.id, create_sql(action.id, wanted),
                   trigger_locks(action.id, wanted, LockLevel::ShareRowExclusive, ctx),
                   action.rebuild ? "The trigger is made again after what it stands on has changed."
                                  : "A new trigger.");
  set_undo(step, drop_sql(action.id, wanted, ctx));
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Trigger& from, const Trigger& to,
                              const PlanContext& ctx) {
  const ObjectId& id = action.id;
  std::vector<Step> steps;
  const bool redefined = changes(action, "definition") || changes(action, "constraint");
  if (redefined && (from.constraint || to.constraint)) {
    Step step = catalog_step(
        ctx, id, remake_sql(id, to, ctx), trigger_locks(id, to, LockLevel::AccessExclusive, ctx),
        "PostgreSQL cannot replace a constraint trigger: it is dropped and made "
        "again in one transaction, so that no row goes past it.");
    set_undo(step, remake_sql(id, from, ctx));
    return {step};
  }
  if (redefined) {
    Step step = catalog_step(ctx, id, replace_sql(id, to),
                             trigger_locks(id, to, LockLevel::ShareRowExclusive, ctx),
                             "The trigger is replaced in place: no row goes past it.");
    set_undo(step, replace_sql(id, from));
    steps.push_back(std::move(step));
  } else if (changes(action, "enabled")) {
    Step step = catalog_step(ctx, id, {state_sql(id, to)},
                             trigger_locks(id, to, LockLevel::ShareRowExclusive, ctx),
                             "When the trigger fires changes.");
    set_undo(step, {state_sql(id, from)});
    steps.push_back(std::move(step));
  }
  append(steps, access_steps(action, target_of(id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Trigger& was, const PlanContext& ctx) {
  Step step =
      catalog_step(ctx, action.id, drop_sql(action.id, was, ctx),
                   trigger_locks(action.id, was, LockLevel::AccessExclusive, ctx),
                   action.rebuild ? "What it stands on changes: it is made again after that."
                                  : "The files no longer name it.");
  if (!action.rebuild) add_hazard(step, Hazard::DataLoss, "what the trigger did is no longer done");
  set_undo(step, create_sql(action.id, was));
  return {step};
}

std::vector<Step> rename_steps(const Action& action, const Trigger& wanted,
                               const PlanContext& ctx) {
  const auto rename = [&](const ObjectId& from, const ObjectId& to) {
    return sql("ALTER TRIGGER {} ON {} RENAME TO {}", Ident{from.name}, relation_name(action.id),
               Ident{to.name});
  };
  // From 15 on it reaches the partitions.
  const Locks one{{relation_of(action.id), LockLevel::AccessExclusive}};
  Step step = catalog_step(ctx, action.id, {rename(action.from, action.id)},
                           ctx.facts.server_version >= 150000
                               ? trigger_locks(action.id, wanted, LockLevel::AccessExclusive, ctx)
                               : one,
                           "The trigger gets another name.");
  set_undo(step, {rename(action.id, action.from)});
  return {step};
}

bool must_rebuild(const Change&, const Trigger&, const Trigger&, const PlanContext&) {
  return false;
}

}  // namespace aloft
