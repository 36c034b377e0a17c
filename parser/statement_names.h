#pragma once

#include <optional>
#include <set>
#include <string>

#include "engine/model/object_id.h"

namespace aloft {

/// Which of `wanted` (relations as Kind::Table whatever they are, and columns) a statement of an
/// application names. Parameters ($1) may stand where pg_stat_statements puts them, in the place of
/// any constant. nullopt where the text does not parse.
///
/// A column is looked for in the FROM lists of the statement itself: before a dot stands an alias
/// or a relation; without one it counts when a relation that has it is in scope. The search_path is
/// not known, so that an unqualified relation counts by its name alone.
///
/// Statements that do not use data (DDL, VACUUM, SET) name nothing. `SELECT *`, a row as a whole
/// and an INSERT without a list of columns name their relation and none of its columns: they go on
/// working when one of those goes, though the application may miss it.
std::optional<std::set<ObjectId>> named_in(const std::string& text,
                                           const std::set<ObjectId>& wanted);

/// Does the statement name a relation of that schema? False where it does not parse.
bool names_schema(const std::string& text, const std::string& schema);

/// The same for statements that differ only in their constants or parameters; "" where the text
/// does not parse.
std::string shape_of(const std::string& text);

}  // namespace aloft
