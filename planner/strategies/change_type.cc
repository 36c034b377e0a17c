#include <algorithm>
#include <cctype>

#include "planner/emit/column_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/publications.h"
#include "planner/strategies/shadow_column.h"
#include "planner/strategies/shadow_tree.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

bool names(const std::vector<std::string>& columns, const std::string& column) {
  return std::ranges::find(columns, column) != columns.end();
}

/// Is the type, or what it is an array of, an enum of the files or of the database?
bool is_enum(std::string type, const PlanContext& ctx) {
  while (type.ends_with("[]")) type.resize(type.size() - 2);
  const auto among = [&](const Snapshot& snapshot) {
    return std::ranges::any_of(snapshot.enums, [&](const auto& entry) {
      return quote_qualified(entry.first.schema, entry.first.name) == type;
    });
  };
  return among(ctx.live) || among(ctx.desired);
}

bool is_text(const std::string& type) {
  return type.starts_with("text") || type.starts_with("character varying");
}

/// No enum casts to another; what both can be is text.
bool goes_by_text(const Column& from, const Column& to, const PlanContext& ctx) {
  return (is_enum(from.type, ctx) || is_enum(to.type, ctx)) && !is_text(from.type) &&
         !is_text(to.type);
}

bool is_timestamp_pair(const std::string& a, const std::string& b) {
  return a.starts_with("timestamp") && b.starts_with("timestamp") &&
         a.ends_with("with time zone") != b.ends_with("with time zone");
}

/// An expression, or a predicate: such an index is built anew even for a change that is free.
bool is_involved(const Index& index) {
  const std::string& text = index.definition.sql;
  if (text.find(" WHERE ") != std::string::npos) return true;
  const auto keys = text.find('(');
  return keys != std::string::npos && text.find('(', keys + 1) != std::string::npos;
}

/// What stands on the column and would be built or checked anew under the lock of the change.
struct Bystanders {
  std::vector<ObjectId> indexes{};  ///< dropped before and built again afterwards, CONCURRENTLY
  std::vector<ObjectId> checks{};   ///< taken off and put on NOT VALID in the same statement
  bool blocked = false;             ///< an index that cannot be taken away is built anew
};

Bystanders find_bystanders(const ObjectId& id, TypeChange change, const PlanContext& ctx) {
  Bystanders found;
  const ObjectId table = relation_of(id);
  const bool tree = has_children(ctx, table);
  for_each_child<Index>(ctx.live, table, [&](const ObjectId& index_id, const Index& index) {
    if (!names(index.columns, id.name)) return;
    if (change == TypeChange::Free && !is_involved(index)) return;
    const Index* wanted = ctx.desired.find<Index>(index_id);
    const bool free_to_go = wanted != nullptr && changed_fields(index, *wanted).empty() &&
                            !index.unique && index.valid && index.parent.empty() && !tree;
    if (free_to_go)
      found.indexes.push_back(index_id);
    else
      found.blocked = true;
  });
  for_each_child<Constraint>(
      ctx.live, table, [&](const ObjectId& constraint_id, const Constraint& constraint) {
        using enum Constraint::Type;
        if (!names(constraint.columns, id.name) && !names(constraint.include, id.name)) return;
        if (constraint.type == Check) {
          const Constraint* wanted = ctx.desired.find<Constraint>(constraint_id);
          if (wanted != nullptr && constraint.validated && wanted->validated &&
              changed_fields(constraint, *wanted).empty() && !constraint.inherited && !tree)
            found.checks.push_back(constraint_id);
          else if (constraint.validated)
            found.blocked = true;
        } else if (constraint.type != ForeignKey && change == TypeChange::Reindex) {
          found.blocked = true;
        }
      });
  return found;
}

