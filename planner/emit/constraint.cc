#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/emit.h"
#include "planner/emit/key_index.h"
#include "planner/emit/table_sql.h"
#include "planner/strategies/beside.h"
#include "planner/strategies/facade.h"
#include "planner/strategies/let_go.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

using Type = Constraint::Type;

Sql alter_table(const ObjectId& id) {
  return sql("ALTER TABLE {}", relation_name(id));
}
ObjectId referenced_table(const Constraint& c) {
  return table_id(c.referenced.schema, c.referenced.name);
}

/// Did the table get or lose parents in this plan: inherited constraints come and go with that.
bool table_moves(const ObjectId& id, const PlanContext& ctx) {
  const Table* live = ctx.live.find<Table>(relation_of(id));
  const Table* wanted = ctx.desired.find<Table>(relation_of(id));
  return live != nullptr && wanted != nullptr &&
         (live->partition_of != wanted->partition_of || live->inherits != wanted->inherits);
}

/// On a table that is made in this plan: plain, nobody waits and there is nothing to scan.
std::vector<Step> fresh_steps(const ObjectId& id, const Constraint& wanted,
                              const PlanContext& ctx) {
  std::vector<Sql> statements{sql("{} ADD {}{}", alter_table(id),
                                  Sql{constraint_clause(id, wanted)},
                                  Sql{wanted.validated ? "" : " NOT VALID"})};
  append(statements, constraint_extras_sql(id, wanted));
  Locks locks;
  if (wanted.type == Type::ForeignKey && !is_fresh(ctx, referenced_table(wanted)))
    locks = on_tree(ctx, referenced_table(wanted), LockLevel::ShareRowExclusive);
  Step step = catalog_step(ctx, id, statements, locks, "A constraint of a new table.");
  set_undo(step, {sql("{} DROP CONSTRAINT {}", alter_table(id), Ident{id.name})});
  std::vector<Step> steps;
  steps.push_back(std::move(step));
  return steps;
}

/// Only DEFERRABLE and INITIALLY DEFERRED differ: what ALTER CONSTRAINT can do to a foreign key.
std::string without_deferral(std::string text) {
  for (const std::string_view words :
       {" INITIALLY DEFERRED", " INITIALLY IMMEDIATE", " NOT DEFERRABLE", " DEFERRABLE"})
    if (text.ends_with(words)) text.resize(text.size() - words.size());
  return text;
}
bool only_deferral_differs(const Constraint& from, const Constraint& to) {
  return from.type == Type::ForeignKey && to.type == Type::ForeignKey &&
         without_deferral(from.definition.canon) == without_deferral(to.definition.canon);
}

Step deferral_step(const Action& action, const Constraint& from, const Constraint& to,
                   const PlanContext& ctx) {
  const auto clause = [&](const Constraint& c) {
    std::string text = c.deferrable ? " DEFERRABLE" : " NOT DEFERRABLE";
    if (c.initially_deferred) text += " INITIALLY DEFERRED";
    return sql("{} ALTER CONSTRAINT {}{}", alter_table(action.id), Ident{action.id.name},
               Sql{text});
  };
  Step step = catalog_step(ctx, action.id, {clause(to)},
                           on_tree(ctx, relation_of(action.id), LockLevel::AccessExclusive),
                           "When the foreign key is checked changes; no row is read.");
  set_undo(step, {clause(from)});
  return step;
}

