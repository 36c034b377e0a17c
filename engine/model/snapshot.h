#pragma once

#include <map>
#include <tuple>

#include "engine/model/constraint.h"
#include "engine/model/definition.h"
#include "engine/model/function.h"
#include "engine/model/index.h"
#include "engine/model/namespace.h"
#include "engine/model/policy.h"
#include "engine/model/sequence.h"
#include "engine/model/table.h"
#include "engine/model/trigger.h"
#include "engine/model/type.h"
#include "engine/model/view.h"

namespace aloft {

/// A live object, or a property of one, that aloft does not manage: named in every output.
struct Unmanaged {
  std::string kind{};  ///< "publication", "rule", ...
  std::string name{};  ///< as SQL would name it
  auto operator<=>(const Unmanaged&) const = default;
};

template <class T>
using Objects = std::map<ObjectId, T>;

/// A whole schema as values: the live one or the desired one. What a stage adds to it:
/// the parser or introspection fill in the objects with texts as written; canonicalise() fills in
/// the canonical forms and everything that is read out of a definition, the same way on both sides.
struct Snapshot {
  Objects<Role> roles{};
  Objects<Schema> schemas{};
  Objects<Extension> extensions{};
  Objects<Enum> enums{};
  Objects<Domain> domains{};
  Objects<Composite> composites{};
  Objects<Sequence> sequences{};
  Objects<Function> functions{};
  Objects<Aggregate> aggregates{};
  Objects<Operator> operators{};
  Objects<SearchParser> search_parsers{};
  Objects<SearchTemplate> search_templates{};
  Objects<SearchDictionary> search_dictionaries{};
  Objects<SearchConfiguration> search_configurations{};
  Objects<Table> tables{};
  Objects<Column> columns{};
  Objects<Constraint> constraints{};
  Objects<Index> indexes{};
  Objects<View> views{};
  Objects<Trigger> triggers{};
  Objects<Policy> policies{};
  std::vector<Unmanaged> unmanaged{};  ///< live only; sorted
  /// Desired only: the schemas through which names without one are looked up, all files' together,
  /// in order of first mention. "public" where no file sets search_path.
  std::vector<std::string> search_path{};

  auto all() {
    return std::tie(roles, schemas, extensions, enums, domains, composites, sequences, functions,
                    aggregates, operators, search_parsers, search_templates, search_dictionaries,
                    search_configurations, tables, columns, constraints, indexes, views, triggers,
                    policies);
  }
  auto all() const {
    return std::tie(roles, schemas, extensions, enums, domains, composites, sequences, functions,
                    aggregates, operators, search_parsers, search_templates, search_dictionaries,
                    search_configurations, tables, columns, constraints, indexes, views, triggers,
                    policies);
  }
  /// The objects of one kind: snapshot.of<Table>().
  template <class T>
  Objects<T>& of() {
    return std::get<Objects<T>&>(all());
  }
  template <class T>
  const Objects<T>& of() const {
    return std::get<const Objects<T>&>(all());
  }
  /// The object, or null. Not kept: valid until the snapshot changes.
  template <class T>
  const T* find(const ObjectId& id) const {
    const auto it = of<T>().find(id);
    return it == of<T>().end() ? nullptr : &it->second;
  }
  bool contains(const ObjectId& id) const;
  /// Where the object was written; nowhere for live ones.
  SourcePos place_of(const ObjectId& id) const;
};

/// Calls f with each kind's Objects<T>, in the order of Kind.
template <class S, class F>
void for_each_kind(S& snapshot, F&& f) {
  std::apply([&](auto&... objects) { (f(objects), ...); }, snapshot.all());
}

/// The columns of a relation, in name order: a range of the ordered map.
template <class T, class F>
void for_each_child(const Snapshot& snapshot, const ObjectId& relation, F&& f) {
  const auto& objects = snapshot.of<T>();
  const ObjectId first{.kind = T::kKind, .schema = relation.schema, .relation = relation.name};
  for (auto it = objects.lower_bound(first);
       it != objects.end() && it->first.schema == relation.schema &&
       it->first.relation == relation.name;
       ++it)
    f(it->first, it->second);
}

/// `dependent` cannot exist, or cannot keep its definition, without `on`.
struct Edge {
  ObjectId dependent{}, on{};
  auto operator<=>(const Edge&) const = default;
};
using Edges = std::vector<Edge>;  ///< sorted, each once

/// A live object that aloft does not manage stands on a managed one.
struct UnmanagedUse {
  Unmanaged user{};
  ObjectId on{};
  bool goes_along = false;  ///< dropping `on` drops it in silence; else it forbids the drop
  auto operator<=>(const UnmanagedUse&) const = default;
};

}  // namespace aloft
