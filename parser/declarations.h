#pragma once

#include <optional>

#include "parser/chunks.h"

namespace aloft {

// What a statement says about names, told from its tree alone.

/// The relation or type that a statement defines.
std::optional<Declared> declaration(const PgQuery__Node& statement);
/// The schemas that SET search_path or set_config('search_path', ...) names; "$user" left out.
std::optional<std::vector<std::string>> search_path_change(const PgQuery__Node& statement);

}  // namespace aloft