/// ACCESS EXCLUSIVE on the table's tree and on the tables that foreign keys tie to the column.
Locks type_locks(const ObjectId& id, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  Locks locks = on_tree(ctx, table, LockLevel::AccessExclusive);
  for_each_child<Constraint>(ctx.live, table, [&](const ObjectId&, const Constraint& constraint) {
    if (constraint.type == Constraint::Type::ForeignKey && names(constraint.columns, id.name))
      locks.push_back({table_id(constraint.referenced.schema, constraint.referenced.name),
                       LockLevel::AccessExclusive});
  });
  return locks;
}

/// One ALTER TABLE: checks off, default off, type, default on, checks on but not validated.
std::string alter_clauses(const ObjectId& id, const Column& from, const Column& to,
                          TypeChange change, const std::vector<ObjectId>& checks,
                          const PlanContext& ctx) {
  const std::string column = "ALTER COLUMN " + quote_ident(id.name);
  const bool plain = from.generated == ' ' && to.generated == ' ';
  std::string text;
  const auto say = [&](const std::string& clause) { text += (text.empty() ? "" : ", ") + clause; };
  for (const ObjectId& check : checks) say("DROP CONSTRAINT " + quote_ident(check.name));
  if (plain && !from.default_value.empty()) say(column + " DROP DEFAULT");
  std::string type = column + " TYPE " + to.type;
  if (!to.collation.empty()) type += " COLLATE " + to.collation;
  if (plain)
    if (const std::string expression = using_clause(id, from, to, change, ctx); !expression.empty())
      type += " " + expression;
  say(type);
  if (plain && !to.default_value.empty()) say(column + " SET DEFAULT " + to.default_value.sql);
  if (to.storage != ' ') say(column + " SET STORAGE " + storage_word(to.storage));
  if (!to.compression.empty()) say(column + " SET COMPRESSION " + to.compression);
  for (const ObjectId& check : checks)
    say("ADD " + constraint_clause(check, ctx.desired.constraints.at(check)) + " NOT VALID");
  return text;
}

Step main_step(const ObjectId& id, const Column& from, const Column& to, TypeChange change,
               const Bystanders& around, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  std::vector<Sql> statements;
  // Only in a zone without offset are the two timestamps the same bytes.
  if (is_timestamp_pair(from.type, to.type))
    statements.push_back(Sql{"SET LOCAL timezone = 'UTC'"});
  statements.push_back(sql("ALTER TABLE {} {}", qualified(table),
                           Sql{alter_clauses(id, from, to, change, around.checks, ctx)}));
  const Locks locks = type_locks(id, ctx);
  const std::string what = "The type becomes " + to.type;
  const auto made = [&] {
    if (change == TypeChange::Rewrite)
      return heavy_step(ctx, id, statements, table, true, locks,
                        what + ": every row is written anew.");
    if (around.blocked)
      return heavy_step(ctx, id, statements, table, false, locks,
                        what +
                            ": rows stay as they are, but an index on it is built anew or a check "
                            "is tested under the lock.");
    return catalog_step(ctx, id, statements, locks, what + ": rows stay as they are.");
  };
  Step step = made();
  tell_of_new_type(step, Stage::Running, id, from, to, ctx);
  return step;
}

/// By way of a shadow column; at once where that is a moment, or asked for, or nothing else is
/// left.
std::vector<Step> rewriting_steps(const ObjectId& id, const Column& from, const Column& to,
                                  const PlanContext& ctx) {
  Step plain = main_step(id, from, to, TypeChange::Rewrite, {}, ctx);
  if (ctx.shadows == nullptr || !ctx.shadows->contains(id)) return {std::move(plain)};
  const ShadowPlan& plan = ctx.shadows->at(id);
  if (plan.obstacle.empty()) return shadow_steps(id, from, to, plan, ctx);
  plain.why += " It cannot be done beside the running application: " + plan.obstacle + ".";
  return {std::move(plain)};
}

}  // namespace

bool is_partition_key(const ObjectId& id, const PlanContext& ctx) {
  const Table* table = ctx.live.find<Table>(relation_of(id));
  if (table == nullptr || table->partition_key.empty()) return false;
  const std::string& key = table->partition_key.sql;
  const std::string name = quote_ident(id.name);
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '"';
  };
  for (auto at = key.find(name, key.find('(')); at != std::string::npos;
       at = key.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if (!is_word(key[at - 1]) && (end >= key.size() || !is_word(key[end]))) return true;
  }
  return false;
}

