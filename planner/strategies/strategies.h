#pragma once

#include <string>
#include <vector>

#include "planner/step_builder.h"

namespace aloft {

/// A column on a table that is already there. NOT NULL without a value for the rows that are there
/// comes by a check that is validated first.
std::vector<Step> add_column_steps(const ObjectId& id, const Column& column,
                                   const PlanContext& ctx);
/// SET NOT NULL without scanning under ACCESS EXCLUSIVE: a validated check proves it (12+); 18+: a
/// NOT VALID not-null constraint, validated.
std::vector<Step> set_not_null_steps(const ObjectId& id, const PlanContext& ctx);

/// What ALTER COLUMN ... TYPE does to the table's files (locks.md 1.2, measured on 14 to 18).
enum class TypeChange : std::uint8_t {
  Free,     ///< only the catalogs change
  Reindex,  ///< every index on the column is built anew, the table is left as it is
  Rewrite,  ///< the table and all its indexes are written anew
};
TypeChange classify_type_change(const Column& from, const Column& to, const PlanContext& ctx);
/// PostgreSQL has no cast between the types, and the files say no other way: the column is dropped
/// and made again, without its values.
bool cannot_be_cast(const ObjectId& id, const Column& from, const Column& to,
                    const PlanContext& ctx);
/// Is it in the partition key of its own live table?
bool is_partition_key(const ObjectId& id, const PlanContext& ctx);
/// The type and collation change of a column, with its default taken off and put on around it.
std::vector<Step> change_type_steps(const ObjectId& id, const Column& from, const Column& to,
                                    const PlanContext& ctx);
/// A cast to the type may cut a value off without a word: character and bit strings with a length.
bool cuts_in_silence(const std::string& type);
/// "USING c::integer", by way of text where enums leave no other; empty where none is needed.
std::string using_clause(const ObjectId& id, const Column& from, const Column& to,
                         TypeChange change, const PlanContext& ctx);

/// A constraint on a table that is already there and in use.
std::vector<Step> add_constraint_steps(const ObjectId& id, const Constraint& constraint,
                                       const PlanContext& ctx);
/// Another definition under the same name: the new one is there before the old one goes.
std::vector<Step> replace_constraint_steps(const ObjectId& id, const Constraint& from,
                                           const Constraint& to, const PlanContext& ctx);
/// The statements that make a live constraint again once it has been dropped, beside the running
/// application: a key by way of an index of the name `index`. None where that cannot be.
std::vector<Sql> constraint_back_sql(const ObjectId& id, const Constraint& was,
                                     const std::string& index, const PlanContext& ctx);
/// VALIDATE CONSTRAINT under a lock that stops nobody. The undo of the step that adds the
/// constraint takes it back.
Step validate_step(const ObjectId& about, const std::string& name, const Constraint& constraint,
                   const PlanContext& ctx);
/// Foreign key of a partitioned table before 18: leaf by leaf, then the parent adopts them.
std::vector<Step> partitioned_foreign_key_steps(const ObjectId& id, const Constraint& constraint,
                                                const PlanContext& ctx);
/// Primary key or unique constraint by way of an index that is built CONCURRENTLY.
std::vector<Step> add_key_steps(const ObjectId& id, const Constraint& constraint,
                                const PlanContext& ctx);
/// CREATE UNIQUE INDEX CONCURRENTLY for a key, under `name`.
Step key_index_step(const ObjectId& about, const ObjectId& table, const std::string& name,
                    const Constraint& constraint, const PlanContext& ctx);
/// "ADD CONSTRAINT c UNIQUE USING INDEX i DEFERRABLE"
std::string using_index_clause(const std::string& name, const std::string& index,
                               const Constraint& constraint);

/// An index on a table or materialized view that is already there: CONCURRENTLY; on a partitioned
/// table ON ONLY, its leaves' own actions attach theirs.
std::vector<Step> build_index_steps(const ObjectId& id, const Index& index, const PlanContext& ctx);
/// An index of a partitioned table in the place of its key of the same name: the partitions' parts
/// are built first, the rest is one transaction.
std::vector<Step> index_for_key_steps(const ObjectId& id, const Index& index,
                                      const PlanContext& ctx);
/// CREATE INDEX CONCURRENTLY under `name`, which is settled by its being valid.
Step concurrent_build_step(const ObjectId& about, const Index& index, const std::string& name,
                           std::string why, const PlanContext& ctx);
/// DROP INDEX CONCURRENTLY, settled by its being gone.
Step concurrent_drop_step(const ObjectId& about, const std::string& name, std::string why,
                          const PlanContext& ctx);
/// The statements that make a live index again once it has been dropped, CONCURRENTLY.
std::vector<Sql> index_back_sql(const ObjectId& id, const Index& was);
/// Another definition under the same name: built beside the old one, which then goes.
std::vector<Step> replace_index_steps(const ObjectId& id, const Index& from, const Index& to,
                                      const PlanContext& ctx);

}  // namespace aloft
