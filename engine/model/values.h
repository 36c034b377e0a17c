#pragma once

#include <compare>
#include <memory>
#include <string>
#include <string_view>
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

/// A value that few objects have: it takes a pointer's room where it is T{}, and reads as that.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(Rare other) noexcept {
    value_.swap(other.value_);
    return *this;
  }
  ~Rare() = default;

  bool empty() const { return value_ == nullptr; }
  const T* operator->() const {
    static const T kNone{};
    return value_ ? value_.get() : &kNone;
  }
  /// To be changed.
  T& edit() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }

 private:
  std::unique_ptr<T> value_{};
};

/// A storage parameter or any other name = value option.
struct Option {
  std::string name{}, value{};
  auto operator<=>(const Option&) const = default;
};
using Options = std::vector<Option>;  ///< sorted by name, each name once

/// In place of a role's name: whoever carries out the plan, until that login is known
/// (adopt_unsaid). A role of this very name is refused.
inline constexpr std::string_view kLogin = "CURRENT_USER";

/// One privilege held by someone other than the owner, or taken from the owner.
struct Grant {
  std::string grantee{};    ///< empty for PUBLIC
  std::string privilege{};  ///< "SELECT", "EXECUTE", ... as GRANT spells it
  bool grantable = false;   ///< WITH GRANT OPTION
  /// The owner lacks it: it was revoked from the grantee, empty for the owner. Another one only
  /// until adopt_unsaid knows whether that is the owner.
  bool taken = false;
  auto operator<=>(const Grant&) const = default;
};
/// All of an object's privileges but the owner's own, which are all there are less what was taken;
/// PUBLIC's built-in defaults included: a function that nobody revoked anything from has
/// {"", "EXECUTE"} (DDL manual, "Privileges").
using Grants = std::vector<Grant>;  ///< sorted, each grantee and privilege once

/// A relation, type or function by schema and name.
struct Name {
  std::string schema{}, name{};
  auto operator<=>(const Name&) const = default;
  bool empty() const { return name.empty(); }
};

}  // namespace aloft
