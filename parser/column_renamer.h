#pragma once

#include <string>

namespace aloft {

/// An index definition ("USING btree (a, lower(b)) WHERE (c > 0)") in which the table's column
/// `from` is called `to`. Empty where the text cannot be read.
std::string with_column_renamed(const std::string& definition, const std::string& from,
                                const std::string& to);

}  // namespace aloft
