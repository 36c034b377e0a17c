#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/emit.h"
#include "planner/emit/enum_sql.h"
#include "planner/emit/type_users.h"
#include "planner/strategies/swap_enum.h"

namespace aloft {
namespace {

using Labels = std::vector<std::string>;

bool has(const Labels& labels, const std::string& label) {
  return std::ranges::find(labels, label) != labels.end();
}

/// Do the old labels stand among the new ones in their old order? Then ADD VALUE is enough.
bool only_adds(const Labels& from, const Labels& to) {
  auto at = from.begin();
  for (const std::string& label : to)
    if (at != from.end() && *at == label) ++at;
  return at == from.end();
}

Sql label_list(const Labels& labels) {
  std::vector<Literal> literals;
  for (const std::string& label : labels) literals.push_back({label});
  return sql_list(literals);
}

/// One label, in a step of its own: a label cannot be used in the transaction that adds it.
Step add_label(const ObjectId& id, const std::string& label, const Sql& place,
               const PlanContext& ctx) {
  Step step = catalog_step(
      ctx, id, {sql("ALTER TYPE {} ADD VALUE {}{}", qualified(id), Literal{label}, place)}, {},
      "A new label; nobody who reads or writes waits. PostgreSQL cannot take it away again.");
  step.check = {
      .what = StepCheck::What::EnumLabel, .schema = id.schema, .name = id.name, .detail = label};
  return step;
}

std::vector<Step> add_labels(const ObjectId& id, const Labels& from, const Labels& to,
                             const PlanContext& ctx) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (has(from, to[i])) continue;
    Sql place;
    if (i > 0)
      place = sql(" AFTER {}", Literal{to[i - 1]});
    else if (!from.empty())
      place = sql(" BEFORE {}", Literal{from.front()});
    steps.push_back(add_label(id, to[i], place, ctx));
  }
  return steps;
}

std::vector<Step> replace_labels(const ObjectId& id, const Enum& from, const Enum& to,
                                 const PlanContext& ctx) {
  EnumSwap online = swap_enum(id, from, to, ctx);
  if (!online.steps.empty()) return std::move(online.steps);
  TypeReplacement replacement{
      .word = "TYPE", .create = create_enum_sql(id, to, ctx), .detour = "text", .lost = {}};
  for (const std::string& label : from.labels)
    if (!has(to.labels, label)) replacement.lost.push_back(label);
  std::vector<Step> steps = replace_type_steps(
      id, replacement,
      "PostgreSQL can neither take a label away nor move one: all columns go over to a new type." +
          (online.obstacle.empty()
               ? std::string()
               : " It cannot be done beside the running application: " + online.obstacle + "."),
      ctx);
  for (const std::string& label : replacement.lost)
    add_hazard(steps.front(), Hazard::AppBreaking,
               "fails while a row holds " + quote_literal(label) +
                   ", and so does an application that goes on writing it");
  return steps;
}

}  // namespace

std::vector<Sql> create_enum_sql(const ObjectId& id, const Enum& wanted, const PlanContext& ctx) {
  std::vector<Sql> statements{
      sql("CREATE TYPE {} AS ENUM ({})", qualified(id), label_list(wanted.labels))};
  append(statements, dress_sql(target_of(id), wanted, ctx));
  return statements;
}

std::vector<Step> create_steps(const Action& action, const Enum& wanted, const PlanContext& ctx) {
  Step step =
      catalog_step(ctx, action.id, create_enum_sql(action.id, wanted, ctx), {}, "A new enum type.");
  set_undo(step, {sql("DROP TYPE {}", qualified(action.id))});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Enum& from, const Enum& to,
                              const PlanContext& ctx) {
  if (changes(action, "labels") && !only_adds(from.labels, to.labels))
    return replace_labels(action.id, from, to, ctx);  // with owner, grants and comment
  std::vector<Step> steps;
  if (changes(action, "labels")) steps = add_labels(action.id, from.labels, to.labels, ctx);
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Enum& was, const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, {sql("DROP TYPE {}", qualified(action.id))}, {},
                           action.rebuild ? "Its labels change, and no column is of this type: it "
                                            "is dropped and made again."
                                          : "The files no longer name it.");
  if (!action.rebuild) add_hazard(step, Hazard::DataLoss, "the type and its privileges go");
  set_undo(step, create_enum_sql(action.id, was, ctx));
  return {step};
}

// Where columns are of the type, the planner takes all else that stands on it out of the way and
// asks for an Alter.
bool must_rebuild(const Change&, const Enum& from, const Enum& to, const PlanContext&) {
  return !only_adds(from.labels, to.labels);
}

}  // namespace aloft
