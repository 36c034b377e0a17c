#pragma once

#include <string>
#include <vector>

#include "engine/model/object_id.h"

namespace aloft {

/// A condition that statements of DDL put on the rows of a table.
struct RowCondition {
  ObjectId table{};
  std::string name{};       ///< of the constraint or trigger
  std::string condition{};  ///< over the table's columns
  bool operator==(const RowCondition&) const = default;
};

/// The CHECK constraints that these statements, one after the other, add to tables and do not drop.
std::vector<RowCondition> added_checks(const std::vector<std::string>& statements);

/// The WHEN of the triggers that these statements create and do not drop, as a condition on the row
/// by itself: `NEW.a > 0` as `a > 0`. Triggers without one are left out.
std::vector<RowCondition> trigger_conditions(const std::vector<std::string>& statements);

}  // namespace aloft
