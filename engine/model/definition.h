#pragma once

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

// The kinds that PostgreSQL makes by CREATE KIND name (option = value, ...). `options` has what
// that says, canonical, without values equal to PostgreSQL's default: functions, operators and
// types qualified as far as they are known, texts as string constants. `create` is the whole
// statement, ready to run and not compared; canonicalise() reads the options out of it.

/// CREATE AGGREGATE. The id has all input types, those of an ordered set's direct arguments first.
struct Aggregate {
  static constexpr Kind kKind = Kind::Aggregate;
  /// "x integer", "*", "double precision ORDER BY integer": changing one needs DROP and CREATE.
  std::string arguments{};
  Options options{};
  std::string create{};
  std::string owner{};
  Grants grants{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"arguments", &Aggregate::arguments},
                      Field{"options", &Aggregate::options}, Field{"owner", &Aggregate::owner},
                      Field{"grants", &Aggregate::grants}, Field{"comment", &Aggregate::comment}};
  }
};

/// CREATE OPERATOR. The id's args are the types of both sides, "NONE, integer" of a prefix one.
struct Operator {
  static constexpr Kind kKind = Kind::Operator;
  Options options{};
  std::string create{};
  std::string owner{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"options", &Operator::options}, Field{"owner", &Operator::owner},
                      Field{"comment", &Operator::comment}};
  }
};

/// CREATE TEXT SEARCH PARSER; only superusers make one, and nobody owns it.
struct SearchParser {
  static constexpr Kind kKind = Kind::SearchParser;
  Options options{};
  std::string create{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"options", &SearchParser::options},
                      Field{"comment", &SearchParser::comment}};
  }
};

/// CREATE TEXT SEARCH TEMPLATE; only superusers make one, and nobody owns it.
struct SearchTemplate {
  static constexpr Kind kKind = Kind::SearchTemplate;
  Options options{};
  std::string create{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"options", &SearchTemplate::options},
                      Field{"comment", &SearchTemplate::comment}};
  }
};

/// CREATE TEXT SEARCH DICTIONARY.
struct SearchDictionary {
  static constexpr Kind kKind = Kind::SearchDictionary;
  std::string search_template{};  ///< changing it needs DROP and CREATE
  std::vector<Option> options{};  ///< the template's own, in the order in which they are stored
  std::string create{};
  std::string owner{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"template", &SearchDictionary::search_template},
                      Field{"options", &SearchDictionary::options},
                      Field{"owner", &SearchDictionary::owner},
                      Field{"comment", &SearchDictionary::comment}};
  }
};

/// CREATE TEXT SEARCH CONFIGURATION, and what ALTER adds to it.
struct SearchConfiguration {
  static constexpr Kind kKind = Kind::SearchConfiguration;
  std::string parser{};  ///< changing it needs DROP and CREATE
  Options mappings{};    ///< token type -> its dictionaries in order, comma-separated
  std::string owner{};
  std::string comment{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"parser", &SearchConfiguration::parser},
                      Field{"mappings", &SearchConfiguration::mappings},
                      Field{"owner", &SearchConfiguration::owner},
                      Field{"comment", &SearchConfiguration::comment}};
  }
};

}  // namespace aloft
