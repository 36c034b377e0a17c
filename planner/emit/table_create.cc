#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "planner/emit/access.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/emit.h"
#include "planner/emit/key_index.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/publications.h"
#include "planner/strategies/let_go.h"

namespace aloft {
namespace {

bool is_postponed(const Action& action, const ObjectId& id) {
  return std::ranges::find(action.postponed, id) != action.postponed.end();
}

using ColumnEntry = Objects<Column>::value_type;

/// The snapshot's own entries of columns_in_order().
std::vector<const ColumnEntry*> entries_in_order(const Snapshot& snapshot, const ObjectId& table,
                                                 const std::vector<ObjectId>& postponed) {
  std::vector<const ColumnEntry*> entries;
  const ObjectId first{.kind = Kind::Column, .schema = table.schema, .relation = table.name};
  for (auto it = snapshot.columns.lower_bound(first);
       it != snapshot.columns.end() && it->first.relation == table.name &&
       it->first.schema == table.schema;
       ++it)
    if (std::ranges::find(postponed, it->first) == postponed.end()) entries.push_back(&*it);
  const Table* object = snapshot.find<Table>(table);
  if (object == nullptr) return entries;
  std::unordered_map<std::string_view, std::size_t> place;
  for (const std::string& name : object->column_order) place.emplace(name, place.size());
  std::ranges::stable_sort(entries, {}, [&](const ColumnEntry* entry) {
    const auto it = place.find(entry->first.name);
    return it == place.end() ? place.size() : it->second;
  });
  return entries;
}

/// Is the constraint part of CREATE TABLE? A standalone partition declares what it shares with its
/// parent; foreign keys come later.
bool folded(const Action& action, const ObjectId& id, const Constraint& constraint,
            bool standalone) {
  if (constraint.type == Constraint::Type::ForeignKey || is_postponed(action, id)) return false;
  return !constraint.inherited || constraint.local || standalone;
}

struct Body {
  std::vector<std::string> elements{};
  std::vector<Sql> after{};
};

void add_columns(Body& body, const Action& action, const Table& table, const PlanContext& ctx,
                 bool standalone) {
  const bool typed = !table.of_type.empty();
  const bool partition = !table.partition_of.empty() && !standalone;
  const bool child = !standalone && (partition || !table.inherits.empty());
  for (const ColumnEntry* entry : entries_in_order(ctx.desired, action.id, action.postponed)) {
    const auto& [id, column] = *entry;
    const Column* parent = child ? parent_column(ctx.desired, id) : nullptr;
    if (typed) {
      if (std::string options = typed_column_options(id, column); !options.empty())
        body.elements.push_back(std::move(options));
    } else if (parent != nullptr && (partition || !column.local)) {
      append(body.after, child_column_sql(id, column, *parent));
    } else {
      body.elements.push_back(column_definition(id, column, true));
    }
    append(body.after, column_extras_sql(id, column, false, ctx));
  }
}

/// What is to go from the partitioned table is there until contract, and a partition that is
/// attached before has to have it too; it goes with the other.
void add_doomed_columns(Body& body, const Action& action, const Table& table,
                        const PlanContext& ctx) {
  if (ctx.live.contains(action.id)) return;  // made again in contract, after they have gone
  const ObjectId parent = table_id(table.partition_of.schema, table.partition_of.name);
  for (const ObjectId& id : columns_in_order(ctx.live, parent, {})) {
    if (ctx.desired.contains(id)) continue;
    const Column& was = ctx.live.columns.at(id);
    Column bare = was;
    bare.identity = ' ';
    bare.not_null = was.not_null && stop_requiring_steps(id, was, ctx).empty();
    body.elements.push_back(
        column_definition(child_id(Kind::Column, action.id, id.name), bare, true));
  }
}

/// A partition's own key whose index would be taken for one that comes with the partition:
/// attaching takes the oldest that fits, so it is made after that.
bool comes_late(const ObjectId& id, const Constraint& key, const PlanContext& ctx) {
  if (!is_unique_key(key) || key.inherited || !key.parent.empty()) return false;
  bool late = false;
  for_each_child<Index>(ctx.desired, relation_of(id), [&](const ObjectId&, const Index& index) {
    late |= !index.parent.empty() && is_index_of(key, index);
  });
  return late;
}

void add_constraints(Body& body, const Action& action, const PlanContext& ctx, bool standalone) {
  std::vector<Sql> extras;
  for_each_child<Constraint>(
      ctx.desired, action.id, [&](const ObjectId& id, const Constraint& constraint) {
        if (!folded(action, id, constraint, standalone)) return;
        if (standalone && comes_late(id, constraint, ctx)) return;
        const std::string clause = constraint_clause(id, constraint);
        // CREATE TABLE takes every CHECK for valid: one that is not to be comes afterwards.
        if (constraint.validated)
          body.elements.push_back(clause);
        else
          body.after.push_back(
              sql("ALTER TABLE {} ADD {} NOT VALID", relation_name(id), Sql{clause}));
        append(extras, constraint_extras_sql(id, constraint));
      });
  append(body.after, extras);
}

std::string parent_list(const std::vector<Name>& parents) {
  std::string list;
  for (const Name& parent : parents)
    list += (list.empty() ? "" : ", ") + quote_qualified(parent.schema, parent.name);
  return list;
}

std::string element_list(const Body& body) {
  std::string text;
  for (const std::string& element : body.elements)
    text += (text.empty() ? "\n    " : ",\n    ") + element;
  return text.empty() ? "()" : "(" + text + "\n)";
}

std::string tail(const Table& table) {
  std::string text;
  if (!table.partition_key.empty()) text += " PARTITION BY " + table.partition_key.sql;
  if (!table.access_method.empty()) text += " USING " + quote_ident(table.access_method);
  if (!table.options.empty()) text += " WITH (" + option_list(table.options) + ")";
  if (!table.tablespace.empty()) text += " TABLESPACE " + quote_ident(table.tablespace);
  return text;
}

}  // namespace

std::vector<ObjectId> columns_in_order(const Snapshot& snapshot, const ObjectId& table,
                                       const std::vector<ObjectId>& postponed) {
  std::vector<ObjectId> ids;
  for (const ColumnEntry* entry : entries_in_order(snapshot, table, postponed))
    ids.push_back(entry->first);
  return ids;
}

std::vector<Sql> table_extras_sql(const ObjectId& id, const Table& table, const PlanContext& ctx) {
  std::vector<Sql> statements;
  const auto say = [&](std::string_view clause) {
    statements.push_back(sql("ALTER TABLE {} {}", qualified(id), Sql{std::string(clause)}));
  };
  if (table.replica_identity.mode == 'f') say("REPLICA IDENTITY FULL");
  if (table.replica_identity.mode == 'n') say("REPLICA IDENTITY NOTHING");
  // By a constraint's index only: an index of its own is not there yet (see create_steps(Index)).
  if (table.replica_identity.mode == 'i' &&
      ctx.desired.contains(child_id(Kind::Constraint, id, table.replica_identity.index)))
    say("REPLICA IDENTITY USING INDEX " + quote_ident(table.replica_identity.index));
  if (table.row_security) say("ENABLE ROW LEVEL SECURITY");
  if (table.force_row_security) say("FORCE ROW LEVEL SECURITY");
  append(statements, dress_sql(target_of(id), table, ctx));
  return statements;
}

std::vector<Sql> create_table_sql(const Action& action, const Table& table, const PlanContext& ctx,
                                  bool standalone) {
  Body body;
  add_columns(body, action, table, ctx, standalone);
  if (standalone) add_doomed_columns(body, action, table, ctx);
  add_constraints(body, action, ctx, standalone);
  std::string text = table.unlogged ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ";
  text += to_sql(qualified(action.id));
  if (!table.of_type.empty()) {
    text += " OF " + to_sql(qualified(table.of_type));
    if (!body.elements.empty()) text += " " + element_list(body);
  } else if (!table.partition_of.empty() && !standalone) {
    text += " PARTITION OF " + to_sql(qualified(table.partition_of));
    if (!body.elements.empty()) text += " " + element_list(body);
    text += " " + table.partition_bound.sql;
  } else {
    text += " " + element_list(body);
  }
  if (!table.inherits.empty()) text += " INHERITS (" + parent_list(table.inherits) + ")";
  std::vector<Sql> statements{Sql{text + tail(table)}};
  append(statements, body.after);
  append(statements, owned_by_table_sql(ctx, action.id));
  append(statements, table_extras_sql(action.id, table, ctx));
  return statements;
}

namespace {

/// Would attaching make something under a name that is not the wanted one? Then the partition is
/// made on its own, with those names, and attached.
bool needs_own_names(const ObjectId& id, const PlanContext& ctx) {
  bool needs = false;
  for_each_child<Index>(ctx.desired, id,
                        [&](const ObjectId&, const Index& i) { needs |= !i.parent.empty(); });
  for_each_child<Constraint>(ctx.desired, id, [&](const ObjectId& c, const Constraint& constraint) {
    using enum Constraint::Type;
    needs |= !constraint.parent.empty();
    if (!constraint.inherited) return;
    if (constraint.type == PrimaryKey) needs |= c.name != id.name + "_pkey";
    if (constraint.type == Unique || constraint.type == Exclusion) {
      std::string usual = id.name;
      for (const std::string& column : constraint.columns) usual += "_" + column;
      needs |= constraint.type == Exclusion || usual.size() > 50 || c.name != usual + "_key";
    }
  });
  return needs;
}

/// The indexes that a partition brings along to be adopted.
std::vector<Sql> partition_indexes_sql(const ObjectId& table, const PlanContext& ctx) {
  std::vector<Sql> statements;
  for_each_child<Index>(ctx.desired, table, [&](const ObjectId& id, const Index& index) {
    if (!made_with_partition(index, id, ctx)) return;
    statements.push_back(index_sql(id, index, id.name, false, false));
    append(statements, index_extras_sql(id, index));
  });
  for_each_child<Constraint>(ctx.desired, table, [&](const ObjectId& id, const Constraint& key) {
    if (!comes_late(id, key, ctx)) return;
    statements.push_back(
        sql("ALTER TABLE {} ADD {}", qualified(table), Sql{constraint_clause(id, key)}));
    append(statements, constraint_extras_sql(id, key));
  });
  return statements;
}

Locks parent_locks(const Table& table) {
  Locks locks;
  for (const Name& parent : table.inherits)
    locks.push_back({table_id(parent.schema, parent.name), LockLevel::ShareUpdateExclusive});
  return locks;
}

}  // namespace

bool made_with_partition(const Index& index, const ObjectId& id, const PlanContext& ctx) {
  if (index.parent.empty()) return false;
  const Table* table = ctx.desired.find<Table>(relation_of(id));
  return table != nullptr && !table->partition_of.empty() && is_fresh(ctx, relation_of(id));
}

std::vector<Step> create_steps(const Action& action, const Table& wanted, const PlanContext& ctx) {
  std::vector<Step> steps;
  const bool partition = !wanted.partition_of.empty();
  const ObjectId parent = table_id(wanted.partition_of.schema, wanted.partition_of.name);
  const bool live_parent = partition && !is_fresh(ctx, parent);
  const bool standalone = live_parent || (partition && needs_own_names(action.id, ctx));
  std::vector<Sql> statements = create_table_sql(action, wanted, ctx, standalone);
  if (standalone) append(statements, partition_indexes_sql(action.id, ctx));
  if (standalone && !live_parent)
    statements.push_back(sql("ALTER TABLE ONLY {} ATTACH PARTITION {} {}",
                             qualified(wanted.partition_of), qualified(action.id),
                             Sql{wanted.partition_bound.sql}));
  Step step = catalog_step(ctx, action.id, statements, parent_locks(wanted),
                           action.rebuild ? "The table is made again as the files say it."
                           : partition    ? "A new partition."
                                          : "A new table: nobody uses it yet.");
  set_undo(step, {sql("DROP TABLE {}", qualified(action.id))});
  if (!action.rebuild) tell_of_new_table(step, action.id, ctx);
  steps.push_back(std::move(step));
  if (live_parent) append(steps, attach_steps(action.id, wanted, ctx));
  return steps;
}

}  // namespace aloft
