#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parser/handlers.h"

namespace aloft {

// What CREATE TABLE and ALTER TABLE share.

/// A constraint as it stands in a statement. On a column, DEFERRABLE and INITIALLY DEFERRED are
/// nodes of their own in the tree, which belong to the clause before them.
struct Clause {
  const PgQuery__Constraint* node = nullptr;
  std::string column{};  ///< of a column constraint
  bool deferrable = false, initially_deferred = false;
  bool altering = false;  ///< ALTER TABLE, not CREATE TABLE: NOT VALID counts
};
struct Clauses {
  std::vector<Clause> checks{}, keys{}, foreign_keys{};  ///< keys: primary, unique, exclusion
};

/// Sorts a table constraint into its list.
void sort_clause(const PgQuery__Constraint&, Clauses&);

/// Reads a column: its type, its clauses; makes serial's sequence. Constraints go to `clauses`.
Column read_column(const PgQuery__ColumnDef&, const ObjectId& table, Clauses& clauses,
                   const Statement&, ParseContext&);
/// Adds what the column's constraint list says (all of it, or a partition's column options).
void read_column_clauses(const PgQuery__ColumnDef&, const ObjectId& table, Column& column,
                         Clauses& clauses, const Statement&, ParseContext&);
/// Adds a column at the end of its table; false and "duplicate-object" if it is there.
bool insert_column(ParseContext&, const ObjectId& table, const std::string& name, Column column);
Column* find_column(ParseContext&, const ObjectId& table, const std::string& name);
/// Makes a column an identity column.
void make_identity(const PgQuery__Constraint&, const ObjectId& table, const std::string& name,
                   Column& column, const Statement&, ParseContext&);

/// Carries out the clauses: checks, then keys (the primary one first), then foreign keys, as
/// PostgreSQL does, naming the unnamed. `spread`: to children too.
void add_checks(const std::vector<Clause>&, const ObjectId& table, bool spread, const Statement&,
                ParseContext&);
void add_keys(const std::vector<Clause>&, const ObjectId& table, bool spread, const Statement&,
              ParseContext&);
void add_foreign_keys(const std::vector<Clause>&, const ObjectId& table, bool spread,
                      const Statement&, ParseContext&);

/// Puts a constraint in, and its names where names are looked up. False and "duplicate-object" if
/// the table has one of that name.
bool insert_constraint(ParseContext&, const ObjectId& id, Constraint constraint);
void erase_constraint(ParseContext&, const ObjectId& id);
bool insert_index(ParseContext&, const ObjectId& id, Index index);
void erase_index(ParseContext&, const ObjectId& id);
/// The Index or key Constraint of that name.
std::optional<ObjectId> index_by_name(const ParseContext&, const Name& name);
bool is_key(const Constraint&);

/// "(a, b)"
std::string column_list(const std::vector<std::string>& columns);
/// The columns that an expression names, each once, in order.
std::vector<std::string> columns_in(PgQuery__Node* expression);
/// An element of an index or exclusion constraint: "lower(b) COLLATE x opclass DESC NULLS LAST".
std::string index_element(const PgQuery__IndexElem&);
std::vector<const PgQuery__IndexElem*> index_elements(std::size_t count, PgQuery__Node* const*);
/// PARTITION BY and FOR VALUES as the server prints them.
std::string partition_key(const PgQuery__PartitionSpec&);
std::string partition_bound(const PgQuery__PartitionBoundSpec&);
/// The order of the values in FOR VALUES IN says nothing.
void sort_list(PgQuery__PartitionBoundSpec&);
std::string collation_text(const PgQuery__CollateClause*);
/// A name list as SQL: quoted, joined by dots.
std::string dotted(const std::vector<std::string>& name);

/// Sets or adds options; RESET takes them out.
void set_options(Options& options, const Options& changes);
void reset_options(Options& options, std::size_t count, PgQuery__Node* const* names);

/// "unknown-object" at a place.
void report_unknown(ParseContext&, SourcePos at, const std::string& what);

/// The bounds of a sequence of that type and direction.
SequenceOptions default_sequence(const std::string& type, bool ascending);
/// Reads the clauses of CREATE and ALTER SEQUENCE and of an identity column into `options`.
/// `owned_by` gets the name list after OWNED BY.
void read_sequence_options(std::size_t count, PgQuery__Node* const* elements, bool altering,
                           SequenceOptions& options,
                           std::optional<std::vector<std::string>>& owned_by, const Statement&,
                           ParseContext&);

}  // namespace aloft
