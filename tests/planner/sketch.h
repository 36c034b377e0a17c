#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/diff/diff.h"
#include "planner/action.h"

namespace aloft {

/// Builds a small canonical snapshot by hand, all in schema public: what parsing and introspection
/// would make, with equal texts for `sql` and `canon`.
class Sketch {
 public:
  Snapshot snapshot{.search_path = {"public"}};

  static ObjectId table_named(const std::string& name) { return table_id("public", name); }
  static SqlText text(const std::string& sql) { return {.sql = sql, .canon = sql}; }

  Table& table(const std::string& name) { return snapshot.tables[table_named(name)]; }
  Column& column(const std::string& table, const std::string& name,
                 const std::string& type = "integer") {
    this->table(table).column_order.push_back(name);
    Column& column = snapshot.columns[child_id(Kind::Column, table_named(table), name)];
    column.type = type;
    return column;
  }
  Constraint& constraint(const std::string& table, const std::string& name, Constraint::Type type,
                         const std::string& definition, const std::vector<std::string>& columns) {
    Constraint& c = snapshot.constraints[child_id(Kind::Constraint, table_named(table), name)];
    c.type = type;
    c.definition = text(definition);
    c.columns = columns;
    return c;
  }
  Constraint& foreign_key(const std::string& table, const std::string& name,
                          const std::string& column, const std::string& referenced) {
    Constraint& c = constraint(
        table, name, Constraint::Type::ForeignKey,
        "FOREIGN KEY (" + column + ") REFERENCES public." + referenced + "(id)", {column});
    c.referenced = {"public", referenced};
    c.referenced_columns = {"id"};
    return c;
  }
  /// A table with the columns `id integer NOT NULL`, its primary key, and `a integer`.
  Sketch& plain_table(const std::string& name) {
    column(name, "id").not_null = true;
    column(name, "a");
    constraint(name, name + "_pkey", Constraint::Type::PrimaryKey, "PRIMARY KEY (id)", {"id"});
    return *this;
  }
  Index& index(const std::string& table, const std::string& name, const std::string& definition,
               const std::vector<std::string>& columns) {
    Index& i = snapshot.indexes[child_id(Kind::Index, table_named(table), name)];
    i.definition = text(definition);
    i.columns = columns;
    i.method = "btree";
    i.key_columns = columns;
    return i;
  }
  Sequence& sequence(const std::string& name) {
    return snapshot.sequences[{.kind = Kind::Sequence, .schema = "public", .name = name}];
  }
};

/// The steps that lead from one sketch to the other, action by action: made and altered in the
/// order of kinds, dropped in the reverse order. No graph: enough where nothing is in the way.
inline std::vector<Step> steps_between(const Snapshot& live, const Snapshot& desired,
                                       const Facts& facts = {}) {
  const PlanOptions options;
  const Sources sources;
  const PlanContext context{live, desired, facts, options, sources};
  std::vector<Action> actions, drops;
  for (const Change& change : diff(live, desired)) {
    if (needs_rebuild(change, context)) {
      drops.insert(drops.begin(), {.op = Change::Op::Drop, .id = change.id, .rebuild = true});
      actions.push_back({.op = Change::Op::Create, .id = change.id, .rebuild = true});
    } else {
      const Action action{
          .op = change.op, .id = change.id, .from = change.from, .fields = change.fields};
      if (change.op == Change::Op::Drop)
        drops.insert(drops.begin(), action);
      else
        actions.push_back(action);
    }
  }
  std::vector<Action> in_order;
  const auto take = [&](const std::vector<Action>& from, const auto& wanted) {
    for (const Action& action : from)
      if (wanted(action)) in_order.push_back(action);
  };
  const auto folded = [&](const Action& a) {
    if (a.op != Change::Op::Create || a.id.relation.empty()) return false;
    const Constraint* c = desired.find<Constraint>(a.id);
    return !live.contains(relation_of(a.id)) &&
           (a.id.kind == Kind::Column ||
            (c != nullptr && (c->type != Constraint::Type::ForeignKey || c->inherited)));
  };
  take(drops, [](const Action& a) { return a.rebuild; });
  take(actions, [&](const Action& a) { return !folded(a); });
  take(drops, [&](const Action& a) {
    return !a.rebuild && (a.id.relation.empty() || desired.contains(relation_of(a.id)));
  });
  std::vector<Step> steps;
  SidesFinder sides{ObjectFinder(live), ObjectFinder(desired)};
  for (const Action& action : in_order)
    for (Step& step : steps_for(action, context, sides)) steps.push_back(std::move(step));
  return steps;
}

/// All statements, one a line.
inline std::string sql_of(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps)
    for (const std::string& statement : step.sql) text += statement + "\n";
  return text;
}

}  // namespace aloft
