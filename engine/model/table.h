#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/sequence.h"
#include "engine/model/values.h"

namespace aloft {

/// REPLICA IDENTITY: 'd'efault, 'n'othing, 'f'ull, or 'i'ndex with its name.
struct ReplicaIdentity {
  char mode = 'd';
  std::string index{};
  bool operator==(const ReplicaIdentity&) const = default;
};

/// A table: plain, unlogged, partitioned, partition, or inheriting. Columns, constraints, indexes,
/// triggers and policies are objects of their own.
struct Table {
  static constexpr Kind kKind = Kind::Table;
  bool unlogged = false;
  SqlText partition_key{};       ///< "RANGE (a, lower(b))"; empty: not partitioned
  Name partition_of{};           ///< the partitioned table it is a partition of
  SqlText partition_bound{};     ///< "FOR VALUES FROM (1) TO (2)" or "DEFAULT"
  std::vector<Name> inherits{};  ///< INHERITS parents in order; never the partitioned table
  Name of_type{};                ///< CREATE TABLE ... OF
  Options options{};             ///< storage parameters; those of the TOAST table as "toast.NAME"
  std::string access_method{};   ///< empty: the default, heap
  std::string tablespace{};      ///< empty: the database's
  ReplicaIdentity replica_identity{};
  bool row_security = false, force_row_security = false;
  std::string owner{};
  Grants grants{};
  std::string comment{};
  /// Column names in physical (live) or declared (desired) order. Not compared: PostgreSQL cannot
  /// change it. Live: those of dropped columns are left out.
  std::vector<std::string> column_order{};
  std::string renamed_from{};  ///< desired only, by directive
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"unlogged", &Table::unlogged},
                      Field{"partition key", &Table::partition_key},
                      Field{"partition of", &Table::partition_of},
                      Field{"partition bound", &Table::partition_bound},
                      Field{"inherits", &Table::inherits},
                      Field{"of type", &Table::of_type},
                      Field{"options", &Table::options},
                      Field{"access method", &Table::access_method},
                      Field{"tablespace", &Table::tablespace},
                      Field{"replica identity", &Table::replica_identity},
                      Field{"row security", &Table::row_security},
                      Field{"force row security", &Table::force_row_security},
                      Field{"owner", &Table::owner},
                      Field{"grants", &Table::grants},
                      Field{"comment", &Table::comment}};
  }
};

/// What directives say of a column: desired only, and not compared.
struct ColumnDirectives {
  /// `reverse COLUMN = EXPRESSION`: of a column that this one, a new one, is made of.
  struct Former {
    std::string column{};
    SqlText value{};  ///< from the row as it is
  };
  SqlText fill{};       ///< backfill: a row's value from its other columns, where it has none
  SqlText new_value{};  ///< using: of another type, or of a new column, from the row as it was
  SqlText old_value{};  ///< reverse: and back
  std::vector<Former> formers{};  ///< reverse of other columns
  std::set<std::string> reads{};  ///< the columns that fill and new_value name
  bool in_place = false;          ///< takes the short blocking way, knowingly
};

/// pg_attribute of a table. A child table or partition has an object for each of its columns too.
struct Column {
  static constexpr Kind kKind = Kind::Column;
  std::string type{};       ///< canonical spelling, as format_type() prints it with search_path=''
  std::string collation{};  ///< quoted and qualified; empty: the type's own
  SqlText default_value{};  ///< the DEFAULT, or the expression of a generated column
  bool not_null = false;
  char generated = ' ';  ///< 's'tored, 'v'irtual (18), ' ' not generated
  char identity = ' ';   ///< 'a'lways, by 'd'efault, ' ' none
  char storage = ' ';    ///< 'p','e','m','x' as pg_attribute.attstorage; ' ': the type's default
  bool local = true;     ///< attislocal: declared here, not only inherited
  std::int32_t statistics = -1;
  SequenceOptions identity_sequence{};  ///< meaningful with `identity`
  std::string compression{};            ///< "pglz", "lz4"; empty: the default
  Options options{};                    ///< n_distinct, n_distinct_inherited
  Grants grants{};                      ///< column privileges
  std::string comment{};
  std::string renamed_from{};  ///< desired only, by directive
  Rare<ColumnDirectives> said{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"type", &Column::type},
                      Field{"collation", &Column::collation},
                      Field{"default", &Column::default_value},
                      Field{"not null", &Column::not_null},
                      Field{"generated", &Column::generated},
                      Field{"identity", &Column::identity},
                      Field{"identity sequence", &Column::identity_sequence},
                      Field{"storage", &Column::storage},
                      Field{"local", &Column::local},
                      Field{"statistics", &Column::statistics},
                      Field{"compression", &Column::compression},
                      Field{"options", &Column::options},
                      Field{"grants", &Column::grants},
                      Field{"comment", &Column::comment}};
  }
};

}  // namespace aloft
