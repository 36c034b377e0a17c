#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/diff/change.h"
#include "engine/model/facts.h"
#include "engine/model/snapshot.h"
#include "parser/canonical.h"

namespace aloft {

/// Which schema a name without one means: the first of the search path that defines it, of the
/// files' objects and the members of extensions; none for what must be pg_catalog's or is unknown.
class NameLookup {
 public:
  enum class What {
    Relation,
    Type,
    Function,
    Collation,
    Opclass,
    SearchParser,
    SearchTemplate,
    SearchDictionary,
    SearchConfiguration,
  };

  NameLookup(const Snapshot& snapshot, Side side, const KnownNames& names,
             const ChangeSet& renames);

  /// "" where the name stays as it is.
  std::string schema_of(What what, std::string_view name) const;
  /// Is there a relation, type, ... of that name in that schema, as far as anybody knows?
  bool known(What what, const std::string& schema, const std::string& name) const;
  /// Is it one of pg_catalog's objects of text search, or of its functions that are known?
  bool is_builtin(What what, const std::string& name) const {
    return builtin_.contains({what, name});
  }
  /// The name under which a live relation, type or function is compared.
  std::string renamed(What what, const std::string& schema, const std::string& name) const;
  /// The name under which a live column is compared; `relation` is the new name.
  std::string renamed_column(const std::string& schema, const std::string& relation,
                             const std::string& name) const;
  Side side() const { return side_; }
  bool has_renames() const { return has_renames_; }

 private:
  using Schemas = std::vector<std::string>;  ///< in the order of the search path
  using Names = std::unordered_map<std::string, Schemas>;

  void add(What what, const std::string& schema, const std::string& name);
  Names& names(What what) { return names_[static_cast<std::size_t>(what)]; }
  const Names& names(What what) const { return names_[static_cast<std::size_t>(what)]; }

  Side side_;
  bool has_renames_ = false;
  std::vector<std::string> path_;
  Names names_[9];
  /// Of pg_catalog, what is found before anything of the search path.
  std::set<std::pair<What, std::string>> builtin_;
  std::map<std::tuple<What, std::string, std::string>, std::string> renamed_;
  std::map<std::tuple<std::string, std::string, std::string>, std::string> renamed_columns_;
};

}  // namespace aloft
