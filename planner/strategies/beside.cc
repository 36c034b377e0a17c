#include "planner/strategies/beside.h"

#include "planner/emit/key_index.h"

namespace aloft {
namespace {

constexpr std::string_view kSuffix = "__new";

/// NAME__new, or with a number: the first that is free or holds what `is_it` says is wanted.
template <class T, class IsIt>
Beside find_beside(const ObjectId& id, const PlanContext& ctx, const IsIt& is_it) {
  for (int n = 1;; ++n) {
    const std::string number = n == 1 ? "" : std::to_string(n);
    Beside found{.name = suffixed(id.name, std::string(kSuffix) + number)};
    const ObjectId other = child_id(T::kKind, relation_of(id), found.name);
    if (ctx.desired.contains(other)) continue;
    const T* live = ctx.live.find<T>(other);
    found.there = live != nullptr && is_it(*live);
    if (live == nullptr || found.there) {
      if constexpr (T::kKind == Kind::Index)
        found.done = found.there && live->valid;
      else
        found.done = found.there && live->validated;
      return found;
    }
  }
}

bool is_rule(const Constraint& constraint) {
  return constraint.type == Constraint::Type::Check ||
         constraint.type == Constraint::Type::ForeignKey;
}

/// Does the plan build something beside the live object `id`, of which `wanted` is what is to be?
bool is_replaced(const ObjectId& id, const Constraint& wanted, const PlanContext& ctx) {
  const Constraint* live = ctx.live.find<Constraint>(id);
  if (live != nullptr)
    return live->definition != wanted.definition || live->validated != wanted.validated;
  return is_unique_key(wanted) &&
         ctx.live.contains(child_id(Kind::Index, relation_of(id), id.name));
}

bool is_replaced(const ObjectId& id, const Index& wanted, const PlanContext& ctx) {
  const Index* live = ctx.live.find<Index>(id);
  if (live != nullptr)
    return live->definition != wanted.definition || live->unique != wanted.unique;
  return ctx.live.contains(child_id(Kind::Constraint, relation_of(id), id.name));
}

}  // namespace

Beside beside(const ObjectId& id, const Constraint& wanted, const PlanContext& ctx) {
  return find_beside<Constraint>(id, ctx, [&](const Constraint& live) {
    return live.type == wanted.type && live.definition == wanted.definition && !live.inherited;
  });
}

Beside beside(const ObjectId& id, const Index& wanted, const PlanContext& ctx) {
  return find_beside<Index>(id, ctx, [&](const Index& live) {
    return live.definition == wanted.definition && live.unique == wanted.unique &&
           live.options == wanted.options && live.tablespace == wanted.tablespace &&
           live.parent.empty();
  });
}

Beside beside_key(const ObjectId& key, const Constraint& wanted, const PlanContext& ctx) {
  return find_beside<Index>(key, ctx, [&](const Index& live) {
    return is_index_of(wanted, live) && live.options == wanted.options &&
           live.tablespace == wanted.tablespace && live.parent.empty();
  });
}

bool is_taken_up(const ObjectId& id, const PlanContext& ctx) {
  if (id.name.find(kSuffix) == std::string::npos || ctx.desired.contains(id)) return false;
  bool taken = false;
  const auto take = [&](const Beside& other) { taken |= other.there && other.name == id.name; };
  const bool index = id.kind == Kind::Index;
  for_each_child<Constraint>(ctx.desired, relation_of(id),
                             [&](const ObjectId& key, const Constraint& wanted) {
                               if (!is_replaced(key, wanted, ctx)) return;
                               if (index && is_unique_key(wanted))
                                 take(beside_key(key, wanted, ctx));
                               if (!index && is_rule(wanted)) take(beside(key, wanted, ctx));
                             });
  if (index)
    for_each_child<Index>(ctx.desired, relation_of(id),
                          [&](const ObjectId& other, const Index& wanted) {
                            if (is_replaced(other, wanted, ctx)) take(beside(other, wanted, ctx));
                          });
  return taken;
}

}  // namespace aloft
