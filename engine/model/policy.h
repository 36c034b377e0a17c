#pragma once

#include <set>
#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// The roles of a policy in the order of its statement, which the catalog keeps and which says
/// nothing: those with the same roles are equal.
struct PolicyRoles : std::vector<std::string> {
  using std::vector<std::string>::vector;
  std::set<std::string> names() const { return {begin(), end()}; }
  bool operator==(const PolicyRoles& other) const { return names() == other.names(); }
};

/// CREATE POLICY.
struct Policy {
  static constexpr Kind kKind = Kind::Policy;
  std::string command{"ALL"};  ///< ALL, SELECT, INSERT, UPDATE, DELETE
  bool permissive = true;
  PolicyRoles roles{};  ///< empty: PUBLIC
  SqlText using_expr{}, check_expr{};
  std::string comment{};
  std::string renamed_from{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{
        Field{"command", &Policy::command},       Field{"permissive", &Policy::permissive},
        Field{"roles", &Policy::roles},           Field{"using", &Policy::using_expr},
        Field{"with check", &Policy::check_expr}, Field{"comment", &Policy::comment}};
  }
};

}  // namespace aloft
