#pragma once

#include <functional>
#include <string>
#include <vector>

#include "parser/handlers.h"

namespace aloft {

// The names that PostgreSQL gives to what has none.

/// makeObjectName(): name1_name2_label within 63 bytes, the longer name cut first, no character
/// torn.
std::string make_object_name(std::string name1, std::string name2, const std::string& label);
/// The first of name1_name2_label, ..._label1, ..._label2 that `taken` says no to.
std::string choose_name_if(const std::string& name1, const std::string& name2,
                           const std::string& label,
                           const std::function<bool(const std::string&)>& taken);
/// ChooseConstraintName() for a check or foreign key: new among the schema's constraints.
std::string choose_constraint_name(const ObjectId& table, const std::string& columns,
                                   const std::string& label, const ParseContext&);
/// ChooseRelationName(): new among the schema's relations, and among its constraints too if the
/// index is to stand behind one.
std::string choose_relation_name(const ObjectId& table, const std::string& columns,
                                 const std::string& label, bool constraint, const ParseContext&);
/// ChooseIndexNameAddition(): the columns joined by "_", as far as they fit.
std::string joined_columns(const std::vector<std::string>& columns);
/// ChooseIndexColumnNames() for an IndexElem list: column names, names figured from expressions, or
/// "expr"; made unique within the index.
std::vector<std::string> index_column_names(const std::vector<const PgQuery__IndexElem*>& elements);

/// Whether a table, view, sequence or index of that name is there or is to come.
bool relation_known(const ParseContext&, const std::string& schema, const std::string& name);
/// The value of a DefElem as text; "true" for none.
std::string option_value(const PgQuery__Node*);

}  // namespace aloft
