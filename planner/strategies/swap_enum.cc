#include "planner/strategies/swap_enum.h"

#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/enum_sql.h"
#include "planner/emit/type_users.h"
#include "planner/estimate.h"
#include "planner/strategies/shadow_column.h"
#include "planner/strategies/shadow_parts.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

class Swapping {
 public:
  Swapping(const ObjectId& id, const Enum& from, const Enum& to, const ObjectId& column,
           const PlanContext& ctx)
      : id_(id),
        from_(from),
        to_(to),
        column_(column),
        ctx_(ctx),
        mark_(run_mark(id).substr(0, 4)),
        fresh_(type_named("__new_" + mark_)),
        old_(type_named("__old_" + mark_)),
        plan_(plan_shadow(column, {column}, ctx)) {}

  std::string obstacle() const {
    if (!plan_.obstacle.empty()) return plan_.obstacle;
    if (plan_.rebuilds) return "views, functions, policies or triggers stand on it";
    if (!plan_.foreign_keys.empty() || !plan_.referring.empty())
      return "foreign keys tie it to other columns";
    if (ctx_.live_edges == nullptr) return "";
    for (const Edge& edge : *ctx_.live_edges)
      if (edge.on == id_ && edge.dependent != column_ &&
          relation_of(edge.dependent) != relation_of(column_))
        return to_string(edge.dependent) + " stands on the type";
    return "";
  }

  std::vector<Step> steps() const {
    PlanContext inner = ctx_;
    inner.rename_column = [this](const std::string& text, const std::string& from,
                                 const std::string& to) {
      const std::string copy = ctx_.rename_column ? ctx_.rename_column(text, from, to) : "";
      return with_name(copy, spelling(id_), spelling(fresh_));
    };
    const Column& from = ctx_.live.columns.at(column_);
    const Column& to = ctx_.desired.columns.at(column_);
    Column copied = to;
    copied.type = spelling(fresh_);
    const ShadowPlan before = going(copied.type, from.type), after = swapped(from, to);
    std::vector<Step> steps{make_type()};
    append(steps, copy_steps(column_, from, copied, before, inner));
    if (!lost().text.empty() && to.said->new_value.empty())
      add_hazard(steps[1], Hazard::AppBreaking,
                 "an application that goes on writing " + lost().text + " to " + name_of(column_) +
                     " fails from then on");
    add_note(steps[1], Stage::Running, name_of(column_) + ": has the labels of before");
    if (const std::string labels = lost().text; !labels.empty())
      add_note(steps[1], Stage::Next, name_of(column_) + ": neither writes nor needs " + labels);
    append(steps, cut_over_steps(column_, from, to, after, inner));
    return steps;
  }

 private:
  ObjectId type_named(const std::string& suffix) const {
    return {.kind = Kind::Enum, .schema = id_.schema, .name = suffixed(id_.name, suffix)};
  }

  /// The text with another type's name in the place of this one's.
  static std::string with_name(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
      const std::size_t begin = at == 0 ? 0 : at - 1;
      const bool whole =
          mentions(std::string_view(text).substr(begin, at - begin + from.size() + 1), from);
      if (whole) text.replace(at, from.size(), to);
      at += whole ? to.size() : from.size();
    }
    return text;
  }

  /// The labels that go, as literals.
  Sql lost() const {
    std::vector<Literal> labels;
    for (const std::string& label : from_.labels)
      if (std::ranges::find(to_.labels, label) == to_.labels.end()) labels.push_back({label});
    return labels.empty() ? Sql{} : sql_list(labels);
  }

  Step make_type() const {
    Step step = catalog_step(ctx_, id_, create_enum_sql(fresh_, to_, ctx_), {},
                             "The type as it is to be, under another name until the cut-over: "
                             "PostgreSQL can neither take a label away nor move one.");
    step.prelude = true;
    step.scaffold = {fresh_};
    set_undo(step, {sql("DROP TYPE {}", qualified(fresh_))});
    if (lost().text.empty() || !ctx_.desired.columns.at(column_).said->new_value.empty())
      return step;
    step.statement_timeout_ms = 0;  // the proof reads the table, under no lock that others feel
    step.proofs.push_back(
        {sql("SELECT NOT EXISTS (SELECT FROM {} WHERE {}::text IN ({}))", relation_name(column_),
             Ident{column_.name}, lost())
             .text,
         "no row of " + name_of(relation_of(column_)) + " holds " + lost().text +
             " (-- aloft: using EXPRESSION on the column says what becomes of it)"});
    return step;
  }

  /// Until the cut-over: the column of the new type follows the old one.
  ShadowPlan going(const std::string& fresh, const std::string& old) const {
    const auto& said = ctx_.desired.columns.at(column_).said;
    const std::string own = quote_ident(column_.name);
    ShadowPlan plan = plan_;
    plan.up =
        (said->new_value.empty() ? own : "(" + said->new_value.sql + ")") + "::text::" + fresh;
    plan.down =
        (said->old_value.empty() ? own : "(" + said->old_value.sql + ")") + "::text::" + old;
    return plan;
  }

  /// From the cut-over on, in which the types change names before the columns do.
  ShadowPlan swapped(const Column& from, const Column& to) const {
    ShadowPlan plan = going(to.type, with_name(from.type, spelling(id_), spelling(old_)));
    plan.along = {rename(id_, old_), rename(fresh_, id_)};
    plan.along_back = {rename(id_, fresh_), rename(old_, id_)};
    plan.last = {sql("DROP TYPE {}", qualified(old_))};
    plan.scaffold = {old_};
    return plan;
  }

  static Sql rename(const ObjectId& type, const ObjectId& to) {
    return sql("ALTER TYPE {} RENAME TO {}", qualified(type), Ident{to.name});
  }

  const ObjectId& id_;
  const Enum& from_;
  const Enum& to_;
  const ObjectId column_;
  const PlanContext& ctx_;
  const std::string mark_;
  const ObjectId fresh_, old_;
  const ShadowPlan plan_;
};

}  // namespace

EnumSwap swap_enum(const ObjectId& id, const Enum& from, const Enum& to, const PlanContext& ctx) {
  const std::vector<ObjectId> columns = columns_storing(ctx.live, id);
  if (columns.empty()) return {};
  for (const ObjectId& column : columns)
    if (!ctx.desired.contains(column)) return {.obstacle = name_of(column) + " goes as well"};
  const ObjectId& column = columns.front();
  if (ctx.desired.columns.at(column).said->in_place) return {};
  if (std::ranges::all_of(columns, [&](const ObjectId& c) {
        return is_moment(ctx, relation_of(c), rewrite_ms(size_of(ctx.facts, relation_of(c))));
      }))
    return {};
  if (columns.size() > 1)
    return {.obstacle =
                "more than one column is of the type, and all would have to go over at "
                "once"};
  if (ctx.live.columns.at(column).type != spelling(id) ||
      ctx.desired.columns.at(column).type != spelling(id))
    return {.obstacle = name_of(column) + " holds it within another type, or changes too"};
  const Swapping swapping(id, from, to, column, ctx);
  if (std::string obstacle = swapping.obstacle(); !obstacle.empty())
    return {.obstacle = std::move(obstacle)};
  return {.steps = swapping.steps()};
}

}  // namespace aloft
