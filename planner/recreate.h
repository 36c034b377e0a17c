#pragma once

#include "planner/fates.h"

namespace aloft {

/// Adds to the destinies everything live that stands on a changed object and forbids the change:
/// it is remade around it, with all that stands on it in turn. Diagnostic "type-in-use" where a
/// column's data stand in the way.
void add_dependents(const PlanRequest& request, Fates& fates, Diagnostics& diagnostics);

/// Does the object stay dependent: is the edge among the desired ones too?
bool still_needs(const Edges& desired, const ObjectId& dependent, const ObjectId& on);
/// PostgreSQL refuses ALTER COLUMN TYPE while an object of this kind uses the column.
bool forbids_type_change(const Snapshot& live, const ObjectId& dependent);
/// ALTER COLUMN TYPE: do the fields ask for it?
bool retypes(const ObjectId& id, const Destiny& destiny);
/// The same, and not only to another length or precision: an operator class or an expression on it
/// may not fit the new type.
bool changes_base_type(const PlanRequest& request, const Fates& fates, const ObjectId& column);
/// The key a foreign key may stand on is taken away and made anew.
bool rekeys(const PlanRequest& request, const ObjectId& id, const Destiny& destiny);

}  // namespace aloft
