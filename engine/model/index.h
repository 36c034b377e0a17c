#pragma once

#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// An index that backs no constraint, on a table or a materialized view.
struct Index {
  static constexpr Kind kKind = Kind::Index;
  bool unique = false;
  /// All after the table's name but WITH (...) and TABLESPACE: "USING btree (a, lower(b)
  /// COLLATE "C" DESC) INCLUDE (c) NULLS NOT DISTINCT WHERE (d > 0)".
  SqlText definition{};
  Options options{};
  std::string tablespace{};
  bool clustered = false;
  /// false: INVALID, a leftover of a build that died (or, on a partitioned table, not attached).
  bool valid = true;
  Name parent{};         ///< the index of the partitioned table that it is attached to
  bool only = false;     ///< CREATE INDEX ON ONLY of a partitioned table
  Options statistics{};  ///< per index column number: ALTER INDEX ... ALTER COLUMN n SET STATISTICS
  std::string comment{};

  // Read out of `definition` on both sides and not compared.
  std::string method{};
  std::vector<std::string> columns{};      ///< table columns that its keys, INCLUDE, predicate name
  std::vector<std::string> key_columns{};  ///< of a btree of columns alone, in default order
  std::string predicate{};                 ///< an expression over the columns; empty: all rows
  bool named = true;                       ///< false: the name is the one PostgreSQL chooses
  std::string renamed_from{};
  SourcePos at{};

  /// The key columns of one that may back a constraint; else none.
  std::vector<std::string> plain_keys() const {
    return predicate.empty() ? key_columns : std::vector<std::string>{};
  }

  static constexpr auto fields() {
    return std::tuple{
        Field{"unique", &Index::unique},         Field{"definition", &Index::definition},
        Field{"options", &Index::options},       Field{"tablespace", &Index::tablespace},
        Field{"clustered", &Index::clustered},   Field{"valid", &Index::valid},
        Field{"parent", &Index::parent},         Field{"only", &Index::only},
        Field{"statistics", &Index::statistics}, Field{"comment", &Index::comment}};
  }
};

}  // namespace aloft
