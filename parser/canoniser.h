#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "engine/base/diagnostics.h"
#include "engine/model/snapshot.h"
#include "parser/fold.h"
#include "parser/handlers.h"
#include "parser/name_lookup.h"

namespace aloft {

/// What the canonical form of one snapshot needs to know, and the texts it works on. One overload
/// of canonicalise_object() per kind; a kind without one does not compile.
class Canoniser {
 public:
  Canoniser(Snapshot& snapshot, Side side, const KnownNames& names, const ChangeSet& renames,
            Diagnostics& diagnostics);

  void canonicalise_object(const ObjectId&, Role&) {}
  void canonicalise_object(const ObjectId&, Schema&) {}
  void canonicalise_object(const ObjectId&, Extension&) {}
  void canonicalise_object(const ObjectId&, Enum&) {}
  void canonicalise_object(const ObjectId&, Sequence&) {}
  void canonicalise_object(const ObjectId&, Domain&);
  void canonicalise_object(const ObjectId&, Composite&);
  void canonicalise_object(const ObjectId&, Function&);
  void canonicalise_object(const ObjectId&, Aggregate&);
  void canonicalise_object(const ObjectId&, Operator&);
  void canonicalise_object(const ObjectId&, SearchParser&);
  void canonicalise_object(const ObjectId&, SearchTemplate&);
  void canonicalise_object(const ObjectId&, SearchDictionary&);
  void canonicalise_object(const ObjectId&, SearchConfiguration&);
  void canonicalise_object(const ObjectId&, Table&);
  void canonicalise_object(const ObjectId&, Column&);
  void canonicalise_object(const ObjectId&, Constraint&);
  void canonicalise_object(const ObjectId&, Index&);
  void canonicalise_object(const ObjectId&, View&);
  void canonicalise_object(const ObjectId&, Trigger&);
  void canonicalise_object(const ObjectId&, Policy&);

  /// A type's canonical spelling; "unknown-type" where nothing defines it.
  std::string type(const std::string& text, SourcePos at);
  std::string collation(const std::string& text, SourcePos at);
  std::string spell(const PgQuery__TypeName& type) const;

 private:
  /// Qualifies and folds an expression over the columns of `relation`; `cast_to` of a default.
  void expression(SqlText& text, const ObjectId& relation, const std::string& cast_to = "");
  /// The same for one that was not seen yet.
  void new_expression(SqlText& text, const ObjectId& relation, const std::string& cast_to);
  void new_index(Index& index, const ObjectId& relation);
  void new_constraint(Constraint& constraint, const ObjectId& relation);
  /// Is DEFAULT NULL stored? A bare NULL of the column's type is not; one that a modifier or a
  /// domain is yet to be applied to is (AddRelationNewConstraints).
  bool stores_null(const pg::Node& value, const std::string& type) const;
  FoldContext context_of(const ObjectId& relation) const;
  /// Null where the type is no domain.
  const Domain* domain_named(const std::string& type) const;
  /// What a key has that says neither operator class nor collation; "" where it is not known, or
  /// the collation is the database's.
  struct KeyType {
    std::string type{}, collation{};
  };
  KeyType key_type(const ObjectId& relation, const std::string& column) const;
  KeyType key_type(const ObjectId& relation, pg::Node* expression) const;
  /// Makes columns of key expressions that are no more than one.
  static void unwrap_keys(pg::Node* statement);
  /// Takes an operator class and a collation off that the key has anyway.
  template <class Element>
  void strip_defaults(Element& element, const std::string& method, const ObjectId& relation);
  void strip_key_defaults(PgQuery__IndexElem& element, const std::string& method,
                          const ObjectId& relation);
  void strip_key_defaults(PgQuery__PartitionElem& element, const std::string& method,
                          const ObjectId& relation);
  /// The options of CREATE KIND name (...), qualified, without those that say the default.
  Options define_options(const PgQuery__DefineStmt& stmt, bool ordered_set) const;
  std::string type_value(PgQuery__TypeName& type) const;
  std::string function_value(std::vector<std::string> name) const;
  /// `args`: the types of its sides; "" where any will do.
  Name operator_named(const std::vector<std::string>& name, const std::string& args) const;
  std::string search_name(NameLookup::What what, const std::string& text) const;
  void unknown(std::string_view code, const std::string& what, SourcePos at);
  void check_columns(const ObjectId& relation, const std::vector<std::string>& columns,
                     SourcePos at);
  /// pg_catalog's own trigger functions.
  static bool default_trigger_function(const std::string& name);

  Snapshot& snapshot_;
  Side side_;
  const KnownNames& names_;
  Diagnostics& diagnostics_;
  NameLookup lookup_;
  Sources no_sources_{};
  Statement statement_;
  ParseContext context_;
  bool unknown_extension_ = false;
  std::map<std::string, std::string> types_{};

  // Schemas say the same texts over and over, and most name nothing that only their table can tell:
  // what those become, by text.
  /// Can it become the same everywhere, if no type of a column is asked for?
  bool may_repeat(const std::string& text) const {
    return !lookup_.has_renames() && text.find('.') == std::string::npos;
  }
  std::unordered_map<std::string, SqlText> expressions_{};
  std::unordered_map<std::string, Index> indexes_{};
  std::unordered_map<std::string, Constraint> keys_{};      ///< primary key, unique, check
  mutable std::map<std::string, const Domain*> domains_{};  ///< by their types' spelling
  mutable bool types_asked_ = false;                        ///< by context_of()
};

/// Says of each operator what another's commutator or negator makes it; then writes `create`.
void link_operators(Objects<Operator>& operators);

}  // namespace aloft