void index_steps(std::vector<Step>& steps, const Action& action, const Constraint& from,
                 const Constraint& to, const PlanContext& ctx) {
  const ObjectId& id = action.id;
  if (changes(action, "options")) {
    std::vector<Sql> statements, back;
    LockLevel level = LockLevel::ShareUpdateExclusive;
    for (const std::string& clause : option_clauses(from.options, to.options))
      statements.push_back(sql("ALTER INDEX {} {}", qualified(id), Sql{clause}));
    for (const std::string& clause : option_clauses(to.options, from.options))
      back.push_back(sql("ALTER INDEX {} {}", qualified(id), Sql{clause}));
    for (const Options* options : {&from.options, &to.options})
      for (const Option& o : *options) level = std::max(level, index_option_lock(o.name));
    steps.push_back(catalog_step(ctx, id, statements, {index_lock(id, level)},
                                 "Storage parameters of its index change."));
    set_undo(steps.back(), back);
  }
  if (changes(action, "tablespace"))
    steps.push_back(heavy_step(ctx, id,
                               {sql("ALTER INDEX {} SET TABLESPACE {}", qualified(id),
                                    Ident{to.tablespace.empty() ? "pg_default" : to.tablespace})},
                               relation_of(id), false,
                               {{relation_of(id), LockLevel::AccessExclusive}},
                               "Its index's file is copied to another tablespace."));
  if (changes(action, "clustered")) {
    bool other = false;  // which takes its place by its own change
    for_each_child<Index>(ctx.desired, relation_of(id),
                          [&](const ObjectId&, const Index& i) { other |= i.clustered; });
    for_each_child<Constraint>(ctx.desired, relation_of(id), [&](const ObjectId& c, const auto& k) {
      other |= k.clustered && c != id;
    });
    if (to.clustered || !other)
      steps.push_back(
          catalog_step(ctx, id,
                       {to.clustered ? sql("{} CLUSTER ON {}", alter_table(id), Ident{id.name})
                                     : sql("{} SET WITHOUT CLUSTER", alter_table(id))},
                       {{relation_of(id), LockLevel::ShareUpdateExclusive}},
                       "A later CLUSTER goes by another index."));
  }
  if (changes(action, "index comment")) {
    const auto comment = [&](const std::string& text) {
      return sql("COMMENT ON INDEX {} IS {}", qualified(id),
                 text.empty() ? Sql{"NULL"} : Sql{quote_literal(text)});
    };
    Step step = catalog_step(ctx, id, {comment(to.index_comment)},
                             {index_lock(id, LockLevel::ShareUpdateExclusive)},
                             "The comment of its index changes.");
    set_undo(step, {comment(from.index_comment)});
    steps.push_back(std::move(step));
  }
}

/// A live constraint's rows are read at last.
Step validated_step(const ObjectId& id, const Constraint& from, const Constraint& to,
                    const PlanContext& ctx) {
  Step step = validate_step(id, id.name, to, ctx);
  step.undone_by_others = false;
  if (from.inherited) return step;
  std::vector<Sql> back = constraint_back_sql(id, from, "", ctx);
  back.insert(back.begin(), sql("{} DROP CONSTRAINT {}", alter_table(id), Ident{id.name}));
  set_undo(step, back);
  return step;
}

Step bound_to_parent(const ObjectId& id, const PlanContext& ctx) {
  return impossible_step(ctx, id,
                         "its index is part of the partitioned table's and cannot be taken out of "
                         "it: drop the partitioned table's key, or detach the partition, in a "
                         "change of its own");
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Constraint& wanted,
                               const PlanContext& ctx) {
  const ObjectId& id = action.id;
  const auto above = index_to_join(id, wanted, ctx);
  if (above) {
    Constraint alone = wanted;
    alone.inherited = false;
    std::vector<Step> steps = add_constraint_steps(id, alone, ctx);
    steps.push_back(attach_index_step(id, *above, ctx));
    return steps;
  }
  if (wanted.inherited) {
    // The parent's ADD, or becoming its child, has made it.
    const std::vector<Sql> extras = constraint_extras_sql(id, wanted);
    if (extras.empty()) return {};
    return {catalog_step(ctx, id, extras, {}, "Its comment and the like.")};
  }
  if (is_fresh(ctx, relation_of(id))) return fresh_steps(id, wanted, ctx);
  std::vector<Step> steps = add_constraint_steps(id, wanted, ctx);
  if (wanted.type != Constraint::Type::Check || wanted.validated) return steps;
  // A child that the files make after a NOT VALID check has it validated.
  for (const ObjectId& table : descendants(ctx.live, relation_of(id))) {
    const ObjectId below = child_id(Kind::Constraint, table, id.name);
    const Constraint* theirs = ctx.desired.find<Constraint>(below);
    if (theirs != nullptr && theirs->inherited && theirs->validated)
      steps.push_back(validate_step(below, id.name, *theirs, ctx));
  }
  return steps;
}

