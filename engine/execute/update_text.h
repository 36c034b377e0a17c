#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aloft {

/// The columns that "UPDATE t SET a = ..., "B" = ... WHERE (...)" sets, unquoted. Nothing where the
/// text is not of that form: assignments to one column each.
std::optional<std::vector<std::string>> set_columns(std::string_view update);

}  // namespace aloft
