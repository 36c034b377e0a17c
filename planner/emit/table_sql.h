#pragma once

#include <string>
#include <vector>

#include "planner/locks.h"
#include "planner/step_builder.h"

namespace aloft {

/// The table's columns in the order of column_order, without those that are postponed.
std::vector<ObjectId> columns_in_order(const Snapshot& snapshot, const ObjectId& table,
                                       const std::vector<ObjectId>& postponed);
/// A constraint as ADD and CREATE TABLE take it, with WITH (...) and USING INDEX TABLESPACE:
/// "CONSTRAINT c UNIQUE (a) WITH (fillfactor = '70') DEFERRABLE".
std::string constraint_clause(const ObjectId& id, const Constraint& constraint);
/// What follows a constraint's creation: comments, CLUSTER ON.
std::vector<Sql> constraint_extras_sql(const ObjectId& id, const Constraint& constraint);
/// "CREATE [UNIQUE] INDEX [CONCURRENTLY] name ON [ONLY] t USING ...".
Sql index_sql(const ObjectId& id, const Index& index, const std::string& name, bool concurrently,
              bool only);
/// What follows an index's creation: statistics, CLUSTER ON, comment.
std::vector<Sql> index_extras_sql(const ObjectId& id, const Index& index);
/// An index's definition with WITH (...) and TABLESPACE put where they belong.
std::string index_definition(const std::string& definition, const Options& options,
                             const std::string& tablespace);

/// A table on its own with all that the desired state says of it but foreign keys, indexes,
/// triggers and policies. `standalone`: a partition that is going to be attached, with the
/// constraints and indexes that attaching would otherwise make under names of PostgreSQL's choice.
std::vector<Sql> create_table_sql(const Action& action, const Table& table, const PlanContext& ctx,
                                  bool standalone);
/// Properties of a table that CREATE TABLE cannot say: replica identity, row security, owner, ...
std::vector<Sql> table_extras_sql(const ObjectId& id, const Table& table, const PlanContext& ctx);

/// The index is made together with its partition, before that is attached, so that attaching adopts
/// it.
bool made_with_partition(const Index& index, const ObjectId& id, const PlanContext& ctx);

/// Attaches a table to a live partitioned table without scanning under a lock that anyone feels: a
/// CHECK that proves the bound, one on the default partition that excludes it.
std::vector<Step> attach_steps(const ObjectId& id, const Table& table, const PlanContext& ctx);
/// Detaches, CONCURRENTLY where there is no default partition.
std::vector<Step> detach_steps(const ObjectId& id, const Table& was, const PlanContext& ctx);
/// Gives a partition another bound, in one transaction: its rows are proven to fit before.
std::vector<Step> rebound_steps(const ObjectId& id, const Table& was, const Table& now,
                                const PlanContext& ctx);
/// The columns and expressions of a partition key: "a", "b" of RANGE (a, b).
std::vector<std::string> key_items(const std::string& key);
/// "a IS NOT NULL AND a >= 1 AND a < 2": what all rows of a partition satisfy; empty where it is
/// not put so simply (several range columns, hash). `type`: of the key's column, where it is known;
/// a bound is of that by assignment.
std::string bound_condition(const std::string& key, const std::string& bound,
                            const std::string& type = "");

/// Is the table made in this plan: not live, or made again (itself or a table it is a partition
/// of)?
bool is_fresh(const PlanContext& ctx, const ObjectId& table);
/// The columns the parents give to the table: the parent's Column of that name, or null.
const Column* parent_column(const Snapshot& snapshot, const ObjectId& column);
/// Does ALTER TABLE without ONLY reach other tables?
bool has_children(const PlanContext& ctx, const ObjectId& table);

}  // namespace aloft
