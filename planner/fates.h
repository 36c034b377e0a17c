#pragma once

#include <map>
#include <ranges>
#include <set>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.h"
#include "planner/action.h"
#include "planner/planner.h"

namespace aloft {

/// What is to become of an object. Remake: it is dropped and made again, in full.
enum class Fate : std::uint8_t { Create, Alter, Drop, Remake };

constexpr bool makes(Fate fate) {
  return fate == Fate::Create || fate == Fate::Remake;
}
constexpr bool drops(Fate fate) {
  return fate == Fate::Drop || fate == Fate::Remake;
}

struct Destiny {
  Fate fate = Fate::Create;
  std::vector<std::string_view> fields{};  ///< Alter only
  /// Remake only: rows go with it (a table, a plain column), so its Drop is a loss like any other.
  bool loses = false;
  /// Alter only: a type that another takes the place of, with all columns going over to that.
  bool replaced = false;
  bool around = false;  ///< Remake only: it is no change itself, but stands on one
};

/// A Remake and the change for which it happens.
struct Cause {
  ObjectId remade{}, changed{};
};

/// The decided destinies of all objects that do not stay as they are, in id order.
struct Fates {
  std::map<ObjectId, Destiny> of{};
  /// Those of fates_of() that are no Create: of what is there already. In a schema that is made
  /// anew there are few, and who looks for a change in place has no way through all the others.
  std::vector<ObjectId> in_place{};
  std::vector<Change> renames{};  ///< in the order in which they were given
  std::vector<Cause> causes{};
  /// Columns whose DEFAULT has to go before something is dropped and come back afterwards.
  std::map<ObjectId, std::vector<ObjectId>> shed{};  ///< column -> what is dropped
  /// Columns whose new type comes by way of a shadow column: foreign keys go over with them.
  std::set<ObjectId> shadowed{};
  /// Made, altered or dropped by the server together with the object named: the same thing of a
  /// parent table.
  std::map<ObjectId, ObjectId> with{};

  /// Those of one kind: a part of `of`.
  auto of_kind(Kind kind) const {
    const auto next = static_cast<Kind>(static_cast<int>(kind) + 1);
    return std::ranges::subrange(of.lower_bound({.kind = kind}), of.lower_bound({.kind = next}));
  }
  const Destiny* find(const ObjectId& id) const {
    const auto it = of.find(id);
    return it == of.end() ? nullptr : &it->second;
  }
  bool is(const ObjectId& id, Fate fate) const {
    const Destiny* destiny = find(id);
    return destiny != nullptr && destiny->fate == fate;
  }
  bool made(const ObjectId& id) const {
    const Destiny* destiny = find(id);
    return destiny != nullptr && makes(destiny->fate);
  }
  bool dropped(const ObjectId& id) const {
    const Destiny* destiny = find(id);
    return destiny != nullptr && drops(destiny->fate);
  }
};

/// map.find(id), looked for first right after `before`: one step where ids are asked for in order.
template <class Map>
typename Map::const_iterator find_after(const Map& map, typename Map::const_iterator before,
                                        const ObjectId& id) {
  if (before != map.end() && ++before != map.end() && before->first == id) return before;
  return map.find(id);
}

/// A relation's id with the kind it has in the snapshot: Table or View.
ObjectId relation_in(const Snapshot& snapshot, const ObjectId& child);
/// relation_in() for one part after the other: those of one relation that follow each other cost
/// one look, and that is a short one where the relations are in order.
class RelationFinder {
 public:
  explicit RelationFinder(const Snapshot& snapshot)
      : snapshot_(snapshot), table_(snapshot.tables.end()) {}
  /// Of a part (see is_part). Good until the next call.
  const ObjectId& of(const ObjectId& part);
  /// The table itself; nullptr for a part of a view or of nothing.
  const Table* table_of(const ObjectId& part) {
    of(part);
    return table_ == snapshot_.tables.end() ? nullptr : &table_->second;
  }

 private:
  const Snapshot& snapshot_;
  ObjectId last_{};
  Objects<Table>::const_iterator table_;
};
/// What becomes of the table of one part after the other, found as RelationFinder does. No table's
/// destiny may come or go meanwhile.
class TableFateFinder {
 public:
  explicit TableFateFinder(const Fates& fates) : fates_(fates), destiny_(fates.of.end()) {}
  /// Of a part (see is_part); nullptr where the table stays as it is.
  const Destiny* of(const ObjectId& part);

 private:
  const Fates& fates_;
  ObjectId table_{};
  std::map<ObjectId, Destiny>::const_iterator destiny_;
};
/// Is it made or dropped together with its relation: a part of it?
inline bool is_part(const ObjectId& id) {
  return !id.relation.empty();
}
/// Are the objects of that kind parts?
constexpr bool is_part(Kind kind) {
  return kind == Kind::Column || kind == Kind::Constraint || kind == Kind::Index ||
         kind == Kind::Trigger || kind == Kind::Policy;
}

/// The changes as destinies: what needs_rebuild() becomes Remake; what the server does by itself to
/// partitions and inheriting tables (columns, constraints, indexes) is left out.
Fates fates_of(const PlanRequest& request, const PlanContext& context);

}  // namespace aloft
