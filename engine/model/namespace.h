#pragma once

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// pg_namespace.
struct Schema {
  static constexpr Kind kKind = Kind::Schema;
  std::string owner{};  ///< empty in the desired state: not said, so not compared
  Grants grants{};
  std::string comment{};  ///< empty: none (COMMENT ... IS '' is IS NULL)
  /// Live: the privileges that the script of an extension gave (pg_init_privs); not compared.
  Grants by_extension{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"owner", &Schema::owner}, Field{"grants", &Schema::grants},
                      Field{"comment", &Schema::comment}};
  }
};

/// pg_extension. Its members are never managed.
struct Extension {
  static constexpr Kind kKind = Kind::Extension;
  std::string schema{};   ///< desired: empty where the files do not say
  std::string version{};  ///< desired: empty where the files do not say
  std::string comment{};
  bool relocatable = false;  ///< live only
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"schema", &Extension::schema}, Field{"version", &Extension::version},
                      Field{"comment", &Extension::comment}};
  }
};

/// pg_authid, for the roles that the files name: created or altered, never dropped.
struct Role {
  static constexpr Kind kKind = Kind::Role;
  /// The attributes that the files say, as CREATE ROLE spells them: {"LOGIN", "true"},
  /// {"CONNECTION LIMIT", "5"}, {"VALID UNTIL", "..."}. Live: all of them. Passwords: never.
  /// Settings for all databases are among them: {"SET work_mem", "64MB"}, the name in lower case
  /// and the value as pg_db_role_setting has it. Desired: {"RESET work_mem", ""} where it is to be
  /// unset.
  Options attributes{};
  /// Options: name = the role it is a member of, value = "ADMIN" or "".
  Options member_of{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"attributes", &Role::attributes}, Field{"member_of", &Role::member_of},
                      Field{"comment", &Role::comment}};
  }
};

}  // namespace aloft
