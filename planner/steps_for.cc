// steps_for() and needs_rebuild(): from an action to the overloads of its kind.

#include <algorithm>

#include "planner/action.h"
#include "planner/emit/emit.h"
#include "planner/strategies/swap_table.h"

namespace aloft {
namespace {

/// Calls f.template operator()<T>() for the type of the kind.
template <class F>
auto with_kind(Kind kind, F&& f) {
  switch (kind) {
    case Kind::Role: return f.template operator()<Role>();
    case Kind::Schema: return f.template operator()<Schema>();
    case Kind::Extension: return f.template operator()<Extension>();
    case Kind::Enum: return f.template operator()<Enum>();
    case Kind::Domain: return f.template operator()<Domain>();
    case Kind::Composite: return f.template operator()<Composite>();
    case Kind::Sequence: return f.template operator()<Sequence>();
    case Kind::Function: return f.template operator()<Function>();
    case Kind::Aggregate: return f.template operator()<Aggregate>();
    case Kind::Operator: return f.template operator()<Operator>();
    case Kind::SearchParser: return f.template operator()<SearchParser>();
    case Kind::SearchTemplate: return f.template operator()<SearchTemplate>();
    case Kind::SearchDictionary: return f.template operator()<SearchDictionary>();
    case Kind::SearchConfiguration: return f.template operator()<SearchConfiguration>();
    case Kind::Table: return f.template operator()<Table>();
    case Kind::Column: return f.template operator()<Column>();
    case Kind::Constraint: return f.template operator()<Constraint>();
    case Kind::Index: return f.template operator()<Index>();
    case Kind::View: return f.template operator()<View>();
    case Kind::Trigger: return f.template operator()<Trigger>();
    case Kind::Policy: return f.template operator()<Policy>();
  }
  return f.template operator()<Table>();  // not reached: the switch is complete
}

bool loses_rows(const Step& step) {
  return std::ranges::count(step.hazards, Hazard::DataLoss, &HazardNote::hazard) > 0;
}

template <class T>
std::vector<Step> kind_steps(const Action& action, const PlanContext& context, SidesFinder& sides) {
  const T* live = sides.live.find<T>(action.id);
  const T* wanted = sides.desired.find<T>(action.id);
  switch (action.op) {
    case Change::Op::Create:
      return wanted == nullptr ? std::vector<Step>{} : create_steps(action, *wanted, context);
    case Change::Op::Alter:
      if (live == nullptr || wanted == nullptr) return {};
      return alter_steps(action, *live, *wanted, context);
    case Change::Op::Drop:
      return live == nullptr ? std::vector<Step>{} : drop_steps(action, *live, context);
    case Change::Op::Rename:
      if constexpr (requires { rename_steps(action, *wanted, context); })
        return wanted == nullptr ? std::vector<Step>{} : rename_steps(action, *wanted, context);
      else
        return {};
  }
  return {};
}

}  // namespace

std::vector<Step> steps_for(const Action& action, const PlanContext& context, SidesFinder& sides) {
  const TableSwap* swap = swap_for(action.id, context);
  if (swap != nullptr && swap->obstacle.empty())
    return swap->lead == action.id ? swap_steps(action.id, context) : std::vector<Step>{};
  std::vector<Step> steps =
      with_kind(action.id.kind, [&]<class T>() { return kind_steps<T>(action, context, sides); });
  if (action.op == Change::Op::Drop && !action.rebuild)
    for (Step& step : steps)
      if (!step.prelude) step.phase = Phase::Contract;
  for (Step& step : steps)
    if (swap != nullptr && (step.rewrites || step.hold_ms > 0 || loses_rows(step)))
      step.why += " It cannot be done beside the running application: " + swap->obstacle + ".";
  return steps;
}

bool needs_rebuild(const Change& change, const PlanContext& context) {
  if (change.op != Change::Op::Alter) return false;
  return with_kind(change.id.kind, [&]<class T>() {
    const T* live = context.live.find<T>(change.id);
    const T* wanted = context.desired.find<T>(change.id);
    return live != nullptr && wanted != nullptr && must_rebuild(change, *live, *wanted, context);
  });
}

}  // namespace aloft
