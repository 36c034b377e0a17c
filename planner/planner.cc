#include "planner/planner.h"

#include <algorithm>
#include <iterator>

#include "planner/assemble.h"
#include "planner/notes.h"
#include "planner/one_pass.h"
#include "planner/publications.h"

namespace aloft {

std::optional<Plan> make_plan(const PlanRequest& request, Diagnostics& diagnostics) {
  std::optional<Assembly> made = assemble(request, diagnostics);
  if (!made) return std::nullopt;
  Plan plan;
  plan.server_version = request.facts.server_version_text;
  plan.search_path = search_path_of(request.desired);
  plan.changes = planned_changes(request, made->fates);
  plan.notes = notes_for(request.live, request.desired, made->fates);
  std::vector<Piece> pieces =
      merge_steps(fill_in_one_pass(std::move(made->pieces)), made->fates, made->nodes);
  plan.steps.reserve(pieces.size());
  for (Piece& piece : pieces) {
    piece.step.id = std::to_string(plan.steps.size() + 1);
    piece.step.prelude = false;
    std::ranges::move(piece.step.scaffold, std::back_inserter(plan.scaffold));
    piece.step.scaffold.clear();
    std::ranges::move(piece.step.aliases, std::back_inserter(plan.aliases));
    piece.step.aliases.clear();
    std::ranges::move(piece.step.agreements, std::back_inserter(plan.agreements));
    piece.step.agreements.clear();
    piece.step.sets.clear(), piece.step.where.clear();
    plan.steps.push_back(std::move(piece.step));
  }
  if (request.publications != nullptr && !plan.steps.empty())
    tell_of_journal(plan.steps.front(), *request.publications);
  std::ranges::sort(plan.scaffold);
  std::ranges::sort(plan.aliases);
  std::ranges::sort(plan.agreements);
  return plan;
}

}  // namespace aloft
