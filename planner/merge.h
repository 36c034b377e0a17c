#pragma once

#include <vector>

#include "planner/nodes.h"

namespace aloft {

/// A step with the node it comes from.
struct Piece {
  Step step{};
  int node = 0;
  int group = 0;       ///< see groups_of()
  bool whole = false;  ///< of a group of several nodes, whose steps are kept together
};

/// Joins neighbouring steps into one transaction: those of one group, so that nobody sees a rebuild
/// half done; and those that only concern one new table and lock nothing that others use.
/// Statements outside a transaction and scans stay apart.
std::vector<Piece> merge_steps(std::vector<Piece> pieces, const Fates& fates, const Nodes& nodes);

}  // namespace aloft
