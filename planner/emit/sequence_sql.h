#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/sql.h"
#include "planner/action.h"

namespace aloft {

/// The options that are not PostgreSQL's defaults for the type and direction, as CREATE SEQUENCE
/// and GENERATED ... AS IDENTITY (...) spell them; AS type left out.
std::string sequence_clauses(const SequenceOptions& options);
/// The options that differ, as ALTER SEQUENCE spells them ("INCREMENT BY 2 CACHE 5"), each with
/// `prefix` before it ("SET " for ALTER COLUMN).
std::string sequence_changes(const SequenceOptions& from, const SequenceOptions& to,
                             std::string_view prefix);
/// What has to go before changing `from` into `to` where the old start lies outside the new bounds:
/// a sequence that has given no number yet stands at its start, and bounds have to include that. So
/// it is put to the new start; one that has given numbers goes on from the last. `alter` makes the
/// statement that changes the options; `regclass` is the sequence as an expression.
std::vector<Sql> restart_unused_sql(
    const SequenceOptions& from, const SequenceOptions& to, const Sql& regclass,
    const std::function<Sql(const SequenceOptions& from, const SequenceOptions& to)>& alter);
/// "ALTER SEQUENCE s OWNED BY t.c" for the desired sequences that belong to the column but could
/// not say so before it was there.
std::vector<Sql> owned_by_sql(const PlanContext& context, const ObjectId& column);
/// The same for all columns of a table.
std::vector<Sql> owned_by_table_sql(const PlanContext& context, const ObjectId& table);
/// "ALTER SEQUENCE s OWNED BY NONE" for those live sequences of the column (of any of the table's)
/// that the desired state keeps and that dropping it would take along.
std::vector<Sql> release_sequences_sql(const PlanContext& context, const ObjectId& table,
                                       const std::string& column);

}  // namespace aloft
