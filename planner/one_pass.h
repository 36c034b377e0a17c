#pragma once

#include <vector>

#include "planner/merge.h"

namespace aloft {

/// Columns of one table whose rows are filled in batches are filled in one pass over it, where the
/// first of them would be: each row is written once.
std::vector<Piece> fill_in_one_pass(std::vector<Piece> pieces);

}  // namespace aloft