std::vector<Step> alter_steps(const Action& action, const Constraint& from, const Constraint& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  const bool same_rule = !changes(action, "definition") && !changes(action, "type");
  const bool follows = to.inherited || from.inherited;
  const bool tied = is_unique_key(to) && !table_moves(action.id, ctx);
  if (tied && ((changes(action, "inherited") && from.inherited) ||
               (changes(action, "parent") && !from.parent.empty())))
    return {bound_to_parent(action.id, ctx)};
  const bool loosens = changes(action, "validated") && !to.validated;
  if (!same_rule && !follows && only_deferral_differs(from, to) && !loosens) {
    steps.push_back(deferral_step(action, from, to, ctx));
  } else if ((!same_rule || loosens) && !follows) {
    return replace_constraint_steps(action.id, from, to, ctx);  // it carries everything else
  }
  if (changes(action, "validated") && to.validated && !(from.inherited && to.inherited))
    steps.push_back(validated_step(action.id, from, to, ctx));
  if (tied && (changes(action, "inherited") || changes(action, "parent")))
    if (const auto above = index_to_join(action.id, to, ctx))
      steps.push_back(attach_index_step(action.id, *above, ctx));
  index_steps(steps, action, from, to, ctx);
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Constraint& was, const PlanContext& ctx) {
  const ObjectId& id = action.id;
  if (was.inherited && !was.local && !table_moves(id, ctx))
    return is_unique_key(was) ? std::vector<Step>{bound_to_parent(id, ctx)} : std::vector<Step>{};
  // An index of the same name has taken its place (create_steps(Index)).
  const ObjectId index = child_id(Kind::Index, relation_of(id), id.name);
  if (!action.rebuild && was.type != Type::Check && was.type != Type::ForeignKey &&
      ctx.desired.contains(index) && !ctx.live.contains(index))
    return {};
  if (is_taken_up(id, ctx)) return {};
  Locks locks = on_tree(ctx, relation_of(id), LockLevel::AccessExclusive);
  if (was.type == Type::ForeignKey)
    append(locks, on_tree(ctx, referenced_table(was), LockLevel::AccessExclusive));
  std::vector<Sql> drop{sql("{} DROP CONSTRAINT {}", alter_table(id), Ident{id.name})};
  const LetGo columns = action.rebuild ? LetGo{} : let_go_of_key_columns(id, was, ctx);
  append(drop, columns.now);
  Step step = catalog_step(
      ctx, id, drop, locks,
      action.rebuild ? "It is made again after what it stands on has changed."
      : stops_referring(id, was, ctx.desired)
          ? "Rows of the table that is to go no longer hold those that they refer to: an "
            "application may delete them by now."
          : "The files no longer name it; no row is read.");
  std::vector<Sql> back = constraint_back_sql(id, was, id.name, ctx);
  if (!back.empty()) back.insert(back.begin(), columns.back.begin(), columns.back.end());
  set_undo(step, back);
  step.after_soak = !action.rebuild && serves_until_contract(id, was, ctx);
  if (!step.after_soak) tell_of_lost_key(step, id, was, ctx);
  return {step};
}

std::vector<Step> rename_steps(const Action& action, const Constraint&, const PlanContext& ctx) {
  if (const Facade* facade = facade_of(action.id, ctx);
      facade != nullptr && !facade->columns.empty())
    return {};  // in the step that ends the facade
  const auto rename = [&](const ObjectId& from, const ObjectId& to) {
    return sql("{} RENAME CONSTRAINT {} TO {}", alter_table(action.id), Ident{from.name},
               Ident{to.name});
  };
  Step step = catalog_step(ctx, action.id, {rename(action.from, action.id)},
                           on_tree(ctx, relation_of(action.id), LockLevel::AccessExclusive),
                           "The constraint gets another name.");
  set_undo(step, {rename(action.id, action.from)});
  return {step};
}

bool must_rebuild(const Change& change, const Constraint& from, const Constraint& to,
                  const PlanContext& ctx) {
  const auto differs = [&](std::string_view field) {
    return std::ranges::find(change.fields, field) != change.fields.end();
  };
  if (from.inherited || to.inherited) return false;
  if (differs("type")) return true;
  if (!differs("definition")) return false;
  if (is_partitioned(relation_of(change.id), ctx.live) && from.type != Type::Check) return true;
  if (!is_unique_key(from)) return false;
  // A foreign key that stands on the index has to go before the index can.
  return std::ranges::any_of(ctx.live.constraints, [&](const auto& entry) {
    return entry.second.type == Type::ForeignKey &&
           referenced_table(entry.second) == relation_of(change.id);
  });
}

}  // namespace aloft
