#pragma once

#include <vector>

#include "planner/action.h"
#include "planner/step_builder.h"

namespace aloft {

// One set of overloads for each kind, in emit/KIND.cc: a kind without them does not link.
// steps_for() and needs_rebuild() look up the objects and call them.
//   create_steps  of an object that is not there (or, action.rebuild, that a Drop took out of the
//   way) alter_steps   the fields named in action.fields, in place; never called where
//   must_rebuild() drop_steps    action.rebuild: no loss, no hazard of its own, the Create brings
//   it back must_rebuild  no ALTER leads from `from` to `to` rename_steps  action.from is the old
//   name, action.id the new one
#define ALOFT_EMITS(T)                                                                           \
  std::vector<Step> create_steps(const Action& action, const T& wanted, const PlanContext& ctx); \
  std::vector<Step> alter_steps(const Action& action, const T& from, const T& to,                \
                                const PlanContext& ctx);                                         \
  std::vector<Step> drop_steps(const Action& action, const T& was, const PlanContext& ctx);      \
  bool must_rebuild(const Change& change, const T& from, const T& to, const PlanContext& ctx)
#define ALOFT_EMITS_RENAME(T) \
  std::vector<Step> rename_steps(const Action& action, const T& wanted, const PlanContext& ctx)

ALOFT_EMITS(Role);
ALOFT_EMITS(Schema);
ALOFT_EMITS(Extension);
ALOFT_EMITS(Enum);
ALOFT_EMITS(Domain);
ALOFT_EMITS(Composite);
ALOFT_EMITS(Sequence);
ALOFT_EMITS_RENAME(Sequence);
ALOFT_EMITS(Function);
ALOFT_EMITS(Aggregate);
ALOFT_EMITS(Operator);
ALOFT_EMITS(SearchParser);
ALOFT_EMITS(SearchTemplate);
ALOFT_EMITS(SearchDictionary);
ALOFT_EMITS(SearchConfiguration);
ALOFT_EMITS(Table);
ALOFT_EMITS(Column);
ALOFT_EMITS(Constraint);
ALOFT_EMITS(Index);
ALOFT_EMITS(View);
ALOFT_EMITS(Trigger);
ALOFT_EMITS(Policy);

// The kinds with a renamed_from.
ALOFT_EMITS_RENAME(Function);
ALOFT_EMITS_RENAME(Table);
ALOFT_EMITS_RENAME(Column);
ALOFT_EMITS_RENAME(Constraint);
ALOFT_EMITS_RENAME(Index);
ALOFT_EMITS_RENAME(View);
ALOFT_EMITS_RENAME(Trigger);
ALOFT_EMITS_RENAME(Policy);

#undef ALOFT_EMITS
#undef ALOFT_EMITS_RENAME

}  // namespace aloft
