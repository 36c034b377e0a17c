#pragma once

#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// A function, window function or procedure.
struct Function {
  static constexpr Kind kKind = Kind::Function;
  bool procedure = false;
  /// Names, modes and types of all arguments, canonical and without their defaults: a change needs
  /// DROP and CREATE (CREATE FUNCTION manual, "Overloading").
  std::string arguments{};
  /// RETURNS, canonical: "integer", "SETOF public.t", "TABLE(a integer)"; empty for procedures.
  std::string returns{};
  SqlText
      defaults{};  ///< the arguments' defaults, comma-separated, in order; removing one needs DROP
  std::string language{};
  SqlText body{};  ///< string body byte for byte, or the SQL-standard body's canonical text
  /// Everything else that CREATE FUNCTION says, canonical and sorted: {"volatility", "IMMUTABLE"},
  /// {"strict", "true"}, {"security", "definer"}, {"leakproof", ..}, {"parallel", "SAFE"},
  /// {"cost", ..}, {"rows", ..}, {"window", ..}, {"support", ..}, {"transform", ..},
  /// {"set NAME", ..}, {"link symbol", ..}. Values equal to PostgreSQL's default are left out.
  Options properties{};
  /// The whole CREATE OR REPLACE statement, ready to run; not compared.
  std::string create{};
  std::string owner{};
  Grants grants{};
  std::string comment{};
  std::string renamed_from{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{
        Field{"procedure", &Function::procedure},   Field{"arguments", &Function::arguments},
        Field{"returns", &Function::returns},       Field{"defaults", &Function::defaults},
        Field{"language", &Function::language},     Field{"body", &Function::body},
        Field{"properties", &Function::properties}, Field{"owner", &Function::owner},
        Field{"grants", &Function::grants},         Field{"comment", &Function::comment}};
  }
};

}  // namespace aloft
