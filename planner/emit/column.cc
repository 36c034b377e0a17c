#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/emit.h"
#include "planner/emit/identity.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/publications.h"
#include "planner/strategies/counterparts.h"
#include "planner/strategies/facade.h"
#include "planner/strategies/let_go.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

/// Did (does) the table get the column from a parent, and the other snapshot's parent too: then
/// what ALTER on the parent does to it is not said again.
const Column* live_parent(const ObjectId& id, const PlanContext& ctx) {
  return parent_column(ctx.live, id);
}
const Column* desired_parent(const ObjectId& id, const PlanContext& ctx) {
  return parent_column(ctx.desired, id);
}

std::string storage_clause(const Column& column, const PlanContext& ctx) {
  if (column.storage != ' ') return "SET STORAGE " + storage_word(column.storage);
  if (ctx.facts.server_version >= 160000) return "SET STORAGE DEFAULT";
  for (const std::string_view main : {"numeric", "inet", "cidr"})
    if (column.type.starts_with(main) && !column.type.ends_with("[]")) return "SET STORAGE MAIN";
  return "SET STORAGE EXTENDED";
}

struct Property {
  std::string_view field;
  std::vector<std::string> clauses, undo;
  LockLevel level;
  std::string why;
};

/// Properties that one clause of ALTER COLUMN sets.
std::vector<Property> simple_properties(const Column& from, const Column& to,
                                        const PlanContext& ctx) {
  using enum LockLevel;
  const auto statistics = [](const Column& c) {
    return "SET STATISTICS " + std::to_string(c.statistics);
  };
  const auto compression = [](const Column& c) {
    return "SET COMPRESSION " + (c.compression.empty() ? "default" : c.compression);
  };
  return {{"storage",
           {storage_clause(to, ctx)},
           {storage_clause(from, ctx)},
           AccessExclusive,
           "How new values are stored changes; rows stay as they are."},
          {"compression",
           {compression(to)},
           {compression(from)},
           AccessExclusive,
           "How new values are compressed changes; rows stay as they are."},
          {"statistics",
           {statistics(to)},
           {statistics(from)},
           ShareUpdateExclusive,
           "ANALYZE keeps other statistics from now on."},
          {"options", option_clauses(from.options, to.options),
           option_clauses(to.options, from.options), ShareUpdateExclusive,
           "The planner's settings for the column change."}};
}

void property_steps(std::vector<Step>& steps, const Action& action, const Column& from,
                    const Column& to, bool retyped, const PlanContext& ctx) {
  for (const Property& property : simple_properties(from, to, ctx)) {
    if (!changes(action, property.field)) continue;
    // The type's change has brought its own storage and compression.
    const bool said = retyped && (property.field == "storage" || property.field == "compression");
    if (said) continue;
    std::vector<Sql> statements, undo;
    for (const std::string& c : property.clauses)
      statements.push_back(alter_column(action.id, c, ctx));
    for (const std::string& c : property.undo) undo.push_back(alter_column(action.id, c, ctx));
    Step step = catalog_step(ctx, action.id, statements, {{relation_of(action.id), property.level}},
                             property.why);
    set_undo(step, undo);
    steps.push_back(std::move(step));
  }
}

void default_steps(std::vector<Step>& steps, const Action& action, const Column& from,
                   const Column& to, const PlanContext& ctx) {
  const auto clause = [](const Column& c) {
    return c.default_value.empty() ? "DROP DEFAULT" : "SET DEFAULT " + c.default_value.sql;
  };
  Step step = catalog_step(ctx, action.id, {alter_column(action.id, clause(to), ctx)},
                           {{relation_of(action.id), LockLevel::AccessExclusive}},
                           to.default_value.empty()
                               ? "New rows get no default; rows that are there keep their values."
                               : "New rows get another default; rows that are there keep their "
                                 "values.");
  set_undo(step, {alter_column(action.id, clause(from), ctx)});
  steps.push_back(std::move(step));
}

void generated_steps(std::vector<Step>& steps, const Action& action, const Column& to,
                     const PlanContext& ctx) {
  const ObjectId table = relation_of(action.id);
  const Sql alter = sql("ALTER TABLE {} ALTER COLUMN {}", qualified(table), Ident{action.id.name});
  const Locks locks = on_tree(ctx, table, LockLevel::AccessExclusive);
  if (to.generated == ' ') {
    steps.push_back(
        catalog_step(ctx, action.id, {sql("{} DROP EXPRESSION", alter)}, locks,
                     "The column keeps its values and is written by hand from now on."));
    return;
  }
  const std::vector<Sql> set{sql("{} SET EXPRESSION AS ({})", alter, Sql{to.default_value.sql})};
  const std::string why = "The column is computed in another way.";
  steps.push_back(to.generated == 's' ? heavy_step(ctx, action.id, set, table, true, locks, why)
                                      : catalog_step(ctx, action.id, set, locks, why));
}

