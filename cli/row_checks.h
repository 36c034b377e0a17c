#pragma once

#include <string>
#include <vector>

#include "engine/execute/sample.h"
#include "engine/execute/status.h"

namespace aloft {

/// Looks, in a sample of the rows, whether what the run that waits promises of each row is so: the
/// two columns of a change of type have the same value. Before the cut-over that is the condition
/// of the CHECK that proves it; after it, the old column has the new one's value where that fits,
/// or one that means the same (before PostgreSQL 16 nobody can say whether a value fits, so that an
/// old column without a value is taken for right). One sample for each pair; none where the run
/// keeps none. Throws DbError when the connection is lost.
std::vector<Sample> check_rows(Session& session, const RunStatus& status);

}  // namespace aloft
