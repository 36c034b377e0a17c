#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/emit.h"
#include "planner/emit/table_sql.h"
#include "planner/emit/view_columns.h"
#include "planner/emit/view_sql.h"

namespace aloft {
namespace {

ObjectId column_id(const ObjectId& view, const std::string& name) {
  return child_id(Kind::Column, view, name);
}
Sql alter_view(const ObjectId& id, const View& view, const std::string& clause) {
  return sql("ALTER {} {}", target_of(id, view).text(), Sql{clause});
}
Sql drop_sql(const ObjectId& id, const View& view) {
  return sql("DROP {}", target_of(id, view).text());
}

std::string default_clause(const ViewColumn& column) {
  return column.default_value.empty() ? "DROP DEFAULT" : "SET DEFAULT " + column.default_value.sql;
}

/// Statements that lead from what one column carries to what it is to carry.
void column_extra(std::vector<Sql>& statements, const ObjectId& id, const View& view,
                  const ViewColumn& from, const ViewColumn& to) {
  const ObjectId column = column_id(id, to.name);
  const std::string alter = "ALTER COLUMN " + quote_ident(to.name) + " ";
  if (from.default_value != to.default_value)
    statements.push_back(alter_view(id, view, alter + default_clause(to)));
  if (from.statistics != to.statistics)
    statements.push_back(
        alter_view(id, view, alter + "SET STATISTICS " + std::to_string(to.statistics)));
  append(statements, grants_sql(target_of(column), from.grants, to.grants));
  if (from.comment != to.comment) statements.push_back(comment_sql(target_of(column), to.comment));
}

std::vector<Sql> extras_sql(const ObjectId& id, const View& from, const View& to) {
  std::vector<Sql> statements;
  const auto extra = [](const View& view, const std::string& name) {
    const auto it = std::ranges::find(view.column_extras, name, &ViewColumn::name);
    return it == view.column_extras.end() ? ViewColumn{.name = name} : *it;
  };
  for (const ViewColumn& was : from.column_extras)
    column_extra(statements, id, to, was, extra(to, was.name));
  for (const ViewColumn& wanted : to.column_extras)
    if (std::ranges::find(from.column_extras, wanted.name, &ViewColumn::name) ==
        from.column_extras.end())
      column_extra(statements, id, to, {.name = wanted.name}, wanted);
  return statements;
}

std::string definition(const ObjectId& id, const View& view, std::string_view verb) {
  std::string text = std::string(verb) + " " + target_of(id, view).text().text;
  if (!view.aliases.empty()) text += " (" + ident_list(view.aliases).text + ")";
  if (!view.access_method.empty()) text += " USING " + quote_ident(view.access_method);
  if (!view.options.empty()) text += " WITH (" + option_list(view.options) + ")";
  if (!view.tablespace.empty()) text += " TABLESPACE " + quote_ident(view.tablespace);
  text += " AS\n" + view.query.sql;
  if (view.materialized) text += view.populated ? "\nWITH DATA" : "\nWITH NO DATA";
  return text;
}

std::vector<Sql> create_sql(const ObjectId& id, const View& wanted, const PlanContext& ctx) {
  std::vector<Sql> statements{Sql{definition(id, wanted, "CREATE")}};
  append(statements, dress_sql(target_of(id, wanted), wanted, ctx));
  append(statements, extras_sql(id, {}, wanted));
  return statements;
}

/// Columns that the view has no longer, where its columns are known.
std::vector<std::string> lost_columns(const View& was, const View* wanted) {
  std::vector<std::string> lost;
  if (wanted == nullptr || wanted->columns.empty()) return lost;
  for (const std::string& column : was.columns)
    if (std::ranges::find(wanted->columns, column) == wanted->columns.end()) lost.push_back(column);
  return lost;
}

Locks own_lock(const ObjectId& id) {
  return {{id, LockLevel::AccessExclusive}};
}

/// The filling of a materialized view holds the lock that a rebuild has on the old one.
Step create_step(const Action& action, const View& wanted, const PlanContext& ctx) {
  const View* live = ctx.live.find<View>(action.id);
  View view = wanted;
  if (action.rebuild && live != nullptr && live->materialized) view.populated |= live->populated;
  const std::vector<Sql> statements = create_sql(action.id, view, ctx);
  const std::string why = action.rebuild ? "The view is made again, with all that it carries."
                          : wanted.materialized ? "A new materialized view."
                                                : "A new view.";
  if (!view.materialized || !view.populated)
    return catalog_step(ctx, action.id, statements, {}, why);
  if (action.rebuild && live != nullptr && live->materialized && live->populated)
    return heavy_step(ctx, action.id, statements, action.id, true, own_lock(action.id),
                      why + " Its query is run while the old one is locked.");
  Step step = catalog_step(ctx, action.id, statements, {}, why + " Its query is run to fill it.");
  step.scans = true;
  step.statement_timeout_ms = 0;
  return step;
}

Step options_step(const Action& action, const View& from, const View& to, const PlanContext& ctx) {
  const auto statements = [&](const Options& a, const Options& b) {
    std::vector<Sql> list;
    for (const std::string& clause : option_clauses(a, b))
      list.push_back(alter_view(action.id, to, clause));
    return list;
  };
  // Storage parameters of a materialized view are those of a table; a view's are part of its rule.
  const LockLevel level =
      to.materialized ? LockLevel::ShareUpdateExclusive : LockLevel::AccessExclusive;
  Step step = catalog_step(ctx, action.id, statements(from.options, to.options),
                           {{action.id, level}}, "The view's options change.");
  const auto touches = [&](std::string_view name) {
    const auto value = [&](const Options& options) {
      const auto it = std::ranges::find(options, name, &Option::name);
      return it == options.end() ? std::string() : it->value;
    };
    return value(from.options) != value(to.options);
  };
  if (touches("security_invoker") || touches("security_barrier"))
    add_hazard(step, Hazard::Privilege,
               "changes who sees which rows through " + name_of(action.id));
  if (touches("check_option"))
    add_hazard(step, Hazard::AppBreaking,
               "changes which rows may be written through " + name_of(action.id));
  set_undo(step, statements(to.options, from.options));
  return step;
}

/// The files of a materialized view are written anew.
Step storage_step(const Action& action, const std::string& clause, const std::string& undo,
                  const View& to, const PlanContext& ctx) {
  Step step = heavy_step(ctx, action.id, {alter_view(action.id, to, clause)}, action.id, true,
                         own_lock(action.id), "The materialized view is written to another place.");
  set_undo(step, {alter_view(action.id, to, undo)});
  return step;
}

void storage_steps(std::vector<Step>& steps, const Action& action, const View& from, const View& to,
                   const PlanContext& ctx) {
  const auto method = [](const View& view) {
    return "SET ACCESS METHOD " +
           (view.access_method.empty() ? std::string("heap") : quote_ident(view.access_method));
  };
  const auto tablespace = [](const View& view) {
    return "SET TABLESPACE " +
           quote_ident(view.tablespace.empty() ? "pg_default" : view.tablespace);
  };
  if (changes(action, "access method"))
    steps.push_back(storage_step(action, method(to), method(from), to, ctx));
  if (changes(action, "tablespace"))
    steps.push_back(storage_step(action, tablespace(to), tablespace(from), to, ctx));
}

Step extras_step(const Action& action, const View& from, const View& to, const PlanContext& ctx) {
  const std::vector<Sql> statements = extras_sql(action.id, from, to);
  const auto any = [&](std::string_view verb) {
    return std::ranges::any_of(
        statements, [&](const Sql& statement) { return statement.text.starts_with(verb); });
  };
  Locks locks;
  if (any("ALTER"))
    locks = own_lock(action.id);
  else if (any("COMMENT"))
    locks = {{action.id, LockLevel::ShareUpdateExclusive}};
  Step step = catalog_step(ctx, action.id, statements, locks, "What its columns carry changes.");
  if (any("GRANT") || any("REVOKE"))
    add_hazard(step, Hazard::Privilege, "changes who may use columns of " + name_of(action.id));
  set_undo(step, extras_sql(action.id, to, from));
  return step;
}

/// The live view and what goes with it: its triggers, and indexes of a materialized one.
std::vector<Sql> back_sql(const ObjectId& id, const View& was, const PlanContext& ctx) {
  std::vector<Sql> statements = create_sql(id, was, ctx);
  for_each_child<Index>(ctx.live, id, [&](const ObjectId& part, const Index& index) {
    statements.push_back(index_sql(part, index, part.name, false, false));
    append(statements, index_extras_sql(part, index));
  });
  for_each_child<Trigger>(ctx.live, id, [&](const ObjectId& part, const Trigger& trigger) {
    for (const Step& step : create_steps({.id = part}, trigger, ctx))
      for (const std::string& statement : step.sql) statements.push_back(Sql{statement});
  });
  return statements;
}

}  // namespace

Sql replace_view_sql(const ObjectId& id, const View& view) {
  return Sql{definition(id, view, "CREATE OR REPLACE")};
}

std::vector<Step> create_steps(const Action& action, const View& wanted, const PlanContext& ctx) {
  Step step = create_step(action, wanted, ctx);
  set_undo(step, {drop_sql(action.id, wanted)});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const View& from, const View& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  const bool replaced = changes(action, "query") || changes(action, "columns");
  if (replaced) {
    Step step = catalog_step(ctx, action.id, {Sql{definition(action.id, to, "CREATE OR REPLACE")}},
                             own_lock(action.id),
                             "The view is replaced in place: its columns stay as they are, or get "
                             "company at the end.");
    if (from.columns == to.columns)
      set_undo(step, {Sql{definition(action.id, from, "CREATE OR REPLACE")}});
    steps.push_back(std::move(step));
  }
  if (changes(action, "options") && !replaced) steps.push_back(options_step(action, from, to, ctx));
  storage_steps(steps, action, from, to, ctx);
  if (changes(action, "column extras")) {
    steps.push_back(extras_step(action, from, to, ctx));
  }
  append(steps, access_steps(action, target_of(action.id, to), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const View& was, const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, {drop_sql(action.id, was)}, own_lock(action.id),
                           action.rebuild ? "The view is taken out of the way of a change."
                                          : "The files no longer name it.");
  if (!action.rebuild)
    add_hazard(step, Hazard::DataLoss,
               std::string(was.materialized ? "the materialized view" : "the view") +
                   " and its privileges go; whoever reads it fails");
  else if (const auto lost = lost_columns(was, ctx.desired.find<View>(action.id)); !lost.empty())
    add_hazard(step, Hazard::AppBreaking,
               "an application that reads " + ident_list(lost).text + " of " + name_of(action.id) +
                   " fails from then on");
  set_undo(step, back_sql(action.id, was, ctx));
  return {step};
}

std::vector<Step> rename_steps(const Action& action, const View& wanted, const PlanContext& ctx) {
  const auto rename = [&](const ObjectId& from, const ObjectId& to) {
    std::vector<Sql> statements;
    ObjectId moved = from;
    if (from.schema != to.schema) {
      statements.push_back(alter_view(from, wanted, "SET SCHEMA " + quote_ident(to.schema)));
      moved.schema = to.schema;
    }
    if (from.name != to.name)
      statements.push_back(alter_view(moved, wanted, "RENAME TO " + quote_ident(to.name)));
    return statements;
  };
  Step step = catalog_step(ctx, action.id, rename(action.from, action.id), own_lock(action.id),
                           "The view gets another name.");
  for (RelationLock& lock : step.locks) lock.relation = to_sql(qualified(action.from));
  add_hazard(step, Hazard::AppBreaking,
             "an application that says " + to_sql(qualified(action.from)) + " fails from then on");
  set_undo(step, rename(action.id, action.from));
  return {step};
}

bool must_rebuild(const Change& change, const View& from, const View& to, const PlanContext&) {
  const auto differs = [&](std::string_view field) {
    return std::ranges::find(change.fields, field) != change.fields.end();
  };
  if (differs("materialized")) return true;
  if (!differs("query") && !differs("columns")) return false;
  return to.materialized || !keeps_columns(from, to);
}

}  // namespace aloft
