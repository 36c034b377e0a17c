#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/emit.h"
#include "planner/emit/type_users.h"

namespace aloft {
namespace {

using Attributes = std::vector<Attribute>;

const Attribute* find(const Attributes& attributes, const std::string& name) {
  const auto it = std::ranges::find(attributes, name, &Attribute::name);
  return it == attributes.end() ? nullptr : &*it;
}

bool same_type(const Attribute& a, const Attribute& b) {
  return a.type == b.type && a.collation == b.collation;
}

std::string type_sql(const Attribute& attribute) {
  return attribute.type + (attribute.collation.empty() ? "" : " COLLATE " + attribute.collation);
}

Sql attribute_comment(const ObjectId& id, const Attribute& attribute) {
  return sql("COMMENT ON COLUMN {}.{} IS {}", qualified(id), Ident{attribute.name},
             attribute.comment.empty() ? Sql{"NULL"} : Sql{quote_literal(attribute.comment)});
}

std::vector<Sql> create_sql(const ObjectId& id, const Composite& wanted, const PlanContext& ctx) {
  std::string list;
  std::vector<Sql> comments;
  for (const Attribute& attribute : wanted.attributes) {
    list += (list.empty() ? "" : ", ") + quote_ident(attribute.name) + " " + type_sql(attribute);
    if (!attribute.comment.empty()) comments.push_back(attribute_comment(id, attribute));
  }
  std::vector<Sql> statements{sql("CREATE TYPE {} AS ({})", qualified(id), Sql{list})};
  append(statements, comments);
  append(statements, dress_sql(target_of(id), wanted, ctx));
  return statements;
}

/// What ALTER TYPE does to each attribute. New ones come to stand at the end.
struct Way {
  Attributes drop{}, retype{}, add{};
  bool empty() const { return drop.empty() && retype.empty() && add.empty(); }
};

/// Keeps the longest beginning of `to` that stands in `from` in the same order; where values are
/// stored PostgreSQL retypes nothing, and what gets another type is dropped and added.
Way way_between(const Attributes& from, const Attributes& to, bool stored) {
  Way way;
  std::size_t kept = 0, next = 0;
  std::vector<bool> stays(from.size(), false);
  for (; kept < to.size(); ++kept) {
    std::size_t at = next;
    while (at < from.size() && from[at].name != to[kept].name) ++at;
    if (at == from.size() || (stored && !same_type(from[at], to[kept]))) break;
    if (!same_type(from[at], to[kept])) way.retype.push_back(to[kept]);
    stays[at] = true;
    next = at + 1;
  }
  for (std::size_t i = 0; i < from.size(); ++i)
    if (!stays[i]) way.drop.push_back(from[i]);
  way.add.assign(to.begin() + static_cast<std::ptrdiff_t>(kept), to.end());
  return way;
}

/// An attribute that is to stay would be dropped and added: only worth it where it is the only way.
bool loses_kept(const Way& way) {
  return std::ranges::any_of(way.drop,
                             [&](const Attribute& a) { return find(way.add, a.name) != nullptr; });
}

Sql way_sql(const ObjectId& id, const Way& way) {
  std::string clauses;
  const auto say = [&](const std::string& clause) {
    clauses += (clauses.empty() ? "" : ", ") + clause;
  };
  for (const Attribute& a : way.drop) say("DROP ATTRIBUTE " + quote_ident(a.name));
  for (const Attribute& a : way.retype)
    say("ALTER ATTRIBUTE " + quote_ident(a.name) + " TYPE " + type_sql(a));
  for (const Attribute& a : way.add)
    say("ADD ATTRIBUTE " + quote_ident(a.name) + " " + type_sql(a));
  return sql("ALTER TYPE {} {}", qualified(id), Sql{clauses});
}

Step attributes_step(const Action& action, const Composite& from, const Composite& to,
                     const PlanContext& ctx) {
  if (const auto tables = tables_of_type(ctx.live, action.id); !tables.empty())
    return impossible_step(ctx, action.id,
                           to_string(tables.front()) +
                               " is a table of this type: its columns and "
                               "the type's attributes can only be changed together, by hand");
  const std::vector<ObjectId> columns = columns_storing(ctx.live, action.id);
  const Way way = way_between(from.attributes, to.attributes, !columns.empty());
  Step step = catalog_step(ctx, action.id, {way_sql(action.id, way)}, {},
                           columns.empty() ? "The type's attributes change; no column is of it."
                                           : "The type's attributes change; no row is written.");
  if (!columns.empty())
    for (const Attribute& a : way.drop)
      add_hazard(step, Hazard::DataLoss,
                 "the values of attribute " + quote_ident(a.name) + " in " +
                     to_string(columns.front()) + (columns.size() > 1 ? " and others" : "") +
                     " are lost");
  if (way.drop.empty())
    set_undo(step, {way_sql(action.id, way_between(to.attributes, from.attributes, false))});
  return step;
}

std::vector<Sql> comments_sql(const ObjectId& id, const Attributes& from, const Attributes& to,
                              const Way& way) {
  std::vector<Sql> statements;
  for (const Attribute& attribute : to) {
    const Attribute* was = find(way.add, attribute.name) ? nullptr : find(from, attribute.name);
    if (attribute.comment != (was == nullptr ? "" : was->comment))
      statements.push_back(attribute_comment(id, attribute));
  }
  return statements;
}

}  // namespace

std::vector<Step> create_steps(const Action& action, const Composite& wanted,
                               const PlanContext& ctx) {
  Step step =
      catalog_step(ctx, action.id, create_sql(action.id, wanted, ctx), {}, "A new composite type.");
  set_undo(step, {sql("DROP TYPE {}", qualified(action.id))});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Composite& from, const Composite& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  if (changes(action, "attributes")) {
    const bool stored = !columns_storing(ctx.live, action.id).empty();
    const Way way = way_between(from.attributes, to.attributes, stored);
    if (!way.empty()) steps.push_back(attributes_step(action, from, to, ctx));
    const auto comments = comments_sql(action.id, from.attributes, to.attributes, way);
    if (!comments.empty())
      steps.push_back(
          catalog_step(ctx, action.id, comments, {}, "The comments on attributes change."));
  }
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Composite& was, const PlanContext& ctx) {
  Step step = catalog_step(ctx, action.id, {sql("DROP TYPE {}", qualified(action.id))}, {},
                           action.rebuild ? "Its attributes get another order, or it is made again "
                                            "around a change."
                                          : "The files no longer name it.");
  if (!action.rebuild) add_hazard(step, Hazard::DataLoss, "the type and its privileges go");
  set_undo(step, create_sql(action.id, was, ctx));
  return {step};
}

bool must_rebuild(const Change& change, const Composite& from, const Composite& to,
                  const PlanContext& ctx) {
  if (!columns_storing(ctx.live, change.id).empty() || !tables_of_type(ctx.live, change.id).empty())
    return false;
  return loses_kept(way_between(from.attributes, to.attributes, false));
}

}  // namespace aloft
