#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

// What the subscribers of a published table see of a shadow column. From PostgreSQL 15 on a list of
// columns keeps it from them for the time of the run: made in the transaction that makes the
// column, made again by names in the cut-over (it follows the column, not the name: measured on
// 15), and taken back with the old column. So the column changes under its name at one place of the
// stream, and a subscriber needs nothing.

/// Why a shadow of the column would stop writes to its table, lose rows of subscribers, or leave a
/// publication with the wrong column; empty where it does not.
std::string publication_obstacle(const ObjectId& column, const PlanContext& ctx);

/// A publication's list of columns or row filter names the column: PostgreSQL refuses another type.
bool is_listed(const ObjectId& column, const PlanContext& ctx);

/// The part that publications have in one shadow column's run; nothing of it where the table is not
/// published.
class ShadowPublication {
 public:
  /// `shadow` and `old`: the other column before and after the cut-over.
  ShadowPublication(const ObjectId& column, const ObjectId& shadow, const ObjectId& old,
                    const PlanContext& ctx);

  /// Adds to the step that makes the shadow of type `type`, behind its other statements.
  void open(Step& step, const std::string& type) const;
  /// The way back from there, behind the statements that drop the shadow.
  std::vector<Sql> open_undo() const;
  /// At the cut-over and on its way back, once the columns have changed names.
  std::vector<Sql> exchange() const;
  /// Adds to the step of the cut-over what has to be so by then, and what subscribers need.
  void cut_over(Step& step, const Column& from, const Column& to) const;
  /// Once the old column is gone.
  std::vector<Sql> close() const;

 private:
  const ObjectId& column_;
  const ObjectId shadow_, old_;
  const PlanContext& ctx_;
};

}  // namespace aloft
