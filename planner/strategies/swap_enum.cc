#include "planner/strategies/swap_enum.h"

#include <algorithm>
#include <set>

#include "planner/emit/access.h"
#include "planner/emit/enum_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/emit/type_users.h"
#include "planner/estimate.h"
#include "planner/strategies/shadow_together.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {
namespace {

class Swapping {
 public:
  Swapping(const ObjectId& id, const Enum& from, const Enum& to, std::vector<ObjectId> columns,
           const PlanContext& ctx)
      : id_(id),
        from_(from),
        to_(to),
        columns_(std::move(columns)),
        ctx_(ctx),
        mark_(run_mark(id).substr(0, 4)),
        fresh_(type_named("__new_" + mark_)),
        old_(type_named("__old_" + mark_)) {
    const std::set<ObjectId> changing(columns_.begin(), columns_.end());
    for (const ObjectId& column : columns_) plans_.push_back(plan_shadow(column, changing, ctx));
  }

  std::string obstacle() const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const ShadowPlan& plan = plans_[i];
      const std::string of = columns_.size() > 1 ? "of " + name_of(columns_[i]) + ": " : "";
      if (!plan.obstacle.empty()) return of + plan.obstacle;
      if (!plan.foreign_keys.empty() || !plan.referring.empty())
        return of + "foreign keys tie it to other columns";
      for (const ObjectId& check : plan.checks)
        if (goes_with_another(check, i)) return to_string(check) + " is on two of the columns";
    }
    return user_obstacle();
  }

  std::vector<Step> steps() const {
    PlanContext inner = ctx_;
    inner.rename_column = [this](const std::string& text, const std::string& from,
                                 const std::string& to) {
      const std::string copy = ctx_.rename_column ? ctx_.rename_column(text, from, to) : "";
      return with_name(copy, spelling(id_), spelling(fresh_));
    };
    std::vector<Step> steps{make_type()};
    std::vector<TogetherColumn> going_over;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      append(steps, copy(i, inner));
      const Column& from = ctx_.live.columns.at(columns_[i]);
      const Column& to = ctx_.desired.columns.at(columns_[i]);
      going_over.push_back({columns_[i], from, to, swapped(i, from, to)});
    }
    const Along along{.there = {rename(id_, old_), rename(fresh_, id_)},
                      .back = {rename(id_, fresh_), rename(old_, id_)},
                      .last = {sql("DROP TYPE {}", qualified(old_))},
                      .scaffold = {old_}};
    append(steps, cut_over_together(going_over, along, inner));
    return steps;
  }

 private:
  /// A check on another of the columns too would compare two types in between.
  bool goes_with_another(const ObjectId& check, std::size_t i) const {
    for (std::size_t other = 0; other < plans_.size(); ++other)
      if (other != i && std::ranges::count(plans_[other].checks, check) > 0) return true;
    return false;
  }

  /// What stands on the type or its columns, and neither goes over with them nor is made again in
  /// the transaction of the cut-over as views, policies and triggers are.
  std::string user_obstacle() const {
    if (ctx_.live_edges == nullptr) return "";
    std::set<ObjectId> seen{id_};
    seen.insert(columns_.begin(), columns_.end());
    for (const ShadowPlan& plan : plans_)
      for (const auto* parts : {&plan.indexes, &plan.keys, &plan.checks})
        seen.insert(parts->begin(), parts->end());
    std::vector<ObjectId> todo{id_};
    append(todo, columns_);
    for (std::size_t next = 0; next < todo.size(); ++next)
      for (const Edge& edge : *ctx_.live_edges) {
        if (edge.on != todo[next] || is_own_table(edge.dependent)) continue;
        if (!seen.insert(edge.dependent).second) continue;
        if (!comes_again(edge.dependent))
          return to_string(edge.dependent) + " stands on " + to_string(edge.on);
        todo.push_back(edge.dependent);
      }
    return "";
  }

  bool is_own_table(const ObjectId& id) const {
    return std::ranges::any_of(columns_, [&](const ObjectId& c) { return relation_of(c) == id; });
  }

  bool comes_again(const ObjectId& id) const {
    const View* view = ctx_.live.find<View>(id);
    return (view != nullptr && !view->materialized) || id.kind == Kind::Policy ||
           id.kind == Kind::Trigger;
  }

  /// All up to the cut-over of one column.
  std::vector<Step> copy(std::size_t i, const PlanContext& inner) const {
    const ObjectId& column = columns_[i];
    const Column& from = ctx_.live.columns.at(column);
    const Column& to = ctx_.desired.columns.at(column);
    Column copied = to;
    copied.type = spelling(fresh_);
    std::vector<Step> steps =
        copy_steps(column, from, copied, going(i, copied.type, from.type), inner);
    const std::string labels = lost().text;
    if (!labels.empty() && to.said->new_value.empty())
      add_hazard(steps.front(), Hazard::AppBreaking,
                 "an application that goes on writing " + labels + " to " + name_of(column) +
                     " fails from then on");
    add_note(steps.front(), Stage::Running, name_of(column) + ": has the labels of before");
    if (!labels.empty())
      add_note(steps.front(), Stage::Next,
               name_of(column) + ": neither writes nor needs " + labels);
    return steps;
  }

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
    if (lost().text.empty()) return step;
    for (const ObjectId& column : columns_) {
      if (!ctx_.desired.columns.at(column).said->new_value.empty()) continue;
      step.statement_timeout_ms = 0;  // the proof reads the table, under no lock that others feel
      step.proofs.push_back(
          {sql("SELECT NOT EXISTS (SELECT FROM {} WHERE {}::text IN ({}))", relation_name(column),
               Ident{column.name}, lost())
               .text,
           "no row of " + name_of(relation_of(column)) + " holds " + lost().text +
               " (-- aloft: using EXPRESSION on the column says what becomes of it)"});
    }
    return step;
  }

  /// Until the cut-over: the column of the new type follows the old one.
  ShadowPlan going(std::size_t i, const std::string& fresh, const std::string& old) const {
    const auto& said = ctx_.desired.columns.at(columns_[i]).said;
    const std::string own = quote_ident(columns_[i].name);
    ShadowPlan plan = plans_[i];
    plan.up =
        (said->new_value.empty() ? own : "(" + said->new_value.sql + ")") + "::text::" + fresh;
    plan.down =
        (said->old_value.empty() ? own : "(" + said->old_value.sql + ")") + "::text::" + old;
    return plan;
  }

  /// From the cut-over on, in which the types change names before the columns do.
  ShadowPlan swapped(std::size_t i, const Column& from, const Column& to) const {
    return going(i, to.type, with_name(from.type, spelling(id_), spelling(old_)));
  }

  static Sql rename(const ObjectId& type, const ObjectId& to) {
    return sql("ALTER TYPE {} RENAME TO {}", qualified(type), Ident{to.name});
  }

  const ObjectId& id_;
  const Enum& from_;
  const Enum& to_;
  const std::vector<ObjectId> columns_;
  const PlanContext& ctx_;
  const std::string mark_;
  const ObjectId fresh_, old_;
  std::vector<ShadowPlan> plans_{};  ///< of each column
};

