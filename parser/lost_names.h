#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/model/object_id.h"

namespace aloft {

/// What is not there any more after these statements of DDL, one after the other, and was before:
/// relations (as Kind::Table whatever they are) and columns that are dropped or get another name.
/// What comes back under its name within them is not lost; the columns of a lost relation go
/// without saying.
std::set<ObjectId> lost_names(const std::vector<std::string>& statements);

}  // namespace aloft
