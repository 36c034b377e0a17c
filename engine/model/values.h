#pragma once

#include <compare>
#include <string>
#include <vector>

namespace aloft {

/// A piece of SQL twice: `sql` to be run (names qualified as far as they are known) and `canon` to
/// be compared. Two texts are the same exactly when their canonical forms are.
struct SqlText {
  std::string sql{};
  std::string canon{};

  bool empty() const { return sql.empty(); }
  bool operator==(const SqlText& other) const { return canon == other.canon; }
};

/// A storage parameter or any other name = value option.
struct Option {
  std::string name{}, value{};
  auto operator<=>(const Option&) const = default;
};
using Options = std::vector<Option>;  ///< sorted by name, each name once

/// One privilege held by someone other than the owner.
struct Grant {
  std::string grantee{};    ///< empty for PUBLIC
  std::string privilege{};  ///< "SELECT", "EXECUTE", ... as GRANT spells it
  bool grantable = false;   ///< WITH GRANT OPTION
  auto operator<=>(const Grant&) const = default;
};
/// All of an object's privileges but the owner's own, PUBLIC's built-in defaults included: a
/// function that nobody revoked anything from has {"", "EXECUTE"} (DDL manual, "Privileges").
using Grants = std::vector<Grant>;  ///< sorted, each grantee and privilege once

/// A relation, type or function by schema and name.
struct Name {
  std::string schema{}, name{};
  auto operator<=>(const Name&) const = default;
  bool empty() const { return name.empty(); }
};

}  // namespace aloft
