#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aloft {

/// The kinds of object that aloft manages, in the order in which they are listed to people.
enum class Kind : std::uint8_t {
  Role,
  Schema,
  Extension,
  Enum,
  Domain,
  Composite,
  Sequence,
  Function,
  Aggregate,
  Operator,
  SearchParser,
  SearchTemplate,
  SearchDictionary,
  SearchConfiguration,
  Table,
  Column,
  Constraint,
  Index,
  View,
  Trigger,
  Policy,
};
inline constexpr std::size_t kKindCount = 21;

/// "table", "column", ...: the word for people, one for each kind.
constexpr std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::Role: return "role";
    case Kind::Schema: return "schema";
    case Kind::Extension: return "extension";
    case Kind::Enum: return "enum type";
    case Kind::Domain: return "domain";
    case Kind::Composite: return "composite type";
    case Kind::Sequence: return "sequence";
    case Kind::Function: return "function";
    case Kind::Aggregate: return "aggregate";
    case Kind::Operator: return "operator";
    case Kind::SearchParser: return "text search parser";
    case Kind::SearchTemplate: return "text search template";
    case Kind::SearchDictionary: return "text search dictionary";
    case Kind::SearchConfiguration: return "text search configuration";
    case Kind::Table: return "table";
    case Kind::Column: return "column";
    case Kind::Constraint: return "constraint";
    case Kind::Index: return "index";
    case Kind::View: return "view";
    case Kind::Trigger: return "trigger";
    case Kind::Policy: return "policy";
  }
  return "";
}

/// The only identity of an object: never an OID, never a joined string.
///   roles, schemas, extensions: name alone. Types, sequences, tables, views: schema + name.
///   functions and aggregates: schema + name + args (input types, as
///   pg_get_function_identity_arguments without names: "integer, text"). Operators: schema + name +
///   args (the types of both sides, NONE for the left one of a prefix operator). Columns,
///   constraints, indexes, triggers, policies: schema + relation (the table or view they are on) +
///   name.
struct ObjectId {
  Kind kind = Kind::Table;
  std::string schema{}, relation{}, name{}, args{};

  auto operator<=>(const ObjectId&) const = default;
  bool operator==(const ObjectId&) const = default;
};

/// The kinds of which several may have one name, told apart by their arguments' types.
constexpr bool has_arguments(Kind kind) {
  return kind == Kind::Function || kind == Kind::Aggregate || kind == Kind::Operator;
}

/// "table public.orders", "column public.orders.note", "function app.f(integer)".
std::string to_string(const ObjectId& id);
/// The same without the kind, quoted as SQL would be: public.orders.note
std::string name_of(const ObjectId& id);
/// The table or view that a column, constraint, index, trigger or policy stands on; for other kinds
/// the id itself. `kind` of the answer is always Table: look in both tables and views.
ObjectId relation_of(const ObjectId& id);

inline ObjectId table_id(std::string schema, std::string name) {
  return {.kind = Kind::Table, .schema = std::move(schema), .name = std::move(name)};
}
inline ObjectId child_id(Kind kind, const ObjectId& relation, std::string name) {
  return {
      .kind = kind, .schema = relation.schema, .relation = relation.name, .name = std::move(name)};
}

}  // namespace aloft
