#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parser/handlers.h"

namespace aloft {

// What CREATE KIND name (option = value, ...) and the statements about such objects share.

/// The kind that the statement makes; nullopt for one that aloft does not manage.
std::optional<Kind> defined_kind(const PgQuery__DefineStmt&);

/// The name of an option: letters do not mind case, and "sfunc1" of the old style is "sfunc".
std::string option_name(const PgQuery__DefElem&);
/// The option of that name; null where there is none.
const PgQuery__DefElem* define_option(const PgQuery__DefineStmt&, std::string_view name);

/// The dictionaries of a mapping, as they stand in it.
std::vector<std::string> dictionaries_in(const std::string& mapping);

/// The operator that a canonical option names: OPERATOR(schema.symbol).
Name operator_in(const std::string& value);

/// The aggregate that a statement names by its argument types.
std::optional<ObjectId> find_aggregate(const PgQuery__ObjectWithArgs&, const Statement&,
                                       const ParseContext&);
/// The operator that a statement names by the types of both sides.
std::optional<ObjectId> find_operator(const PgQuery__ObjectWithArgs&, const Statement&,
                                      const ParseContext&);
/// The parser, template, dictionary or configuration of that name.
std::optional<ObjectId> find_search_object(Kind, const std::vector<std::string>& name,
                                           const Statement&, const ParseContext&);

}  // namespace aloft
