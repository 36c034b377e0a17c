#pragma once

#include "parser/handlers.h"

namespace aloft {

/// The collation as written, quoted; "" for none.
std::string collation_name(const PgQuery__CollateClause*);
/// Adds a CHECK to a domain; one without a name gets PostgreSQL's choice.
void add_domain_check(const ObjectId&, Domain&, const PgQuery__Constraint&, const Statement&,
                      ParseContext&);

}  // namespace aloft
