#pragma once

#include <set>
#include <string>

#include "parser/name_lookup.h"
#include "parser/pg_tree.h"

namespace aloft {

/// The names that WITH defines anywhere in the tree.
std::set<std::string> cte_names(ProtobufCMessage* root);

/// Puts schemas before the names of a tree that have none and are no pg_catalog's: relations (but
/// CTEs), functions, types, collations, opclasses, and relations inside regclass constants. On the
/// live side, gives relations, types and functions their new names. `relation`: the table that bare
/// columns belong to, for renamed columns; empty for queries.
void qualify(ProtobufCMessage* root, const NameLookup& lookup, const ObjectId& relation);

/// The name of a relation inside a regclass constant: 'public."T"' and its parts; empty where the
/// text is no name.
Name regclass_name(const std::string& text);

/// Is it nextval(), currval(), setval() or a cast to regclass, with a constant? Returns that
/// constant.
PgQuery__String* regclass_constant(pg::Node* node);

/// A constant that names a configuration or dictionary of text search.
struct SearchConstant {
  PgQuery__String* constant = nullptr;
  NameLookup::What what = NameLookup::What::SearchConfiguration;
};
/// Is it a cast to regconfig or regdictionary, or a call whose first argument is one of them, with
/// a constant?
SearchConstant search_constant(pg::Node* node);
/// Is it one of pg_catalog's functions that may take a configuration before the text?
bool takes_configuration(std::string_view function);

}  // namespace aloft
