// apply_renames(): the directives of the desired side, carried out on the live snapshot.

#include <algorithm>
#include <map>

#include "engine/base/sql.h"
#include "engine/diff/reconcile.h"

namespace aloft {
namespace {

template <class T>
concept Renamable = requires(T t) {
  t.renamed_from;
};

/// Moves the children of one kind from one relation to another.
template <class T>
void move_children(Objects<T>& objects, const ObjectId& from, const ObjectId& to) {
  std::vector<ObjectId> ids;
  for (auto it =
           objects.lower_bound({.kind = T::kKind, .schema = from.schema, .relation = from.name});
       it != objects.end() && it->first.schema == from.schema && it->first.relation == from.name;
       ++it)
    ids.push_back(it->first);
  for (const ObjectId& id : ids) {
    auto node = objects.extract(id);
    node.key().relation = to.name;
    objects.insert(std::move(node));
  }
}

void follow_name(Name& name, const ObjectId& from, const ObjectId& to) {
  if (name.schema == from.schema && name.name == from.name) name.name = to.name;
}

/// Lets everything that names a relation by structure name it anew.
void follow_relation(Snapshot& live, const ObjectId& from, const ObjectId& to) {
  move_children(live.columns, from, to);
  move_children(live.constraints, from, to);
  move_children(live.indexes, from, to);
  move_children(live.triggers, from, to);
  move_children(live.policies, from, to);
  for (auto& [id, table] : live.tables) {
    follow_name(table.partition_of, from, to);
    for (Name& parent : table.inherits) follow_name(parent, from, to);
  }
  for (auto& [id, sequence] : live.sequences)
    if (sequence.owned_by.schema == from.schema && sequence.owned_by.relation == from.name)
      sequence.owned_by.relation = to.name;
}

bool is_child_of(const Table& table, const ObjectId& parent) {
  const Name name{parent.schema, parent.name};
  return table.partition_of == name || std::ranges::count(table.inherits, name) > 0;
}

/// Renames a column in its table and, as the server does, in every table that inherits it.
void follow_column(Snapshot& live, const ObjectId& from, const ObjectId& to) {
  const ObjectId relation = relation_of(from);
  if (const auto it = live.tables.find(relation); it != live.tables.end())
    std::ranges::replace(it->second.column_order, from.name, to.name);
  for (auto& [id, sequence] : live.sequences)
    if (sequence.owned_by == from) sequence.owned_by = to;
  std::vector<ObjectId> children;
  for (const auto& [id, table] : live.tables)
    if (is_child_of(table, relation)) children.push_back(id);
  for (const ObjectId& child : children) {
    auto node = live.columns.extract(child_id(Kind::Column, child, from.name));
    if (node.empty()) continue;
    node.key().name = to.name;
    live.columns.insert(std::move(node));
    follow_column(live, child_id(Kind::Column, child, from.name),
                  child_id(Kind::Column, child, to.name));
  }
}

void follow_index(Snapshot& live, const ObjectId& from, const ObjectId& to) {
  for (auto& [id, index] : live.indexes) follow_name(index.parent, from, to);
  for (auto& [id, key] : live.constraints) follow_name(key.parent, from, to);
  if (const auto it = live.tables.find(relation_of(from)); it != live.tables.end())
    if (it->second.replica_identity.index == from.name) it->second.replica_identity.index = to.name;
}

void follow(Snapshot& live, const ObjectId& from, const ObjectId& to) {
  switch (to.kind) {
    case Kind::Table:
    case Kind::View: follow_relation(live, from, to); break;
    case Kind::Column: follow_column(live, from, to); break;
    case Kind::Index:
    case Kind::Constraint: follow_index(live, from, to); break;
    case Kind::Role:
    case Kind::Schema:
    case Kind::Extension:
    case Kind::Enum:
    case Kind::Domain:
    case Kind::Composite:
    case Kind::Sequence:
    case Kind::Function:
    case Kind::Aggregate:
    case Kind::Operator:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration:
    case Kind::Trigger:
    case Kind::Policy: break;
  }
}

/// The name that PostgreSQL chose, or would have chosen, for a constraint or index before its table
/// and columns were renamed.
std::string name_before(const ObjectId& id, const ChangeSet& renames) {
  std::string name = id.name;
  const std::string prefix = id.relation + "_";
  if (!name.starts_with(prefix)) return name;
  std::string old_prefix = prefix;
  for (const Change& rename : renames) {
    if (rename.id.kind == Kind::Table && rename.id == relation_of(id))
      old_prefix = rename.from.name + "_";
    if (rename.id.kind != Kind::Column || relation_of(rename.id) != relation_of(id)) continue;
    const std::string now = "_" + rename.id.name + "_";
    if (const auto at = name.find(now, prefix.size() - 1); at != std::string::npos)
      name.replace(at + 1, rename.id.name.size(), rename.from.name);
  }
  return old_prefix + name.substr(prefix.size());
}

bool has_relatives(const Snapshot& live, const ObjectId& table) {
  const Table* found = live.find<Table>(table);
  return found == nullptr || !found->partition_of.empty() || !found->inherits.empty() ||
         std::ranges::any_of(live.tables,
                             [&](const auto& entry) { return is_child_of(entry.second, table); });
}

/// The server leaves the names that it has chosen when it renames what they were made of, and what
/// the files leave unnamed would get others if it were made now: they are renamed along. Partitions
/// and inheriting tables keep theirs.
template <class T>
void rename_along(Snapshot& live, const Snapshot& desired, ChangeSet& renames) {
  const std::size_t said = renames.size();
  for (std::size_t i = 0; i < said; ++i) {
    const ObjectId table = relation_of(renames[i].id);
    if (table.kind != Kind::Table || has_relatives(live, table)) continue;
    for_each_child<T>(desired, table, [&](const ObjectId& id, const T& object) {
      ObjectId from = id;
      from.name = name_before(id, renames);
      auto& objects = live.of<T>();
      if (object.named || from == id || objects.contains(id) || !objects.contains(from) ||
          desired.contains(from))
        return;
      auto node = objects.extract(from);
      node.key() = id;
      objects.insert(std::move(node));
      follow(live, from, id);
      renames.push_back({.op = Change::Op::Rename, .id = id, .from = from});
    });
  }
}

/// A sequence that a column owns under one name live and another in the files, as PostgreSQL leaves
/// a serial's when its table gets another name, is renamed along: one made instead would begin
/// at 1.
void rename_owned_sequences(Snapshot& live, const Snapshot& desired, ChangeSet& renames) {
  const auto unmatched = [](const Snapshot& side, const Snapshot& other) {
    std::map<ObjectId, std::vector<ObjectId>> by_owner;
    for (const auto& [id, sequence] : side.sequences)
      if (!sequence.owned_by.name.empty() && !other.sequences.contains(id))
        by_owner[sequence.owned_by].push_back(id);
    return by_owner;
  };
  const auto wanted = unmatched(desired, live);
  if (wanted.empty()) return;
  for (const auto& [owner, there] : unmatched(live, desired)) {
    const auto it = wanted.find(owner);
    if (it == wanted.end() || it->second.size() != 1 || there.size() != 1 ||
        it->second.front().schema != there.front().schema)
      continue;
    auto node = live.sequences.extract(there.front());
    node.key() = it->second.front();
    live.sequences.insert(std::move(node));
    renames.push_back({.op = Change::Op::Rename, .id = it->second.front(), .from = there.front()});
  }
}

}  // namespace

bool rename_table(Snapshot& live, const ObjectId& from, const ObjectId& to) {
  auto node = live.tables.extract(from);
  if (node.empty()) return false;
  node.key() = to;
  live.tables.insert(std::move(node));
  follow(live, from, to);
  return true;
}

ChangeSet apply_renames(Snapshot& live, const Snapshot& desired, Diagnostics& diagnostics) {
  ChangeSet renames;
  const auto rename_kind = [&]<class T>(const Objects<T>& wanted) {
    if constexpr (Renamable<T>) {
      for (const auto& [id, object] : wanted) {
        if (object.renamed_from.empty()) continue;
        ObjectId from = id;
        from.name = object.renamed_from;
        auto& objects = live.of<T>();
        if (objects.contains(id) && !objects.contains(from)) continue;  // done by an earlier run
        if (objects.contains(id) || !objects.contains(from)) {
          diagnostics.error(
              "unknown-rename",
              to_string(id) + " is said to be renamed from " + quote_ident(from.name) +
                  (objects.contains(id) ? ", but the database has both" : ", which is not there"),
              "name what it is called in the database now, or take the directive out", object.at);
          continue;
        }
        auto node = objects.extract(from);
        node.key() = id;
        objects.insert(std::move(node));
        follow(live, from, id);
        renames.push_back({.op = Change::Op::Rename, .id = id, .from = from});
      }
    }
  };
  // Relations first: a renamed column's id names the table as it will be called.
  rename_kind(desired.tables);
  rename_kind(desired.views);
  rename_kind(desired.enums);
  rename_kind(desired.domains);
  rename_kind(desired.composites);
  rename_kind(desired.sequences);
  rename_kind(desired.functions);
  rename_kind(desired.columns);
  rename_kind(desired.constraints);
  rename_kind(desired.indexes);
  rename_kind(desired.triggers);
  rename_kind(desired.policies);
  rename_owned_sequences(live, desired, renames);
  if (!renames.empty()) {
    rename_along<Constraint>(live, desired, renames);
    rename_along<Index>(live, desired, renames);
  }
  return renames;
}

}  // namespace aloft
