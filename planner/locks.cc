#include "planner/locks.h"

#include <algorithm>
#include <array>

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
  std::vector<ObjectId> found = children(snapshot, table);
  // A child of two parents is met twice and kept once.
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const ObjectId& id : children(snapshot, ObjectId(found[i])))
      if (std::ranges::find(found, id) == found.end()) found.push_back(id);
  std::ranges::sort(found);
  return found;
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
