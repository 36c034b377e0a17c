#pragma once

#include "parser/handlers.h"

namespace aloft {

// CREATE TABLE (LIKE ...): each part when PostgreSQL copies it.

void take_like(const PgQuery__TableLikeClause&, const ObjectId& table, const Statement&,
               ParseContext&);
void take_like_checks(const PgQuery__CreateStmt&, const ObjectId& table, const Statement&,
                      ParseContext&);
void take_like_keys(const PgQuery__CreateStmt&, const ObjectId& table, const Statement&,
                    ParseContext&);

}  // namespace aloft
