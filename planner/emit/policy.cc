#include "planner/emit/access.h"
#include "planner/emit/emit.h"

namespace aloft {
namespace {

Locks table_lock(const ObjectId& id) {
  return {{relation_of(id), LockLevel::AccessExclusive}};
}

std::string role_list(const Policy& policy) {
  std::string list;
  for (const std::string& role : policy.roles)
    list += (list.empty() ? "" : ", ") + role_sql(role).text;
  return list.empty() ? "PUBLIC" : list;
}

/// "CREATE POLICY", "ALTER POLICY" and the name.
std::string head(std::string_view verb, const ObjectId& id) {
  return std::string(verb) + " POLICY " + target_of(id).name;
}

std::string using_clause(const Policy& policy) {
  return policy.using_expr.empty() ? "" : " USING (" + policy.using_expr.sql + ")";
}
std::string check_clause(const Policy& policy) {
  return policy.check_expr.empty() ? "" : " WITH CHECK (" + policy.check_expr.sql + ")";
}

std::vector<Sql> create_sql(const ObjectId& id, const Policy& wanted) {
  std::string text = head("CREATE", id);
  if (!wanted.permissive) text += " AS RESTRICTIVE";
  if (wanted.command != "ALL") text += " FOR " + wanted.command;
  if (!wanted.roles.empty()) text += " TO " + role_list(wanted);
  std::vector<Sql> statements{Sql{text + using_clause(wanted) + check_clause(wanted)}};
  if (!wanted.comment.empty()) statements.push_back(comment_sql(target_of(id), wanted.comment));
  return statements;
}

Sql drop_sql(const ObjectId& id) {
  return sql("DROP POLICY {}", Sql{target_of(id).name});
}

/// ALTER POLICY sets expressions and roles; it can take no expression away.
bool alters_in_place(const Policy& from, const Policy& to) {
  return from.command == to.command && from.permissive == to.permissive &&
         from.using_expr.empty() == to.using_expr.empty() &&
         from.check_expr.empty() == to.check_expr.empty();
}

Sql alter_sql(const ObjectId& id, const Policy& from, const Policy& to) {
  std::string text = head("ALTER", id);
  if (from.roles != to.roles) text += " TO " + role_list(to);
  if (from.using_expr != to.using_expr) text += using_clause(to);
  if (from.check_expr != to.check_expr) text += check_clause(to);
  return Sql{text};
}

/// Policies of a table without row level security restrict nobody yet.
bool in_force(const ObjectId& id, const PlanContext& ctx) {
  const Table* table = ctx.live.find<Table>(relation_of(id));
  return table != nullptr && table->row_security;
}

void judge(Step& step, const std::string& why, const PlanContext& ctx) {
  if (in_force(step.object, ctx))
    add_hazard(step, Hazard::Privilege, why + " rows of " + to_sql(relation_name(step.object)));
}

Step change_step(const Action& action, const Policy& from, const Policy& to,
                 const PlanContext& ctx) {
  const ObjectId& id = action.id;
  if (alters_in_place(from, to)) {
    Step step = catalog_step(ctx, id, {alter_sql(id, from, to)}, table_lock(id),
                             "The policy changes in place: at no moment is it missing.");
    set_undo(step, {alter_sql(id, to, from)});
    return step;
  }
  std::vector<Sql> statements{drop_sql(id)}, undo{drop_sql(id)};
  append(statements, create_sql(id, to));
  append(undo, create_sql(id, from));
  Step step =
      catalog_step(ctx, id, statements, table_lock(id),
                   "PostgreSQL cannot change this of a policy: it is dropped and made again "
                   "in one transaction, so that nobody sees it missing.");
  set_undo(step, undo);
  return step;
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Policy& wanted, const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, create_sql(action.id, wanted), table_lock(action.id),
                           "A new policy: it says who may see and change which rows.");
  if (action.rebuild)
    step.why = "The policy is made again after what it stands on has changed.";
  else
    judge(step, wanted.permissive ? "lets more people at" : "keeps people from", ctx);
  set_undo(step, {drop_sql(action.id)});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Policy& from, const Policy& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  const bool only_comment = action.fields.size() == 1 && changes(action, "comment");
  if (!only_comment) {
    steps.push_back(change_step(action, from, to, ctx));
    judge(steps.back(), "changes who may see and change", ctx);
    if (!alters_in_place(from, to)) return steps;  // the comment is among its statements
  }
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Policy& was, const PlanContext& ctx) {
  Step step =
      catalog_step(ctx, action.id, {drop_sql(action.id)}, table_lock(action.id),
                   action.rebuild ? "What it stands on changes: it is made again after that."
                                  : "The files no longer name it.");
  if (!action.rebuild) {
    add_hazard(step, Hazard::DataLoss, "the policy goes");
    judge(step, was.permissive ? "keeps people from" : "lets more people at", ctx);
  }
  set_undo(step, create_sql(action.id, was));
  return {step};
}

std::vector<Step> rename_steps(const Action& action, const Policy&, const PlanContext& ctx) {
  const auto rename = [&](const ObjectId& from, const ObjectId& to) {
    return sql("ALTER POLICY {} ON {} RENAME TO {}", Ident{from.name}, relation_name(action.id),
               Ident{to.name});
  };
  Step step = catalog_step(ctx, action.id, {rename(action.from, action.id)}, table_lock(action.id),
                           "The policy gets another name.");
  set_undo(step, {rename(action.id, action.from)});
  return {step};
}

bool must_rebuild(const Change&, const Policy&, const Policy&, const PlanContext&) {
  return false;
}

}  // namespace aloft
