#pragma once

#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// CREATE TYPE ... AS ENUM.
struct Enum {
  static constexpr Kind kKind = Kind::Enum;
  std::vector<std::string> labels{};
  std::string owner{};
  Grants grants{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"labels", &Enum::labels}, Field{"owner", &Enum::owner},
                      Field{"grants", &Enum::grants}, Field{"comment", &Enum::comment}};
  }
};

/// A CHECK of a domain.
struct DomainConstraint {
  std::string name{};
  SqlText check{};  ///< the expression alone, without CHECK ( )
  bool validated = true;
  std::string comment{};
  bool operator==(const DomainConstraint&) const = default;
};

/// CREATE DOMAIN.
struct Domain {
  static constexpr Kind kKind = Kind::Domain;
  std::string type{};       ///< canonical spelling of the base type, as format_type() prints it
  std::string collation{};  ///< quoted and qualified; empty: the base type's own
  SqlText default_value{};
  bool not_null = false;
  std::vector<DomainConstraint> constraints{};  ///< sorted by name
  std::string owner{};
  Grants grants{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"type", &Domain::type},
                      Field{"collation", &Domain::collation},
                      Field{"default", &Domain::default_value},
                      Field{"not null", &Domain::not_null},
                      Field{"constraints", &Domain::constraints},
                      Field{"owner", &Domain::owner},
                      Field{"grants", &Domain::grants},
                      Field{"comment", &Domain::comment}};
  }
};

/// An attribute of a composite type.
struct Attribute {
  std::string name{}, type{}, collation{}, comment{};
  bool operator==(const Attribute&) const = default;
};

/// CREATE TYPE ... AS (...).
struct Composite {
  static constexpr Kind kKind = Kind::Composite;
  std::vector<Attribute> attributes{};  ///< in declared order
  std::string owner{};
  Grants grants{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"attributes", &Composite::attributes},
                      Field{"owner", &Composite::owner}, Field{"grants", &Composite::grants},
                      Field{"comment", &Composite::comment}};
  }
};

}  // namespace aloft