/// Why one of the columns cannot even be looked at.
std::string column_obstacle(const ObjectId& id, const ObjectId& column, const PlanContext& ctx) {
  if (!ctx.desired.contains(column)) return name_of(column) + " goes as well";
  if (ctx.live.columns.at(column).type != spelling(id) ||
      ctx.desired.columns.at(column).type != spelling(id))
    return name_of(column) + " holds it within another type, or changes too";
  const ObjectId table = relation_of(column);
  if (!ctx.live.tables.contains(table) || has_children(ctx, table) ||
      !ctx.live.tables.at(table).partition_of.empty() ||
      !ctx.live.tables.at(table).inherits.empty())
    return name_of(table) + " is one of a tree of tables";
  return "";
}

}  // namespace

EnumSwap swap_enum(const ObjectId& id, const Enum& from, const Enum& to, const PlanContext& ctx) {
  const std::vector<ObjectId> columns = columns_storing(ctx.live, id);
  if (std::ranges::all_of(columns, [&](const ObjectId& c) {
        return is_moment(ctx, relation_of(c), rewrite_ms(size_of(ctx.facts, relation_of(c))));
      }))
    return {};
  for (const ObjectId& column : columns)
    if (ctx.desired.contains(column) && ctx.desired.columns.at(column).said->in_place) return {};
  for (const ObjectId& column : columns)
    if (std::string why = column_obstacle(id, column, ctx); !why.empty())
      return {.obstacle = std::move(why)};
  const Swapping swapping(id, from, to, columns, ctx);
  if (std::string why = swapping.obstacle(); !why.empty()) return {.obstacle = std::move(why)};
  return {.steps = swapping.steps()};
}

}  // namespace aloft
