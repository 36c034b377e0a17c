#pragma once

#include <string_view>

#include "parser/pg_tree.h"

namespace aloft {

/// What libpg_query's deparser leaves out of a statement without a word: XMLPARSE's PRESERVE
/// WHITESPACE, and a version for XMLROOT that is no constant; "" where there is none of it. `text`:
/// the statement's.
std::string_view unprintable_clause(pg::Node& statement, std::string_view text);

}  // namespace aloft
