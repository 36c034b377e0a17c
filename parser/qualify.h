#pragma once

#include "parser/name_lookup.h"
#include "parser/pg_tree.h"

namespace aloft {

/// Puts schemas before the names of a tree that have none and are no pg_catalog's: relations (but CTEs),
/// functions, types, collations, opclasses, and relations inside regclass constants. On the live
/// side, gives relations, types and functions their new names. `relation`: the table that bare columns
/// belong to, for renamed columns; empty for queries.
void qualify(ProtobufCMessage* root, const NameLookup& lookup, const ObjectId& relation);

/// The name of a relation inside a regclass constant: 'public."T"' and its parts; empty where the
/// text is no name.
Name regclass_name(const std::string& text);

/// Is it nextval(), currval(), setval() or a cast to regclass, with a constant? Returns that constant.
PgQuery__String* regclass_constant(pg::Node* node);

}  // namespace aloft
