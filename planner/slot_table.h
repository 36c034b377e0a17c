#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/model/object_id.h"

namespace aloft {

/// The nodes of one object, by number; -1: none. Parts that are made or dropped together with their
/// table have its nodes.
struct Slots {
  int rename = -1, create = -1, alter = -1, drop = -1, shed = -1;
  int settle = -1;  ///< the second half of an Alter (see build_nodes); else as `alter`
};

/// Slots by object. A relation and what stands on it lie side by side, one relation after the other
/// in the order in which they came: who asks for one asks for its neighbours next, and with ten
/// thousand tables the way through memory is what costs.
class SlotTable {
 public:
  /// Those of the object, none at first. Good until the next object is added.
  Slots& operator[](const ObjectId& id);
  /// Those of the object; of a view's column, which has none of its own, those of the view; none
  /// where the object has not been added.
  Slots find(const ObjectId& id) const { return find_at(place_of(id, 0), id); }

 private:
  friend class SlotFinder;

  /// The relation that a part is on; any other object itself.
  struct HeadView {
    std::string_view schema{}, name{};
    bool operator==(const HeadView&) const = default;
  };
  struct Head {
    std::string schema{}, name{};
    operator HeadView() const { return {schema, name}; }
    bool operator==(const HeadView& other) const { return HeadView(*this) == other; }
  };
  struct HeadHash {
    using is_transparent = void;
    std::size_t operator()(const HeadView& head) const;
  };
  struct SameHead {
    using is_transparent = void;
    bool operator()(const HeadView& a, const HeadView& b) const { return a == b; }
  };
  struct Member {
    Kind kind = Kind::Table;
    std::string name{}, args{};
    Slots slots{};
    bool is(const ObjectId& id) const {
      return kind == id.kind && name == id.name && args == id.args;
    }
  };
  /// A relation and what stands on it; any other object by itself.
  struct Group {
    Head head{};
    std::vector<Member> members{};
  };

  static HeadView head_of(const ObjectId& id) {
    return {id.schema, id.relation.empty() ? id.name : id.relation};
  }
  /// The object's group, by number; that after the last where there is none. Looked for first at
  /// `near` and the next one.
  std::size_t place_of(const ObjectId& id, std::size_t near) const;
  Slots find_at(std::size_t place, const ObjectId& id) const;

  std::vector<Group> groups_{};
  std::unordered_map<Head, std::size_t, HeadHash, SameHead> places_{};
  std::size_t last_ = 0;  ///< whose object was added last
};

/// SlotTable::find() for one object after the other: cheap where they are of one relation, or of
/// relations in the order in which those were added. Nothing may be added meanwhile.
class SlotFinder {
 public:
  explicit SlotFinder(const SlotTable& table) : table_(table) {}
  Slots find(const ObjectId& id);

 private:
  const SlotTable& table_;
  std::size_t last_ = 0;
};

}  // namespace aloft
