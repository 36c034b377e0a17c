#pragma once

#include <string>
#include <vector>

#include "parser/handlers.h"

namespace aloft {

/// What a GRANT or REVOKE does, and for whom.
struct GrantAction {
  bool grant = true;
  bool with_option = false;             ///< GRANT ... WITH GRANT OPTION
  bool option_only = false;             ///< REVOKE GRANT OPTION FOR
  std::vector<std::string> grantees{};  ///< "" for PUBLIC
};

/// Carries the statement's privileges out on one object.
void apply_grant(const ObjectId&, const PgQuery__GrantStmt&, const GrantAction&, const Statement&,
                 ParseContext&);

}  // namespace aloft