void not_null_steps(std::vector<Step>& steps, const Action& action, const Column& to,
                    const PlanContext& ctx) {
  if (to.not_null) {
    append(steps, set_not_null_steps(action.id, ctx));
    return;
  }
  const ObjectId table = relation_of(action.id);
  const Sql alter = sql("ALTER TABLE {} ALTER COLUMN {}", qualified(table), Ident{action.id.name});
  Step step = catalog_step(ctx, action.id, {sql("{} DROP NOT NULL", alter)},
                           on_tree(ctx, table, LockLevel::AccessExclusive),
                           "Rows without a value are allowed from now on.");
  set_undo(step, {sql("{} SET NOT NULL", alter)});
  steps.push_back(std::move(step));
}

/// "local" alone: declared by the child itself or only inherited.
void local_steps(std::vector<Step>& steps, const Action& action, const Column& to,
                 const PlanContext& ctx) {
  const Table* was = ctx.live.find<Table>(relation_of(action.id));
  const Table* is = ctx.desired.find<Table>(relation_of(action.id));
  const bool moved = was == nullptr || is == nullptr || was->partition_of != is->partition_of ||
                     was->inherits != is->inherits;
  const bool parent_same =
      (live_parent(action.id, ctx) == nullptr) == (desired_parent(action.id, ctx) == nullptr);
  if (moved || !parent_same) return;
  steps.push_back(impossible_step(
      ctx, action.id,
      to.local ? "the table has the column only from its parent, the files declare it too: "
                 "PostgreSQL cannot say so later; take it out of the table's own columns"
               : "the table declares the column itself besides its parent: PostgreSQL cannot unsay "
                 "it; declare it in the files too"));
}

/// Does a parent that the table is to have, have the column already?
bool parent_is_live(const ObjectId& id, const PlanContext& ctx) {
  const Table* table = ctx.desired.find<Table>(relation_of(id));
  if (table == nullptr) return false;
  std::vector<Name> parents = table->inherits;
  if (!table->partition_of.empty()) parents.push_back(table->partition_of);
  return std::ranges::any_of(parents, [&](const Name& parent) {
    return ctx.live.contains(child_id(Kind::Column, table_id(parent.schema, parent.name), id.name));
  });
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Column& wanted, const PlanContext& ctx) {
  const Column* parent = desired_parent(action.id, ctx);
  if (parent == nullptr ||
      (wanted.local && ctx.desired.find<Table>(relation_of(action.id))->partition_of.empty()))
    return add_column_steps(action.id, wanted, ctx);
  if (!is_fresh(ctx, relation_of(action.id))) {
    // ADD COLUMN on the parent makes it and says what is different here. A table that is to get a
    // parent needs the parent's columns first.
    const bool parent_has_it = parent_is_live(action.id, ctx);
    return parent_has_it ? add_column_steps(action.id, wanted, ctx) : std::vector<Step>{};
  }
  std::vector<Sql> statements = child_column_sql(action.id, wanted, *parent);
  append(statements, column_extras_sql(action.id, wanted, false, ctx));
  append(statements, owned_by_sql(ctx, action.id));
  if (statements.empty()) return {};
  return {catalog_step(ctx, action.id, statements,
                       {{relation_of(action.id), LockLevel::AccessExclusive}},
                       "What the column has besides its parent's.")};
}

