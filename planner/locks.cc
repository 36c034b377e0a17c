#include "planner/locks.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace aloft {

std::vector<ObjectId> children(const Snapshot& snapshot, const ObjectId& table) {
  const Name name{table.schema, table.name};
  std::vector<ObjectId> found;
  for (const auto& [id, candidate] : snapshot.tables)
    if (candidate.partition_of == name || std::ranges::count(candidate.inherits, name) > 0)
      found.push_back(id);
  return found;
}

std::vector<ObjectId> descendants(const Snapshot& snapshot, const ObjectId& table) {
  if (children(snapshot, table).empty()) return {};
  std::map<Name, std::vector<const ObjectId*>> below;
  for (const auto& [id, candidate] : snapshot.tables) {
    if (!candidate.partition_of.empty()) below[candidate.partition_of].push_back(&id);
    for (const Name& parent : candidate.inherits) below[parent].push_back(&id);
  }
  // A child of two parents is met twice and kept once.
  std::set<ObjectId> found;
  std::vector<Name> parents{{table.schema, table.name}};
  for (std::size_t i = 0; i < parents.size(); ++i)
    if (const auto it = below.find(parents[i]); it != below.end())
      for (const ObjectId* id : it->second)
        if (found.insert(*id).second) parents.push_back({id->schema, id->name});
  return {found.begin(), found.end()};
}

bool is_partitioned(const ObjectId& table, const Snapshot& snapshot) {
  const Table* found = snapshot.find<Table>(table);
  return found != nullptr && !found->partition_key.empty();
}

std::vector<ObjectId> leaves(const Snapshot& snapshot, const ObjectId& table) {
  if (!is_partitioned(table, snapshot)) return {table};
  std::vector<ObjectId> found = descendants(snapshot, table);
  std::erase_if(found,
                [&](const ObjectId& id) { return !snapshot.tables.at(id).partition_key.empty(); });
  return found;
}

ObjectId default_partition(const Snapshot& snapshot, const ObjectId& table) {
  for (const ObjectId& id : children(snapshot, table))
    if (snapshot.tables.at(id).partition_bound.sql == "DEFAULT") return id;
  return {};
}

Locks on_tree(const PlanContext& context, const ObjectId& table, LockLevel level) {
  Locks locks{{table, level}};
  for (const ObjectId& id : descendants(context.live, table)) locks.push_back({id, level});
  return locks;
}

Sql lock_exclusive(const std::vector<ObjectId>& tables) {
  std::vector<QualifiedName> names;
  for (const ObjectId& table : tables) names.push_back(qualified(table));
  return sql("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", sql_list(names));
}

LockOn index_lock(const ObjectId& id, LockLevel level) {
  if (level == LockLevel::AccessExclusive) return {relation_of(id), level};
  return {child_id(Kind::Index, relation_of(id), id.name), level};
}

Locks extras_locks(const ObjectId& id, bool clustered) {
  Locks locks{index_lock(id, LockLevel::ShareUpdateExclusive)};
  if (clustered) locks.push_back({relation_of(id), LockLevel::ShareUpdateExclusive});
  return locks;
}

LockLevel option_lock(std::string_view name) {
  return name == "user_catalog_table" ? LockLevel::AccessExclusive
                                      : LockLevel::ShareUpdateExclusive;
}

LockLevel index_option_lock(std::string_view name) {
  constexpr auto kLight = std::to_array<std::string_view>({"fillfactor", "deduplicate_items"});
  return std::ranges::count(kLight, name) > 0 ? LockLevel::ShareUpdateExclusive
                                              : LockLevel::AccessExclusive;
}

}  // namespace aloft
