#pragma once

#include <vector>

#include "engine/base/sql.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// ALTER TEXT SEARCH CONFIGURATION statements that lead from one list of mappings to the other;
/// token types with the same dictionaries share one.
std::vector<Sql> mappings_sql(const ObjectId& configuration, const Options& from,
                              const Options& to);

}  // namespace aloft
