#include "engine/diff/reconcile.h"

#include <algorithm>
#include <set>

namespace aloft {
namespace {

template <class T>
concept HasOwner = requires(T t) {
  t.owner;
};

void adopt_owners(Snapshot& desired, const Snapshot& live) {
  for_each_kind(desired, [&](auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    if constexpr (HasOwner<T>) {
      for (auto& [id, object] : objects) {
        const T* was = live.find<T>(id);
        if (was != nullptr && object.owner.empty()) object.owner = was->owner;
      }
    }
  });
}

void name_login(std::string& role, const std::string& login) {
  if (role == kLogin && !login.empty()) role = login;
}

/// What the owner is granted it has anyway; what is taken from somebody else he did not have.
void settle_grants(Grants& grants, const std::string& owner, const std::string& login) {
  const std::string whose = !owner.empty() ? owner : !login.empty() ? login : std::string(kLogin);
  for (Grant& g : grants) name_login(g.grantee, login);
  std::erase_if(grants, [&](const Grant& g) {
    return g.taken ? !g.grantee.empty() && g.grantee != whose : g.grantee == whose;
  });
  for (Grant& g : grants)
    if (g.taken) g.grantee.clear();
  std::ranges::sort(grants);
}

void name_roles(Snapshot& desired, const std::string& login) {
  for_each_kind(desired, [&](auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    if constexpr (HasOwner<T>)
      for (auto& [id, object] : objects) name_login(object.owner, login);
  });
  for (auto& [id, policy] : desired.policies) {
    PolicyRoles roles;
    for (std::string& role : policy.roles) {
      name_login(role, login);
      if (std::ranges::find(roles, role) == roles.end()) roles.push_back(std::move(role));
    }
    policy.roles = std::move(roles);
  }
}

void settle_all_grants(Snapshot& desired, const std::string& login) {
  for (auto& [id, column] : desired.columns)
    if (const Table* table = desired.find<Table>(relation_of(id)))
      settle_grants(column.grants, table->owner, login);
  for (auto& [id, view] : desired.views)
    for (ViewColumn& column : view.column_extras) settle_grants(column.grants, view.owner, login);
  for_each_kind(desired, [&](auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    if constexpr (HasOwner<T> && requires(T t) { t.grants; })
      for (auto& [id, object] : objects) settle_grants(object.grants, object.owner, login);
  });
}

/// What the script of an extension granted on its schema is the extension's, and no file says it.
void adopt_extension_grants(Snapshot& desired, const Snapshot& live) {
  for (auto& [id, schema] : desired.schemas) {
    const Schema* was = live.find<Schema>(id);
    if (was == nullptr) continue;
    for (const Grant& grant : was->by_extension) {
      const auto same = [&](const Grant& other) {
        return other.grantee == grant.grantee && other.privilege == grant.privilege;
      };
      if (std::ranges::find(was->grants, grant) != was->grants.end() &&
          std::ranges::none_of(schema.grants, same))
        schema.grants.push_back(grant);
    }
    std::ranges::sort(schema.grants);
  }
}

void adopt_extensions(Snapshot& desired, const Snapshot& live) {
  for (auto& [id, extension] : desired.extensions) {
    const Extension* was = live.find<Extension>(id);
    if (was == nullptr) continue;
    if (extension.schema.empty()) extension.schema = was->schema;
    if (extension.version.empty()) extension.version = was->version;
    if (extension.comment.empty()) extension.comment = was->comment;
    extension.relocatable = was->relocatable;
  }
}

/// Adds to `said` the live options that it does not name.
void adopt_options(Options& said, const Options& live) {
  for (const Option& option : live)
    if (std::ranges::find(said, option.name, &Option::name) == said.end()) said.push_back(option);
  std::ranges::sort(said);
}

/// As adopt_options(). A RESET of what is not set says nothing, and what is set is not adopted
/// beside its RESET.
void adopt_attributes(Options& said, Options live) {
  std::erase_if(said, [&](const Option& option) {
    if (!option.name.starts_with("RESET ")) return false;
    return std::erase_if(live, [&](const Option& o) { return "RE" + o.name == option.name; }) == 0;
  });
  adopt_options(said, live);
}

void adopt_roles(Snapshot& desired, const Snapshot& live) {
  for (const auto& [id, was] : live.roles) {
    const auto [it, added] = desired.roles.emplace(id, was);
    if (added) continue;
    adopt_attributes(it->second.attributes, was.attributes);
    adopt_options(it->second.member_of, was.member_of);
    if (it->second.comment.empty()) it->second.comment = was.comment;
  }
}

bool same_definition(const Constraint& a, const Constraint& b) {
  return a.type == b.type && a.definition == b.definition;
}
bool same_definition(const Index& a, const Index& b) {
  return a.unique == b.unique && a.definition == b.definition && a.only == b.only;
}

/// Old id -> new id of what was given a live name.
using Renamed = std::map<ObjectId, ObjectId>;

/// Gives the unnamed objects of one relation the names under which `live` has their definitions.
template <class T>
void adopt_names_of(const std::vector<ObjectId>& unnamed, Snapshot& desired, const Snapshot& live,
                    Renamed& renamed) {
  auto& objects = desired.of<T>();
  std::vector<ObjectId> open;
  std::set<ObjectId> taken;
  for (const ObjectId& id : unnamed) {
    const T* was = live.find<T>(id);
    if (was != nullptr && same_definition(*was, objects.at(id)))
      taken.insert(id);
    else
      open.push_back(id);
  }
  std::map<ObjectId, ObjectId> moves;
  for (const ObjectId& id : open) {
    const T& wanted = objects.at(id);
    for_each_child<T>(live, relation_of(id), [&](const ObjectId& candidate, const T& was) {
      if (moves.contains(id) || taken.contains(candidate) || !same_definition(was, wanted)) return;
      const auto claimed = objects.find(candidate);
      if (claimed != objects.end() && claimed->second.named) return;
      moves.emplace(id, candidate);
      taken.insert(candidate);
    });
  }
  // An unnamed object whose own name another one takes needs that other's place: two steps.
  std::map<ObjectId, T> moved;
  for (const auto& [id, to] : moves) {
    moved.emplace(to, std::move(objects.at(id)));
    objects.erase(id);
    renamed.emplace(id, to);
  }
  for (auto& [to, object] : moved) {
    if (const auto it = objects.find(to); it != objects.end()) {
      // The displaced unnamed object is open and takes the first name that became free.
      const auto free = std::ranges::find_if(moves, [&](const auto& m) {
        return !objects.contains(m.first) && !moved.contains(m.first);
      });
      if (free == moves.end()) continue;
      objects.emplace(free->first, std::move(it->second));
      objects.erase(it);
    }
    objects.insert_or_assign(to, std::move(object));
  }
}

template <class T>
void adopt_names(Snapshot& desired, const Snapshot& live, Renamed& renamed) {
  std::map<ObjectId, std::vector<ObjectId>> by_relation;
  for (const auto& [id, object] : desired.of<T>())
    if (!object.named) by_relation[relation_of(id)].push_back(id);
  for (const auto& [relation, unnamed] : by_relation)
    adopt_names_of<T>(unnamed, desired, live, renamed);
}

void follow_names(Snapshot& desired, const Renamed& renamed) {
  if (renamed.empty()) return;
  std::map<Name, std::string> index_names;
  for (const auto& [from, to] : renamed) index_names.emplace(Name{from.schema, from.name}, to.name);
  for (auto& [id, index] : desired.indexes)
    if (const auto it = index_names.find(index.parent); it != index_names.end())
      index.parent.name = it->second;
  for (auto& [id, key] : desired.constraints)
    if (const auto it = index_names.find(key.parent); it != index_names.end())
      key.parent.name = it->second;
  for (auto& [id, table] : desired.tables) {
    auto& index = table.replica_identity.index;
    if (const auto it = index_names.find({id.schema, index}); it != index_names.end())
      index = it->second;
  }
}

}  // namespace

void adopt_unsaid(Snapshot& desired, const Snapshot& live, const std::string& login) {
  desired.extensions.erase({.kind = Kind::Extension, .name = "plpgsql"});
  name_roles(desired, login);
  adopt_owners(desired, live);
  settle_all_grants(desired, login);
  adopt_extension_grants(desired, live);
  adopt_extensions(desired, live);
  adopt_roles(desired, live);
  Renamed renamed;
  adopt_names<Constraint>(desired, live, renamed);
  adopt_names<Index>(desired, live, renamed);
  follow_names(desired, renamed);
  for (auto& [id, view] : desired.views)
    if (const View* was = live.find<View>(id); was != nullptr && view.columns.empty())
      view.take_columns(was->columns);
}

}  // namespace aloft
