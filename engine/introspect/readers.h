#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/db/session.h"
#include "engine/introspect/introspect.h"

namespace aloft {

using Oid = std::uint32_t;

/// The system catalogs that have objects, comments or dependencies, by their fixed OIDs.
namespace catalog {
inline constexpr Oid kType = 1247, kProc = 1255, kClass = 1259, kAttrdef = 2604, kConstraint = 2606,
                     kRewrite = 2618, kTrigger = 2620, kNamespace = 2615, kExtension = 3079,
                     kPolicy = 3256, kOperator = 2617, kSearchDictionary = 3600,
                     kSearchParser = 3601, kSearchConfiguration = 3602, kSearchTemplate = 3764;
}

/// An object of a catalog, or with `sub` a column of a relation.
struct Address {
  Oid catalog = 0, object = 0;
  std::int32_t sub = 0;
  auto operator<=>(const Address&) const = default;
};
struct AddressHash {
  std::size_t operator()(const Address& a) const {
    const std::uint64_t object = (std::uint64_t{a.catalog} << 32U) | a.object;
    return std::hash<std::uint64_t>{}(object * 0x9e3779b97f4a7c15ULL +
                                      static_cast<std::uint64_t>(a.sub));
  }
};

/// What the statements are made for: known from the first round trip.
struct ReadScope {
  int version = 150000;   ///< server_version_num
  std::string schemas{};  ///< OIDs of the schemas that are read, as an array constant
};

/// The fields of a row, taken from left to right in the order of the SELECT list.
class Fields {
 public:
  explicit Fields(RowView row) : row_(row) {}
  /// NULL is "".
  std::string text() { return std::string(next().value_or("")); }
  /// A text that a pg_get_*def() function returns: NULL when the object went away after the
  /// snapshot was taken. Throws DbError.
  std::string definition();
  bool flag() { return next().value_or("f") == "t"; }
  Oid oid() { return static_cast<Oid>(number(0)); }
  std::int64_t number(std::int64_t if_null);
  /// The first character of a "char"; `if_null` for NULL and for its zero byte, which is "".
  char letter(char if_null);
  /// Texts joined by kSeparator.
  std::vector<std::string> list();

 private:
  std::optional<std::string_view> next() { return row_[at_++]; }
  RowView row_;
  std::size_t at_ = 0;
};

std::vector<std::string> split(std::string_view text, char separator);

/// A relation that columns, constraints, indexes and so on are read into. The pointers are into the
/// snapshot's maps, whose nodes stay where they are.
struct Relation {
  ObjectId id{};  ///< as table_id(), for views too
  Table* table = nullptr;
  View* view = nullptr;
  Composite* composite = nullptr;
};

/// The snapshot as it grows, and what its readers know from one another. OIDs end here.
struct Reading {
  Live live{};
  std::unordered_map<Oid, std::string> roles{}, namespaces{}, tablespaces{}, access_methods{},
      collations{};
  std::unordered_map<Oid, Relation> relations{};
  std::unordered_map<Oid, Enum*> enums{};
  std::unordered_map<Oid, Domain*> domains{};
  std::unordered_map<Oid, Constraint*> index_constraints{};  ///< by the index behind it
  std::unordered_map<Oid, Index*> indexes{};
  std::unordered_map<Oid, Name> index_names{};  ///< also those behind constraints
  std::unordered_map<Oid, RelationSize*> sizes{};
  std::unordered_map<Address, std::string, AddressHash> comments{};
  std::unordered_set<Address, AddressHash> extension_members{};
  std::int64_t block_size = 8192;

  bool is_member(Oid catalog, Oid object) const {
    return extension_members.contains({catalog, object, 0});
  }
  /// The relation, or null for one that is not read: an extension's, a foreign table.
  Relation* relation(Oid oid);
  std::string role(Oid oid) const;
  std::string schema(Oid oid) const;
  /// The comment, taken out.
  std::string comment(Oid catalog, Oid object, std::int32_t sub = 0);
  /// "" for 0, the database's own.
  std::string tablespace(Oid oid) const;
  /// Reads what acl_sql() selected.
  Grants grants(const std::string& text) const;
  void unmanaged(std::string kind, std::string name) {
    live.snapshot.unmanaged.push_back({std::move(kind), std::move(name)});
  }
};

/// reloptions and the like, "name=value" each, sorted; `prefix` goes before each name.
void add_options(Options& options, const std::vector<std::string>& settings,
                 std::string_view prefix = "");

// Pieces of SELECT lists and conditions.
/// Between the members of a list in one field: ASCII's unit separator, which no option holds.
inline constexpr char kSeparator = '\x1f';
/// A text[] joined by kSeparator.
std::string list_sql(std::string_view array);
/// The privileges of an acl but the owner's own, and those that the owner of an object of this type
/// (as acldefault() calls it) lacks; nothing where the acl is NULL.
std::string acl_sql(std::string_view acl, std::string_view owner, char type);
/// True of an object that no extension has made. Not worth it where rows are cheap: the readers
/// ask is_member() anyway.
std::string no_member_sql(std::string_view catalog, std::string_view oid);
/// One catalog query and what is done with its rows.
struct Reader {
  std::string_view name;
  std::string (*sql)(const ReadScope& scope);
  void (*row)(Reading& reading, Fields row);
};

// Each in the file of its kind; all_readers() has them in the order in which they run.
extern const Reader kRoles, kMemberships, kTablespaces, kAccessMethods, kCollations, kNamespaces,
    kExtensions, kExtensionMembers, kComments, kTypes, kEnumLabels, kTables, kViews, kColumns,
    kSequences, kConstraints, kDomainConstraints, kIndexes, kIndexStatistics, kInheritance,
    kFunctions, kAggregates, kOperators, kSearchParsers, kSearchTemplates, kSearchDictionaries,
    kSearchConfigurations, kTriggers, kTriggerStates, kPolicies, kUnmanaged, kKnownNames,
    kDefaultPrivileges;

/// Every reader, in order.
const std::vector<const Reader*>& all_readers();

}  // namespace aloft
