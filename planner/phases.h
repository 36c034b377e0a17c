#pragma once

#include <vector>

#include "planner/nodes.h"
#include "planner/step_graph.h"

namespace aloft {

/// Nodes that are to be carried out together, as an object and what is remade around it: a number
/// for each node; nodes of one group have the same one.
std::vector<int> groups_of(const Fates& fates, const Nodes& nodes);

/// The nodes in order, with the phase in which each may begin at the earliest.
struct Schedule {
  std::vector<int> order{};
  std::vector<Phase> phase{};      ///< by node
  std::vector<Phase> early{};      ///< by node: the phase in which its preludes may begin
  std::vector<bool> after_soak{};  ///< by node: what it does in contract waits for the soak
  std::vector<int> group{};        ///< by node; groups that cannot be kept together are split
};

/// Expand first, then contract: what the files no longer name goes in contract, but for constraints
/// of tables that stay (the new application may rely on their absence), and so does all that has to
/// come after such a drop. There it waits for the soak, in which the old application may come back,
/// unless a cut-over needs it gone. Both halves of a rebuild are of one phase. `steps`: of each
/// node.
Schedule schedule(const StepGraph& graph, const PlanRequest& request, const Nodes& nodes,
                  const std::vector<std::vector<Step>>& steps, std::vector<int> groups,
                  const std::vector<std::int64_t>& ranks);

}  // namespace aloft
