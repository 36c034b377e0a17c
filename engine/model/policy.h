#pragma once

#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// CREATE POLICY.
struct Policy {
  static constexpr Kind kKind = Kind::Policy;
  std::string command{"ALL"};  ///< ALL, SELECT, INSERT, UPDATE, DELETE
  bool permissive = true;
  std::vector<std::string> roles{};  ///< sorted; empty: PUBLIC
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
