#pragma once

#include <string>

#include "parser/handlers.h"

namespace aloft {

// Objects under another name or schema, in the snapshot alone: ids and what refers to them by
// name. What other texts say of them stays; see refuse_mentions().

/// Gives a relation, type or child another id; false (and a diagnostic) where `to` is there.
bool move_object(const ObjectId& from, const ObjectId& to, const Statement&, ParseContext&);
/// A table or view with its columns, constraints, indexes, triggers and policies.
bool move_relation(const ObjectId& from, const ObjectId& to, const Statement&, ParseContext&);
/// A column of a table, its place in the table's order, and the sequence that it owns.
bool move_column(const ObjectId& from, const std::string& to, const Statement&, ParseContext&);
/// An enum, domain or composite type, and the types of columns that are of it.
bool move_type(const ObjectId& from, const ObjectId& to, const Statement&, ParseContext&);
bool move_function(const ObjectId& from, const ObjectId& to, const Statement&, ParseContext&);
bool move_sequence(const ObjectId& from, const ObjectId& to, const Statement&, ParseContext&);
bool move_index(const ObjectId& from, const ObjectId& to, const Statement&, ParseContext&);

}  // namespace aloft
