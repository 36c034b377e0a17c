#pragma once

#include <string>
#include <vector>

#include "parser/handlers.h"

namespace aloft {

// What PostgreSQL does by itself to partitions and inheriting tables.

/// The relations and the composite type that a CREATE TABLE needs before itself.
std::vector<ObjectId> parents_of(const PgQuery__CreateStmt&, const Statement&, const ParseContext&);
/// Whether it is a CREATE TABLE with a LIKE.
bool has_like(const PgQuery__Node& statement);
/// What LIKE copies of the changes that were said before it: keys, checks, indexes, and what became
/// of the columns. "unsupported-clause" where columns came or went.
void take_like_changes(const PgQuery__CreateStmt&, const Statement&, ParseContext&);

bool is_partitioned(const ParseContext&, const ObjectId& table);
/// The tables that inherit from it directly, in the order in which they came.
std::vector<ObjectId> children_of(const ParseContext&, const ObjectId& table);
void link_child(ParseContext&, const ObjectId& parent, const ObjectId& child);
void unlink_child(ParseContext&, const ObjectId& parent, const ObjectId& child);

/// The parent's columns go to a child that is being created or extended: merged with its own by
/// name (MergeAttributes). `local` says whether a column found in both stays the child's own.
void inherit_column(ParseContext&, const ObjectId& child, const std::string& name,
                    const Column& column);
/// CHECKs that children take over, for a child being created under `parent` or attached to it.
void inherit_checks(ParseContext&, const ObjectId& parent, const ObjectId& child);
/// Indexes, keys and foreign keys of a partitioned table come to a new or attached partition; equal
/// ones that it has are adopted.
void clone_to_partition(ParseContext&, const ObjectId& parent, const ObjectId& partition);

/// One thing just made on `table` spreads to its children, as ALTER TABLE without ONLY does.
void spread_column(ParseContext&, const ObjectId& table, const std::string& name);
void spread_check(ParseContext&, const ObjectId& table, const ObjectId& constraint);
void spread_not_null(ParseContext&, const ObjectId& table, const std::string& column);
void spread_index(ParseContext&, const ObjectId& table, const ObjectId& index);
void spread_key(ParseContext&, const ObjectId& table, const ObjectId& constraint);
void spread_foreign_key(ParseContext&, const ObjectId& table, const ObjectId& constraint);

/// The name that PostgreSQL gives to a copy of the index on another table.
std::string clone_index_name(const ObjectId& table, const Index&, const ParseContext&);
/// Makes the lookups of the context anew from the snapshot, after names were changed.
void rebuild_lookups(ParseContext&);

/// Last of all: an index made ON ONLY is whole once every partition has its part; foreign keys
/// without columns reference the primary key.
void finish_partitions(ParseContext&);

}  // namespace aloft
