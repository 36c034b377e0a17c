#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/emit.h"
#include "planner/emit/sql_scan.h"

namespace aloft {
namespace {

std::string_view word(const Function& function) {
  return function.procedure ? "procedure" : "function";
}

std::vector<Sql> create_sql(const ObjectId& id, const Function& wanted, const PlanContext& ctx) {
  std::vector<Sql> statements{Sql{wanted.create}};
  append(statements, dress_sql(target_of(id, wanted), wanted, ctx));
  return statements;
}

Sql drop_sql(const ObjectId& id, const Function& function) {
  return sql("DROP {}", target_of(id, function).text());
}

const std::string* property(const Function& function, std::string_view name) {
  const auto it = std::ranges::find(function.properties, name, &Option::name);
  return it == function.properties.end() ? nullptr : &it->value;
}

bool differs(const Function& a, const Function& b, std::string_view name) {
  const std::string *left = property(a, name), *right = property(b, name);
  return left == nullptr || right == nullptr ? left != right : *left != *right;
}

bool replaces(const Action& action) {
  return std::ranges::any_of(action.fields, [](std::string_view field) {
    return field != "owner" && field != "grants" && field != "comment";
  });
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Function& wanted,
                               const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, create_sql(action.id, wanted, ctx), {},
                           (wanted.procedure ? "A new procedure." : "A new function."));
  if (action.rebuild) step.why = "The " + std::string(word(wanted)) + " is made again.";
  set_undo(step, {drop_sql(action.id, wanted)});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Function& from, const Function& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  if (replaces(action)) {
    Step step = catalog_step(ctx, action.id, {Sql{to.create}}, {},
                             "The " + std::string(word(to)) +
                                 " is replaced in place: callers get the new one with their next "
                                 "call, and nobody waits.");
    if (differs(from, to, "security"))
      add_hazard(step, Hazard::Privilege,
                 "changes with whose rights " + name_of(action.id) + " runs");
    const bool more_defaults = list_length(from.defaults.sql) < list_length(to.defaults.sql);
    std::vector<Sql> undo{Sql{from.create}};
    if (more_defaults) {
      undo = create_sql(action.id, from, ctx);
      undo.insert(undo.begin(), drop_sql(action.id, from));
    }
    set_undo(step, undo);
    steps.push_back(std::move(step));
  }
  append(steps, access_steps(action, target_of(action.id, to), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Function& was, const PlanContext& ctx) {
  Step step =
      catalog_step(ctx, action.id, {drop_sql(action.id, was)}, {},
                   action.rebuild ? "PostgreSQL cannot change this in place: the " +
                                        std::string(word(was)) + " is dropped and made again."
                                  : "The files no longer name it.");
  if (!action.rebuild) {
    add_hazard(step, Hazard::DataLoss,
               "the " + std::string(word(was)) + " and its privileges go; whoever calls it fails");
  }
  set_undo(step, create_sql(action.id, was, ctx));
  return {step};
}

std::vector<Step> rename_steps(const Action& action, const Function& wanted,
                               const PlanContext& ctx) {
  const auto rename = [&](const ObjectId& from, const ObjectId& to) {
    std::vector<Sql> statements;
    ObjectId moved = from;
    if (from.schema != to.schema) {
      statements.push_back(
          sql("ALTER {} SET SCHEMA {}", target_of(from, wanted).text(), Ident{to.schema}));
      moved.schema = to.schema;
    }
    if (from.name != to.name)
      statements.push_back(
          sql("ALTER {} RENAME TO {}", target_of(moved, wanted).text(), Ident{to.name}));
    return statements;
  };
  Step step = catalog_step(ctx, action.id, rename(action.from, action.id), {},
                           "The " + std::string(word(wanted)) + " gets another name.");
  add_hazard(step, Hazard::AppBreaking,
             "an application that calls " + name_of(action.from) + " fails from then on");
  set_undo(step, rename(action.id, action.from));
  return {step};
}

// CREATE OR REPLACE keeps the kind of routine, the result and the arguments' names and types, and
// takes no default away (CREATE FUNCTION manual, "Notes").
bool must_rebuild(const Change&, const Function& from, const Function& to, const PlanContext&) {
  return from.procedure != to.procedure || from.arguments != to.arguments ||
         from.returns != to.returns || differs(from, to, "window") ||
         list_length(to.defaults.sql) < list_length(from.defaults.sql);
}

}  // namespace aloft
