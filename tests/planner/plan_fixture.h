#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/diff/diff.h"
#include "planner/planner.h"

namespace aloft {

/// Two snapshots built by hand, their edges, and the plan between them.
class PlanTest : public testing::Test {
 protected:
  struct Side {
    Snapshot snapshot{};
    Edges edges{};

    Side() { snapshot.schemas[{.kind = Kind::Schema, .name = "public"}] = {}; }

    ObjectId table(const std::string& name, const std::vector<std::string>& columns) {
      const ObjectId id = table_id("public", name);
      Table& table = snapshot.tables[id];
      for (const std::string& c : columns) {
        snapshot.columns[column(name, c)] = {.type = "integer"};
        needs(column(name, c), id);
      }
      table.column_order = columns;
      return id;
    }
    static ObjectId column(const std::string& table, const std::string& name) {
      return child_id(Kind::Column, table_id("public", table), name);
    }
    static ObjectId part(Kind kind, const std::string& table, const std::string& name) {
      return child_id(kind, table_id("public", table), name);
    }
    static ObjectId named(Kind kind, const std::string& name, const std::string& args = "") {
      return {.kind = kind, .schema = "public", .relation = "", .name = name, .args = args};
    }
    ObjectId view(const std::string& name, const std::string& query,
                  const std::vector<ObjectId>& on) {
      const ObjectId id = named(Kind::View, name);
      snapshot.views[id] = {.query = {query, query}};
      for (const ObjectId& o : on) needs(id, o);
      return id;
    }
    ObjectId function(const std::string& name, const std::string& args, const std::string& returns,
                      const std::vector<ObjectId>& on = {}) {
      const ObjectId id = named(Kind::Function, name, args);
      snapshot.functions[id] = {.arguments = args,
                                .returns = returns,
                                .language = "sql",
                                .body = {"select 1", "select 1"},
                                .create = "CREATE OR REPLACE FUNCTION public." + name + "(" + args +
                                          ") RETURNS " + returns + " LANGUAGE sql AS $$select 1$$"};
      for (const ObjectId& o : on) needs(id, o);
      return id;
    }
    ObjectId key(const std::string& table, const std::string& name, const std::string& column_name,
                 Constraint::Type type = Constraint::Type::PrimaryKey) {
      const ObjectId id = part(Kind::Constraint, table, name);
      const std::string text =
          (type == Constraint::Type::PrimaryKey ? "PRIMARY KEY (" : "UNIQUE (") + column_name + ")";
      snapshot.constraints[id] = {
          .type = type, .definition = {text, text}, .columns = {column_name}};
      needs(id, column(table, column_name));
      return id;
    }
    ObjectId check(const std::string& table, const std::string& name, const std::string& text,
                   const std::vector<ObjectId>& on = {}) {
      const ObjectId id = part(Kind::Constraint, table, name);
      snapshot.constraints[id] = {.type = Constraint::Type::Check, .definition = {text, text}};
      needs(id, table_id("public", table));
      for (const ObjectId& o : on) needs(id, o);
      return id;
    }
    ObjectId foreign_key(const std::string& table, const std::string& name,
                         const std::string& column_name, const std::string& to,
                         const ObjectId& to_key) {
      const ObjectId id = part(Kind::Constraint, table, name);
      const std::string text = "FOREIGN KEY (" + column_name + ") REFERENCES public." + to + "(id)";
      snapshot.constraints[id] = {.type = Constraint::Type::ForeignKey,
                                  .definition = {text, text},
                                  .columns = {column_name},
                                  .referenced = {"public", to},
                                  .referenced_columns = {"id"}};
      needs(id, column(table, column_name));
      needs(id, table_id("public", to));
      needs(id, to_key);
      return id;
    }
    ObjectId index(const std::string& table, const std::string& name,
                   const std::string& column_name) {
      const ObjectId id = part(Kind::Index, table, name);
      const std::string text = "USING btree (" + column_name + ")";
      snapshot.indexes[id] = {.definition = {text, text},
                              .method = "btree",
                              .columns = {column_name},
                              .key_columns = {column_name}};
      needs(id, column(table, column_name));
      return id;
    }
    void needs(const ObjectId& dependent, const ObjectId& on) {
      edges.push_back({dependent, on});
      std::ranges::sort(edges);
    }
  };

  std::optional<Plan> plan(ChangeSet changes) {
    return make_plan({live.snapshot, desired.snapshot, changes, live.edges, desired.edges, facts,
                      options, sources},
                     diagnostics);
  }
  Plan plan() {
    const auto made = plan(diff(live.snapshot, desired.snapshot));
    EXPECT_TRUE(made.has_value()) << messages();
    return made.value_or(Plan{});
  }
  std::string messages() const {
    std::string text;
    for (const Diagnostic& d : diagnostics.sorted()) text += to_string(d, sources) + "\n";
    return text;
  }

  /// All statements of a plan, in order, one a line, led by "STEP phase".
  static std::string script(const Plan& plan) {
    std::string text;
    for (const Step& step : plan.steps) {
      text += "STEP " + std::string(phase_name(step.phase)) + "\n";
      for (const std::string& sql : step.sql) text += sql + "\n";
    }
    return text;
  }
  /// The number of the step with a statement that has the text; -1 if there is none.
  static int step_with(const Plan& plan, const std::string& text) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
      for (const std::string& sql : plan.steps[i].sql)
        if (sql.find(text) != std::string::npos) return static_cast<int>(i);
    return -1;
  }
  static Phase phase_of(const Plan& plan, const std::string& text) {
    const int step = step_with(plan, text);
    return step < 0 ? Phase::Backfill : plan.steps[static_cast<std::size_t>(step)].phase;
  }
  /// The texts come in this order among the statements, each in one.
  static void expect_order(const Plan& plan, const std::vector<std::string>& texts) {
    const std::string all = script(plan);
    std::size_t from = 0;
    for (const std::string& text : texts) {
      const std::size_t at = all.find(text);
      ASSERT_NE(at, std::string::npos) << text << "\n" << all;
      EXPECT_GE(at, from) << text << "\n" << all;
      from = at;
    }
  }

  Side live{}, desired{};
  Facts facts{};
  PlanOptions options{};
  Sources sources{};
  Diagnostics diagnostics{};
};

}  // namespace aloft
