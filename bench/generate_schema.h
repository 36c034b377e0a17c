#pragma once

#include <string>

namespace aloft {

/// A schema of `tables` tables with 10 columns, a primary key, 3 indexes and (all but the first) 1
/// foreign key each, as people write it. The same number gives the same text.
std::string generate_schema(int tables);

}  // namespace aloft
