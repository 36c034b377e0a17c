#pragma once

#include "planner/step_builder.h"

namespace aloft {

/// CREATE OR REPLACE of a view that is there and stays what it is: what it reads is looked up by
/// name again. Owner, grants, comments and what stands on it are kept. It locks the view ACCESS
/// EXCLUSIVE, and what that reads ACCESS SHARE.
Sql replace_view_sql(const ObjectId& id, const View& view);

}  // namespace aloft
