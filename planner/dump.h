#pragma once

#include <string>
#include <vector>

#include "engine/model/facts.h"
#include "engine/model/snapshot.h"

namespace aloft {

/// A statement, without its semicolon, and the object it makes or dresses.
struct DumpStatement {
  ObjectId object{};
  std::string sql{};
};

/// The live schema as desired-state statements in an order in which they can be run on a new
/// database. `edges`: the live side's dependencies. Roles are the cluster's and left out.
std::vector<DumpStatement> dump_sql(const Snapshot& live, const Edges& edges, const Facts& facts);

}  // namespace aloft
