#pragma once

#include <string>
#include <vector>

#include "engine/base/sql.h"
#include "planner/action.h"

namespace aloft {

/// "c integer COLLATE "C" DEFAULT 1 NOT NULL", as CREATE TABLE and ADD COLUMN take it.
/// `with_not_null`: false leaves NOT NULL out.
std::string column_definition(const ObjectId& id, const Column& column, bool with_not_null);
/// "CONSTRAINT"-less tail of a definition for CREATE TABLE OF: "c WITH OPTIONS DEFAULT 1"; empty
/// where the column says nothing.
std::string typed_column_options(const ObjectId& id, const Column& column);
/// An expression where DEFAULT takes it in a column definition (b_expr): in parentheses if needed.
std::string default_sql(const std::string& expression);

/// What no column definition can say, as statements: storage, statistics, options, grants, comment.
/// `only`: ALTER TABLE ONLY.
std::vector<Sql> column_extras_sql(const ObjectId& id, const Column& column, bool only,
                                   const PlanContext& context);
/// What a column of a child or partition has other than its parent's column, after CREATE TABLE ...
/// INHERITS or ADD COLUMN on the parent made it equal: default, NOT NULL.
std::vector<Sql> child_column_sql(const ObjectId& id, const Column& column, const Column& parent);

/// What partitions and inheriting tables have of a new column otherwise than the parent, whose ADD
/// COLUMN gives it to them.
std::vector<Sql> descendant_columns_sql(const ObjectId& id, const Column& column,
                                        const PlanContext& context);

/// "PLAIN", "EXTERNAL", "EXTENDED", "MAIN" of attstorage.
std::string storage_word(char storage);
/// "SET (a = '1')" and "RESET (b)" clauses that lead from one option list to the other.
std::vector<std::string> option_clauses(const Options& from, const Options& to);
/// "a = '1', b = 'x'"
std::string option_list(const Options& options);

/// Does adding a column with this default write the table anew: a volatile function in it?
bool is_volatile(const std::string& expression, const Snapshot& desired);
/// A domain with a constraint or NOT NULL: adding a column of it or changing to it is checked row
/// by row.
bool is_constrained_domain(const std::string& type, const Snapshot& snapshot);
/// The sequence in a default nextval('s.q'::regclass); an empty name if it is none.
ObjectId nextval_sequence(const std::string& expression);

/// ALTER TABLE [ONLY] t ALTER COLUMN c ...: each table's own statement, so that no child's own
/// value is overwritten.
Sql alter_column(const ObjectId& id, const std::string& clause, const PlanContext& ctx);

}  // namespace aloft
