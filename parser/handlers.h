#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/base/diagnostics.h"
#include "engine/model/snapshot.h"
#include "parser/pg_tree.h"

namespace aloft {

/// A `-- aloft: ...` comment (or an alias of it) and what it speaks of.
struct Directive {
  enum class What { RenamedFrom, Backfill, Using, Reverse, Ignore, InPlace };
  What what = What::Ignore;
  std::string argument{};
  std::size_t offset = 0;  ///< byte in the file of the line it speaks of (next line, or its own)
  bool trails = false;     ///< at the end of the line it speaks of, behind what stands there
  SourcePos at{};
  mutable bool used = false;  ///< set by the handler that took it; one nobody took is an error
};

/// What a handler needs to know besides the tree of its statement.
struct Statement {
  const Sources& sources;
  std::uint32_t file = 0;
  std::size_t begin = 0, end = 0;          ///< bytes of the statement in the file
  std::size_t tree_base = 0;               ///< add to a node's `location` to get a byte of the file
  std::vector<std::string> search_path{};  ///< in force here; may be empty
  std::vector<Directive>* directives = nullptr;  ///< of the whole file

  SourcePos at(int location) const;  ///< of a node; location < 0: of the statement
  SourcePos at() const;              ///< the first token of the statement
  std::string text() const;          ///< the statement's own text
};

/// What all handlers write to.
struct ParseContext {
  Snapshot& snapshot;
  Diagnostics& diagnostics;
  int server_version = 150000;  ///< server_version_num
  std::set<ObjectId> said{};    ///< for "said twice"
  /// The tables, views, sequences and types that the files define anywhere: known before the first
  /// handler runs, so that a name can be resolved whatever the order of the files.
  std::set<ObjectId> declared{};
  /// By its own name: each Index, and each Constraint that an index stands behind.
  std::map<Name, ObjectId> index_names{};
  /// Names of constraints by schema: PostgreSQL chooses a new one beside all of them.
  std::set<Name> constraint_names{};
  std::set<Name> identity_sequences{};           ///< relations that are part of a column
  std::map<Name, std::vector<Name>> children{};  ///< partitions and inheriting tables
  /// Foreign keys that leave out the referenced columns, and where in the definition they belong.
  std::map<ObjectId, std::size_t> open_references{};
  /// What a REVOKE took from a role that had not been granted it, by object and role, until a GRANT
  /// gives it back: of the object's owner, these are privileges that it has by owning.
  std::map<std::pair<ObjectId, std::string>, std::set<std::string>> taken{};
  /// What LIKE ... INCLUDING COMMENTS copied, and where: the comment that the original has by then
  /// belongs to the copy too.
  struct LikeCopy {
    ObjectId from{}, to{};
    SourcePos at{};
  };
  std::vector<LikeCopy> like_copies{};
  /// What LIKE has copied of a table: its columns as they were, and constraints.
  struct LikeSource {
    std::vector<std::pair<std::string, Column>> columns{};
    std::set<ObjectId> constraints{};
  };
  std::map<std::pair<ObjectId, ObjectId>, LikeSource> like_sources{};  ///< by source and copy
  std::map<ObjectId, SourcePos> commented{};  ///< where a COMMENT ON it stands
  /// Set by a handler that did nothing because what it names is not defined yet; the statement is
  /// carried out again once everything else is. Only before the last pass.
  bool deferred = false;
  bool last_pass = false;
};

// Statement handlers: each carries the clauses it knows into the model and refuses the rest by name
// and place (refuse()); none skips a clause in silence. Those of the first group define an object;
// all definitions of a run are carried out before any statement of the second group.

// definitions: parser/table.cc, sequence.cc, index.cc
void parse_create_table(const PgQuery__CreateStmt&, const Statement&, ParseContext&);
void parse_create_sequence(const PgQuery__CreateSeqStmt&, const Statement&, ParseContext&);
void parse_create_index(const PgQuery__IndexStmt&, const Statement&, ParseContext&);
// parser/namespace.cc, role.cc, type.cc
void parse_create_schema(const PgQuery__CreateSchemaStmt&, const Statement&, ParseContext&);
void parse_create_extension(const PgQuery__CreateExtensionStmt&, const Statement&, ParseContext&);
void parse_create_role(const PgQuery__CreateRoleStmt&, const Statement&, ParseContext&);
void parse_create_enum(const PgQuery__CreateEnumStmt&, const Statement&, ParseContext&);
void parse_create_domain(const PgQuery__CreateDomainStmt&, const Statement&, ParseContext&);
void parse_create_composite(const PgQuery__CompositeTypeStmt&, const Statement&, ParseContext&);
// parser/function.cc, view.cc, trigger.cc, policy.cc
void parse_create_function(const PgQuery__CreateFunctionStmt&, const Statement&, ParseContext&);
void parse_create_view(const PgQuery__ViewStmt&, const Statement&, ParseContext&);
void parse_create_table_as(const PgQuery__CreateTableAsStmt&, const Statement&, ParseContext&);
void parse_create_trigger(const PgQuery__CreateTrigStmt&, const Statement&, ParseContext&);
void parse_create_policy(const PgQuery__CreatePolicyStmt&, const Statement&, ParseContext&);
// parser/define.cc, search_configuration.cc
void parse_define(const PgQuery__DefineStmt&, const Statement&, ParseContext&);
void create_search_configuration(const ObjectId&, const PgQuery__DefineStmt&, const Statement&,
                                 ParseContext&);

// alterations: parser/alter_table.cc (tables, and the ALTER TABLE forms of views, sequences,
// indexes, composite types: AlterTableStmt.objtype says which), sequence.cc
void parse_alter_table(const PgQuery__AlterTableStmt&, const Statement&, ParseContext&);
void parse_alter_sequence(const PgQuery__AlterSeqStmt&, const Statement&, ParseContext&);
// parser/alter.cc: everything that changes what was defined before, as pg_dump and people write it
void parse_alter_enum(const PgQuery__AlterEnumStmt&, const Statement&, ParseContext&);
void parse_alter_domain(const PgQuery__AlterDomainStmt&, const Statement&, ParseContext&);
void parse_alter_function(const PgQuery__AlterFunctionStmt&, const Statement&, ParseContext&);
void parse_alter_policy(const PgQuery__AlterPolicyStmt&, const Statement&, ParseContext&);
void parse_alter_search_configuration(const PgQuery__AlterTSConfigurationStmt&, const Statement&,
                                      ParseContext&);
void parse_alter_extension(const PgQuery__AlterExtensionStmt&, const Statement&, ParseContext&);
void parse_alter_object_schema(const PgQuery__AlterObjectSchemaStmt&, const Statement&,
                               ParseContext&);
void parse_rename(const PgQuery__RenameStmt&, const Statement&, ParseContext&);
void parse_drop(const PgQuery__DropStmt&, const Statement&, ParseContext&);
// parser/role.cc, access.cc, comment.cc
void parse_alter_role(const PgQuery__AlterRoleStmt&, const Statement&, ParseContext&);
void parse_alter_role_set(const PgQuery__AlterRoleSetStmt&, const Statement&, ParseContext&);
void parse_grant(const PgQuery__GrantStmt&, const Statement&, ParseContext&);
void parse_grant_role(const PgQuery__GrantRoleStmt&, const Statement&, ParseContext&);
void parse_owner(const PgQuery__AlterOwnerStmt&, const Statement&, ParseContext&);
void parse_comment(const PgQuery__CommentStmt&, const Statement&, ParseContext&);
/// Once all statements are carried out: takes out of every `grants` what its object's owner holds.
/// The owner may be said after the grant, so no single statement can do that. Refuses to take from
/// an owner what is its own: no snapshot holds that. parse() calls it last.
void finish_access(ParseContext&);

/// Gives the copies of LIKE ... INCLUDING COMMENTS the comments that were said of their originals
/// before the copying. parse() calls it once all statements are carried out.
void finish_like_comments(ParseContext&);

// ---- what handlers share (parser/handlers.cc) ----

/// "unsupported-clause" at a place: aloft does not manage this, named in words.
void refuse(ParseContext&, SourcePos at, std::string_view what);
/// Reports "duplicate-object" with both places and returns false if the id was said before.
bool first_time(ParseContext&, const ObjectId& id, SourcePos at);
/// Schema for a name being created: its own, or the first of the search path ("no-schema" error at
/// `at` and "" if the path is empty).
std::string creation_schema(const char* schemaname, const Statement&, ParseContext&, SourcePos at);
/// Schema for a relation being mentioned: its own, or the first schema of the search path that
/// defines a table, view, sequence or index of that name in the snapshot, else the first of the
/// path.
std::string relation_schema(const PgQuery__RangeVar&, const Statement&, const ParseContext&);
/// The same for a type or function name list {"schema", "name"} / {"name"}, looked up among the
/// kinds given.
Name resolve_name(const std::vector<std::string>& name, const std::vector<Kind>& kinds,
                  const Statement&, const ParseContext&);
/// The input argument types of a function's parameter list or of an ObjectWithArgs, in the spelling
/// of ObjectId::args: format_type() spellings joined by ", "; OUT and TABLE arguments left out.
std::string argument_types(std::size_t count, PgQuery__Node* const* parameters, const Statement&,
                           const ParseContext&);
/// The id of the function that an ObjectWithArgs names: with arguments exactly, without them the
/// only one of that name. nullopt and "unknown-object" otherwise.
std::optional<ObjectId> find_function(const PgQuery__ObjectWithArgs&, const Statement&,
                                      ParseContext&);
/// What follows a trigger's name, as pg_get_triggerdef() puts it.
std::string trigger_definition(const PgQuery__CreateTrigStmt&, const Statement&,
                               const ParseContext&);
/// A TypeName as format_type() would print it: builtin aliases resolved, user types qualified
/// where the snapshot (or the name itself) knows the schema.
std::string type_spelling(const PgQuery__TypeName&, const Statement&, const ParseContext&);
/// Options of a WITH (...) list or DefElem list, sorted; values as text; namespace "toast"
/// prefixed.
Options options_of(std::size_t count, PgQuery__Node* const* elements);
/// PostgreSQL's ChooseRelationName / makeObjectName: name1_name2_label cut to 63 bytes (name1 first
/// when longer), made unique among `taken` by appending 1, 2, ... to the label.
std::string choose_name(const std::string& name1, const std::string& name2,
                        const std::string& label, const std::set<std::string>& taken);
/// The directive of that kind on the line of (or before) `location`, which is taken; null if none.
const Directive* take_directive(const Statement&, int location, Directive::What);
/// The argument of a RenamedFrom directive there; "" if none.
std::string renamed_from(const Statement&, int location);
/// The same of a table whose columns and constraints start at `elements`: what stands at the end of
/// a line on which one of them starts speaks of that one. An error where several do.
std::string renamed_from(const Statement&, int location, const std::vector<int>& elements,
                         ParseContext&);
/// The column privileges, table privileges... that an object is born with, for PUBLIC: functions
/// EXECUTE, types USAGE; schema public USAGE, before PostgreSQL 15 CREATE too; nothing else (DDL
/// manual, "Privileges", table 5.2).
Grants default_grants(const ObjectId& id, const ParseContext&);

}  // namespace aloft