std::vector<Step> alter_steps(const Action& action, const Column& from, const Column& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  const Column* was = live_parent(action.id, ctx);
  const Column* is = desired_parent(action.id, ctx);
  const bool follows = was != nullptr && is != nullptr;
  const bool type_differs = changes(action, "type") || changes(action, "collation");
  const bool retyped =
      type_differs && !(follows && (was->type != is->type || was->collation != is->collation));
  const bool generated =
      changes(action, "generated") ||
      (changes(action, "default") && from.generated != ' ' && to.generated != ' ');
  if (changes(action, "local")) local_steps(steps, action, to, ctx);
  if (retyped) append(steps, change_type_steps(action.id, from, to, ctx));
  if (generated && !(follows && was->generated != is->generated))
    generated_steps(steps, action, to, ctx);
  // ADD IDENTITY wants NOT NULL first; DROP IDENTITY comes before a default, both before DROP NOT
  // NULL.
  if (changes(action, "not null") && to.not_null && !(follows && was->not_null != is->not_null))
    not_null_steps(steps, action, to, ctx);
  if (changes(action, "identity") || (changes(action, "identity sequence") && to.identity != ' '))
    identity_steps(steps, action, from, to, ctx);
  const bool plain = from.generated == ' ' && to.generated == ' ';
  const bool default_said = (retyped && plain) || (from.identity == ' ' && to.identity != ' ') ||
                            (!plain && to.default_value.empty());
  if (changes(action, "default") && !generated && !default_said)
    default_steps(steps, action, from, to, ctx);
  else if (generated && to.generated == ' ' && !to.default_value.empty())
    default_steps(steps, action, from, to, ctx);
  if (changes(action, "not null") && !to.not_null && !(follows && was->not_null != is->not_null))
    not_null_steps(steps, action, to, ctx);
  property_steps(steps, action, from, to, retyped, ctx);
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Column& was, const PlanContext& ctx) {
  const ObjectId table = relation_of(action.id);
  // It goes with the parent's, or cannot go while the parent has it.
  if (live_parent(action.id, ctx) != nullptr && !was.local) {
    const Table* live = ctx.live.find<Table>(table);
    const Table* wanted = ctx.desired.find<Table>(table);
    if (wanted != nullptr && live->partition_of == wanted->partition_of &&
        live->inherits == wanted->inherits)
      return {};
  }
  bool keeps_children = false;
  if (!ctx.desired.contains(action.id))
    for (const ObjectId& child : children(ctx.live, table))
      keeps_children |= ctx.desired.contains(child_id(Kind::Column, child, action.id.name));
  std::vector<Sql> statements = release_sequences_sql(ctx, table, action.id.name);
  statements.push_back(sql("ALTER TABLE {}{} DROP COLUMN {}", Sql{keeps_children ? "ONLY " : ""},
                           qualified(table), Ident{action.id.name}));
  Step step = catalog_step(
      ctx, action.id, statements, on_tree(ctx, table, LockLevel::AccessExclusive),
      action.rebuild
          ? "PostgreSQL cannot change this in place: the column is dropped and made again."
          : "The files no longer name it; only the catalogs change.");
  if (const Column* to = ctx.desired.find<Column>(action.id);
      to != nullptr && !action.rebuild && cannot_be_cast(action.id, was, *to, ctx))
    step.why = "PostgreSQL has no cast from " + was.type + " to " + to->type +
               ": the column goes and is made again without its values. The directive \"-- aloft: "
               "using EXPRESSION\" would keep them.";
  if (action.rebuild) return {step};
  const Counterparts* group = counterparts_of(action.id, ctx);
  if (const ObjectId* other = group == nullptr ? nullptr : group->other_name(action.id, ctx)) {
    step.why = "The column that is called " + quote_ident(other->name) +
               " now: its values are there; only the catalogs change.";
    add_hazard(step, Hazard::AppBreaking,
               "an application that says " + quote_ident(action.id.name) + " fails from then on");
  } else {
    mark_loss(step, "the values of " + name_of(action.id) + " are lost");
  }
  const bool gone = !ctx.desired.contains(action.id);
  if (gone) add_note(step, Stage::Next, name_of(action.id) + ": no longer says it");
  add_note(step, Stage::Contract,
           name_of(action.id) + (gone ? ": is no longer there" : ": is there without its values"));
  // With what takes its place the writes of both applications are kept until it goes.
  step.after_soak = group != nullptr;
  const bool follows = group != nullptr && group->back.contains(action.id);
  std::vector<Step> steps =
      follows ? std::vector<Step>{} : stop_requiring_steps(action.id, was, ctx);
  steps.push_back(std::move(step));
  return steps;
}

std::vector<Step> rename_steps(const Action& action, const Column&, const PlanContext& ctx) {
  // Renaming the parent's column has renamed it.
  const Column* parent = parent_column(ctx.desired, action.id);
  if (parent != nullptr && parent->renamed_from == action.from.name) return {};
  if (facade_of(action.id, ctx) != nullptr) return column_facade_steps(action, ctx);
  const auto rename = [&](const ObjectId& from, const ObjectId& to) {
    return sql("ALTER TABLE {} RENAME COLUMN {} TO {}", relation_name(action.id), Ident{from.name},
               Ident{to.name});
  };
  Step step = catalog_step(ctx, action.id, {rename(action.from, action.id)},
                           on_tree(ctx, relation_of(action.id), LockLevel::AccessExclusive),
                           "The column gets another name.");
  add_hazard(step, Hazard::AppBreaking,
             "an application that says " + quote_ident(action.from.name) + " fails from then on" +
                 both_names_refused(action.id, ctx));
  add_note(step, Stage::Running,
           name_of(action.from) + ": is called " + quote_ident(action.id.name) +
               " from one moment to the next; the new application comes with it");
  tell_of_new_name(step, action.id, rename(action.from, action.id), ctx);
  set_undo(step, {rename(action.id, action.from)});
  return {step};
}

bool must_rebuild(const Change& change, const Column& from, const Column& to,
                  const PlanContext& ctx) {
  if (cannot_be_cast(change.id, from, to, ctx)) return true;
  if (to.generated == ' ') return from.generated == 'v';  // a virtual one has no values to keep
  if (from.generated != to.generated) return true;
  return from.default_value != to.default_value && ctx.facts.server_version < 170000;
}

}  // namespace aloft
