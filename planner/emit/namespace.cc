#include "planner/emit/access.h"
#include "planner/emit/emit.h"

namespace aloft {
namespace {

Sql create_extension(const ObjectId& id, const Extension& extension) {
  Sql statement = sql("CREATE EXTENSION {}", Ident{id.name});
  if (!extension.schema.empty()) statement.text += " SCHEMA " + quote_ident(extension.schema);
  if (!extension.version.empty()) statement.text += " VERSION " + quote_literal(extension.version);
  return statement;
}

Step move_extension(const Action& action, const Extension& from, const Extension& to,
                    const PlanContext& ctx) {
  const auto set_schema = [&](const std::string& schema) {
    return sql("ALTER EXTENSION {} SET SCHEMA {}", Ident{action.id.name}, Ident{schema});
  };
  Step step = catalog_step(ctx, action.id, {set_schema(to.schema)}, {},
                           "All that belongs to the extension moves to schema " + to.schema + ".");
  add_hazard(step, Hazard::AppBreaking,
             "an application that names something of " + action.id.name + " in schema " +
                 from.schema + " fails from then on");
  set_undo(step, {set_schema(from.schema)});
  return step;
}

Step update_extension(const Action& action, const Extension& to, const PlanContext& ctx) {
  Step step = catalog_step(
      ctx, action.id,
      {sql("ALTER EXTENSION {} UPDATE TO {}", Ident{action.id.name}, Literal{to.version})}, {},
      "The extension's own script takes it to version " + to.version + ".");
  step.statement_timeout_ms = 0;
  return step;
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Schema& wanted, const PlanContext& ctx) {
  const Target target = target_of(action.id, wanted);
  std::vector<Sql> statements{sql("CREATE SCHEMA {}", Ident{action.id.name})};
  append(statements, dress_sql(target, wanted, ctx));
  Step step = catalog_step(ctx, action.id, statements, {}, "A new schema.");
  set_undo(step, {sql("DROP SCHEMA {}", Ident{action.id.name})});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Schema& from, const Schema& to,
                              const PlanContext& ctx) {
  return access_steps(action, target_of(action.id, to), from, to, ctx);
}

std::vector<Step> drop_steps(const Action& action, const Schema& was, const PlanContext& ctx) {
  const Sql create = sql("CREATE SCHEMA {}", Ident{action.id.name});
  Step step = catalog_step(ctx, action.id, {sql("DROP SCHEMA {}", Ident{action.id.name})}, {},
                           "The files no longer name it. PostgreSQL refuses it while anything, "
                           "managed or not, is left in it.");
  if (!action.rebuild)
    add_hazard(step, Hazard::DataLoss, "schema " + action.id.name + " and its privileges go");
  std::vector<Sql> undo{create};
  append(undo, dress_sql(target_of(action.id, was), was, ctx));
  set_undo(step, undo);
  return {step};
}

bool must_rebuild(const Change&, const Schema&, const Schema&, const PlanContext&) {
  return false;
}

std::vector<Step> create_steps(const Action& action, const Extension& wanted,
                               const PlanContext& ctx) {
  const Target target = target_of(action.id, wanted);
  // The extension brings its own comment: one that the files leave unsaid is not taken away.
  std::vector<Sql> statements{create_extension(action.id, wanted)};
  if (!wanted.comment.empty()) statements.push_back(comment_sql(target, wanted.comment));
  Step step = catalog_step(ctx, action.id, statements, {}, "A new extension.");
  step.statement_timeout_ms = 0;
  set_undo(step, {sql("DROP EXTENSION {}", Ident{action.id.name})});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Extension& from, const Extension& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  if (changes(action, "version")) steps.push_back(update_extension(action, to, ctx));
  if (changes(action, "schema")) steps.push_back(move_extension(action, from, to, ctx));
  append(steps, access_steps(action, target_of(action.id, to), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Extension& was, const PlanContext& ctx) {
  Step step = catalog_step(
      ctx, action.id, {sql("DROP EXTENSION {}", Ident{action.id.name})}, {},
      action.rebuild
          ? "The extension cannot be moved to another schema: it is made anew there."
          : "The files no longer name it. PostgreSQL refuses it while anything uses it.");
  add_hazard(step, Hazard::DataLoss,
             "all that belongs to extension " + action.id.name +
                 " goes, with what it keeps in "
                 "tables of its own");
  set_undo(step, {create_extension(action.id, was)});
  return {step};
}

bool must_rebuild(const Change&, const Extension& from, const Extension& to, const PlanContext&) {
  return from.schema != to.schema && !from.relocatable;
}

}  // namespace aloft
