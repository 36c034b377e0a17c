#include "parser/missing_names.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/sql.h"
#include "parser/missing_columns.h"
#include "parser/query_text.h"
#include "parser/reference_collector.h"

namespace aloft {
namespace {

using What = NameMention::What;
using BySchema = std::map<std::string, std::vector<std::string>>;

bool holds(const BySchema& names, const std::string& schema, const std::string& name) {
  const auto it = names.find(schema);
  return it != names.end() && std::ranges::find(it->second, name) != it->second.end();
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

class Missing {
 public:
  Missing(const Snapshot& desired, const KnownNames& names, const std::vector<Unmanaged>& unmanaged,
          Diagnostics& diagnostics)
      : desired_(desired), names_(names), diagnostics_(diagnostics) {
    for (const Unmanaged& other : unmanaged) unmanaged_.insert(other.name);
    for (const auto& [id, function] : desired.functions) functions_.insert({id.schema, id.name});
    for (const auto& [id, function] : desired.aggregates) functions_.insert({id.schema, id.name});
    for (const BySchema* members : {&names.types, &names.functions, &names.relations})
      for (const auto& [schema, list] : *members) schemas_.insert(schema);
  }

  void check(const NameMention& mention) {
    const auto [known, first] =
        there_.try_emplace({mention.what, mention.schema, mention.name}, false);
    if (first) known->second = is_there(mention);
    if (known->second) return;
    const std::string name = mention.schema.empty() ? quote_ident(mention.name)
                                                    : quote_qualified(mention.schema, mention.name);
    error(mention.owner, code(mention.what), word(mention.what) + " " + name);
  }

  template <class T>
  void check_roles(const ObjectId& id, const T& object) {
    if constexpr (requires { object.owner; }) role(id, object.owner);
    if constexpr (requires { object.grants; })
      for (const Grant& grant : object.grants) role(id, grant.grantee);
    if constexpr (requires { object.roles; })
      for (const std::string& name : object.roles) role(id, name);
  }

  template <class T>
  void check_columns(const ObjectId&, const T&) {}
  void check_columns(const ObjectId& id, const View& view) {
    report(id, missing_columns(view.query.sql, has_column()));
  }
  void check_columns(const ObjectId& id, const Policy& policy) {
    for (const SqlText& text : {policy.using_expr, policy.check_expr})
      if (!text.sql.empty())
        report(id, missing_columns(text.sql, {id.schema, id.relation}, has_column()));
  }

 private:
  HasColumn has_column() const {
    return [this](const Name& relation, const std::string& column) -> std::optional<bool> {
      const auto columns = columns_of(desired_, relation);
      if (columns.empty()) return std::nullopt;
      return holds(columns, column);
    };
  }

  void report(const ObjectId& owner, const std::vector<MissingColumn>& missing) {
    for (const auto& [column, relation] : missing) {
      // t.f is f(t) where t has no column f.
      const auto is_called = [&](const auto& function) { return function.second == column; };
      if (!relation.name.empty() && std::ranges::any_of(functions_, is_called)) continue;
      diagnostics_.error(
          "unknown-column",
          to_string(owner) + ": column " + quote_ident(column) +
              (relation.name.empty() ? " is in nothing that it is selected from"
                                     : " of " + quote_qualified(relation.schema, relation.name) +
                                           " is defined nowhere"),
          "define the column, or mend its name", desired_.place_of(owner));
    }
  }

  void role(const ObjectId& id, const std::string& name) {
    if (name.empty() || name == kLogin || holds(names_.roles, name) ||
        desired_.roles.contains({.kind = Kind::Role, .name = name}))
      return;
    error(id, "unknown-role", "role " + quote_ident(name));
  }

  /// Bodies of functions keep names without a schema.
  bool is_there(const NameMention& mention) const {
    if (is_in(mention)) return true;
    if (!mention.schema.empty()) return false;
    return std::ranges::any_of(desired_.search_path, [&](const std::string& schema) {
      return is_in({mention.what, schema, mention.name, mention.owner});
    });
  }

  bool is_in(const NameMention& mention) const {
    const auto& [what, schema, name, owner] = mention;
    if (!schema.empty() && unmanaged_.contains(quote_qualified(schema, name))) return true;
    const std::string where = schema.empty() ? "pg_catalog" : schema;
    switch (what) {
      case What::Relation:
        return has(schema, name, {Kind::Table, Kind::View, Kind::Sequence}) ||
               holds(names_.relations, where, name);
      case What::Type: {
        const std::string element = name.starts_with('_') ? name.substr(1) : name;
        return has(schema, element,
                   {Kind::Enum, Kind::Domain, Kind::Composite, Kind::Table, Kind::View}) ||
               has(schema, name,
                   {Kind::Enum, Kind::Domain, Kind::Composite, Kind::Table, Kind::View}) ||
               holds(names_.types, where, name);
      }
      case What::Function:
        return where == "pg_catalog" || functions_.contains({schema, name}) ||
               holds(names_.functions, where, name) || holds(names_.types, where, name);
      case What::Opclass: return holds(names_.opclasses, where, name);
      case What::AccessMethod: return holds(names_.access_methods, name);
      case What::Schema:
        return desired_.schemas.contains({.kind = Kind::Schema, .name = name}) ||
               schemas_.contains(name);
    }
    return true;
  }

  bool has(const std::string& schema, const std::string& name,
           std::initializer_list<Kind> kinds) const {
    return std::ranges::any_of(kinds, [&](Kind kind) {
      return desired_.contains({.kind = kind, .schema = schema, .name = name});
    });
  }

  static std::string_view code(What what) {
    switch (what) {
      case What::Relation: return "unknown-table";
      case What::Type: return "unknown-type";
      case What::Function: return "unknown-function";
      case What::Opclass: return "unknown-operator-class";
      case What::AccessMethod: return "unknown-access-method";
      case What::Schema: return "unknown-schema";
    }
    return "";
  }

  static std::string word(What what) {
    switch (what) {
      case What::Relation: return "table or view";
      case What::Type: return "type";
      case What::Function: return "function";
      case What::Opclass: return "operator class";
      case What::AccessMethod: return "access method";
      case What::Schema: return "schema";
    }
    return "";
  }

  void error(const ObjectId& owner, std::string_view code, const std::string& what) {
    diagnostics_.error(code, to_string(owner) + ": " + what + " is defined nowhere",
                       "define it in the files, name the extension that has it, or mend the name",
                       desired_.place_of(owner));
  }

  const Snapshot& desired_;
  const KnownNames& names_;
  Diagnostics& diagnostics_;
  std::set<std::string> unmanaged_{}, schemas_{};
  std::set<std::pair<std::string, std::string>> functions_{};
  std::map<std::tuple<What, std::string, std::string>, bool> there_{};  ///< what is known by now
};

}  // namespace

void report_missing_names(const Snapshot& desired, const ChangeSet& changes,
                          const KnownNames& names, const std::vector<Unmanaged>& unmanaged,
                          Diagnostics& diagnostics) {
  const bool all_known = std::ranges::all_of(desired.extensions, [&](const auto& extension) {
    return holds(names.installed_extensions, extension.first.name);
  });
  if (!names.online || !all_known) return;
  std::set<ObjectId> changed;
  bool drops = false;
  for (const Change& change : changes) {
    changed.insert(change.id);
    drops |= change.op == Change::Op::Drop;
  }
  Collector collector(desired);
  std::vector<NameMention> mentions;
  collector.note_names(mentions);
  Missing missing(desired, names, unmanaged, diagnostics);
  for_each_kind(desired, [&](const auto& objects) {
    for (const auto& [id, object] : objects) {
      if (!drops && !changed.contains(id)) continue;
      collector.add(id, object);
      missing.check_columns(id, object);
      missing.check_roles(id, object);
    }
  });
  for (const NameMention& mention : mentions) missing.check(mention);
}

}  // namespace aloft
