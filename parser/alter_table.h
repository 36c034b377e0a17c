#pragma once

#include "parser/table_build.h"

namespace aloft {

/// One ALTER TABLE: what its subcommands work on.
struct Altering {
  ObjectId table{};
  bool recurse = true;  ///< no ONLY
  SourcePos at{};
};

// Subcommands by what they change. Each returns false where the subcommand is none of its own.
bool alter_column(const PgQuery__AlterTableCmd&, const Altering&, const Statement&, ParseContext&);
bool alter_constraint(const PgQuery__AlterTableCmd&, const Altering&, const Statement&,
                      ParseContext&);
bool alter_parents(const PgQuery__AlterTableCmd&, const Altering&, const Statement&, ParseContext&);
bool alter_properties(const PgQuery__AlterTableCmd&, const Altering&, const Statement&,
                      ParseContext&);

/// ALTER of what is no table, by AlterTableStmt.objtype or by what the name is.
void alter_view(const PgQuery__AlterTableStmt&, const ObjectId&, const Statement&, ParseContext&);
void alter_sequence_table_form(const PgQuery__AlterTableStmt&, const ObjectId&, const Statement&,
                               ParseContext&);
void alter_index(const PgQuery__AlterTableStmt&, const ObjectId&, const Statement&, ParseContext&);
void alter_composite(const PgQuery__AlterTableStmt&, const Statement&, ParseContext&);

/// Reports a subcommand that aloft does not manage, by its name in words.
void refuse_command(const PgQuery__AlterTableCmd&, const Statement&, ParseContext&);
/// The role that OWNER TO names; CURRENT_USER and the like are refused.
std::string owner_name(const PgQuery__RoleSpec*, const Statement&, ParseContext&);

}  // namespace aloft
