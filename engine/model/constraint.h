#pragma once

#include <vector>

#include "engine/base/source.h"
#include "engine/model/fields.h"
#include "engine/model/object_id.h"
#include "engine/model/values.h"

namespace aloft {

/// A table constraint: primary key, unique, check, foreign key or exclusion. NOT NULL is part of
/// its column.
struct Constraint {
  static constexpr Kind kKind = Kind::Constraint;
  enum class Type : std::uint8_t { Check, ForeignKey, PrimaryKey, Unique, Exclusion };

  Type type = Type::Check;
  /// All after CONSTRAINT name, as pg_get_constraintdef() prints it but without NOT VALID, WITH
  /// (...) and USING INDEX TABLESPACE: "CHECK ((a > 0)) NO INHERIT", "PRIMARY KEY (a) INCLUDE (b)",
  /// "FOREIGN KEY (a) REFERENCES s.t(id) ON DELETE CASCADE DEFERRABLE".
  SqlText definition{};
  bool validated = true;  ///< false: NOT VALID
  Options options{};      ///< storage parameters of the index behind it
  std::string tablespace{};
  bool local = true;  ///< conislocal; an inherited check that is also declared here stays local
  bool clustered = false;       ///< CLUSTER ON its index
  std::string comment{};        ///< of the constraint
  std::string index_comment{};  ///< of the index behind it
  bool inherited =
      false;  ///< it comes from a parent table or partitioned table: never emitted alone
  /// Of a key: the index of the partitioned table that its own index is attached to, where no
  /// constraint stands before that (then it is `inherited`).
  Name parent{};

  // What follows is read out of `definition` (by canonicalise, on both sides) and not compared.
  std::vector<std::string> columns{};  ///< key or referencing columns; of a check: those it names
  std::vector<std::string> include{};  ///< INCLUDE columns
  Name referenced{};                   ///< of a foreign key
  std::vector<std::string> referenced_columns{};  ///< empty: the primary key, by default
  bool no_inherit = false, deferrable = false, initially_deferred = false;
  bool named = true;  ///< false: the files give no name and `id.name` is the one PostgreSQL chooses
  std::string renamed_from{};
  SourcePos at{};

  static constexpr auto fields() {
    return std::tuple{Field{"type", &Constraint::type},
                      Field{"definition", &Constraint::definition},
                      Field{"validated", &Constraint::validated},
                      Field{"options", &Constraint::options},
                      Field{"tablespace", &Constraint::tablespace},
                      Field{"local", &Constraint::local},
                      Field{"clustered", &Constraint::clustered},
                      Field{"inherited", &Constraint::inherited},
                      Field{"parent", &Constraint::parent},
                      Field{"comment", &Constraint::comment},
                      Field{"index comment", &Constraint::index_comment}};
  }
};

}  // namespace aloft