std::string using_clause(const ObjectId& id, const Column& from, const Column& to,
                         TypeChange change, const PlanContext& ctx) {
  if (change != TypeChange::Rewrite || is_timestamp_pair(from.type, to.type)) return {};
  // Assignment, which is what ALTER does without USING, tells of a value that is too long; a cast
  // cuts it in silence (CREATE CAST manual; SQL spec for character and bit strings).
  const bool from_number = to.type.starts_with("bit") && !from.type.starts_with("bit");
  if (cuts_in_silence(to.type) && !from_number && to.said->new_value.empty()) return {};
  if (!to.said->new_value.empty()) return "USING (" + to.said->new_value.sql + ")::" + to.type;
  const std::string column = quote_ident(id.name);
  const std::string text = from.type.ends_with("[]") ? "::text[]" : "::text";
  return "USING " + column + (goes_by_text(from, to, ctx) ? text : "") + "::" + to.type;
}

bool cannot_be_cast(const ObjectId& id, const Column& from, const Column& to,
                    const PlanContext& ctx) {
  return ctx.facts.missing_casts.contains({from.type, to.type}) && !goes_by_text(from, to, ctx) &&
         to.said->new_value.empty() && !is_partition_key(id, ctx) && from.generated == to.generated;
}

std::vector<Step> change_type_steps(const ObjectId& id, const Column& from, const Column& to,
                                    const PlanContext& ctx) {
  const auto below = columns_below(id, ctx.live);
  if (is_partition_key(id, ctx) ||
      std::ranges::any_of(below, [&](const ObjectId& part) { return is_partition_key(part, ctx); }))
    return {impossible_step(ctx, id,
                            "PostgreSQL cannot change the type of a partition key's column: make "
                            "a new table and move the rows")};
  if (!to.said->formers.empty())
    return {impossible_step(ctx, id,
                            "its directive `reverse` is of " + to.said->formers.front().column +
                                ", another column, and not of its type: take it out, or write it "
                                "as CASE WHEN ... END")};
  const TypeChange change = classify_type_change(from, to, ctx);
  const ObjectId table = relation_of(id);
  if (change == TypeChange::Rewrite) return rewriting_steps(id, from, to, ctx);
  Bystanders around;
  // A table without rows has nothing to build or check.
  if (!size_of(ctx.facts, table).empty()) around = find_bystanders(id, change, ctx);
  std::vector<Step> steps;
  for (const ObjectId& index : around.indexes) {
    steps.push_back(concurrent_drop_step(
        id, index.name,
        "The change would build this index anew under its lock: it goes first and is built again "
        "afterwards.",
        ctx));
    set_undo(steps.back(), index_back_sql(index, ctx.live.indexes.at(index)));
  }
  steps.push_back(main_step(id, from, to, change, around, ctx));
  if (from.generated == ' ' && to.generated == ' ')
    set_undo(steps.back(), {sql("ALTER TABLE {} {}", qualified(table),
                                Sql{alter_clauses(id, to, from, TypeChange::Rewrite, {}, ctx)})});
  for (const ObjectId& check : around.checks)
    steps.push_back(validate_step(id, check.name, ctx.desired.constraints.at(check), ctx));
  for (const ObjectId& index : around.indexes) {
    const Index& wanted = ctx.desired.indexes.at(index);
    Step build = concurrent_build_step(
        index, wanted, index.name, "The index is built again while others read and write.", ctx);
    build.object = id;
    steps.push_back(std::move(build));
    if (const auto extras = index_extras_sql(index, wanted); !extras.empty()) {
      steps.push_back(catalog_step(ctx, id, extras, extras_locks(index, wanted.clustered),
                                   "The index is as it was."));
      steps.back().undone_by_others = true;
    }
  }
  return steps;
}

}  // namespace aloft
