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

/// Slots by object. A relation and what stands on it lie side by side: who asks for one asks for
/// the others next, and with ten thousand tables the way through memory is what costs.
class SlotTable {
 public:
  /// Those of the object, none at first. Good until the next object is added.
  Slots& operator[](const ObjectId& id);
  /// Those of the object; of a view's column, which has none of its own, those of the view; none
  /// where the object has not been added.
  Slots find(const ObjectId& id) const { return find_in(group_of(id), id); }

 private:
  friend class SlotFinder;

  struct Member {
    Kind kind = Kind::Table;
    std::string name{}, args{};
    Slots slots{};
    bool is(const ObjectId& id) const {
      return kind == id.kind && name == id.name && args == id.args;
    }
  };
  /// A relation and what stands on it; any other object by itself.
  using Group = std::vector<Member>;

  /// The relation that a part is on; any other object itself.
  struct HeadView {
    std::string_view schema{}, name{};
    bool operator==(const HeadView&) const = default;
  };
  struct Head {
    std::string schema{}, name{};
    operator HeadView() const { return {schema, name}; }
  };
  struct HeadHash {
    using is_transparent = void;
    std::size_t operator()(const HeadView& head) const;
  };
  struct SameHead {
    using is_transparent = void;
    bool operator()(const HeadView& a, const HeadView& b) const { return a == b; }
  };

  static HeadView head_of(const ObjectId& id) {
    return {id.schema, id.relation.empty() ? id.name : id.relation};
  }

  /// nullptr where nothing of it has been added.
  const Group* group_of(const ObjectId& id) const;
  static Slots find_in(const Group* group, const ObjectId& id);

  std::unordered_map<Head, Group, HeadHash, SameHead> groups_{};
};

/// SlotTable::find() for one object after the other: a relation and what stands on it cost one look
/// where they follow each other. Nothing may be added to the table meanwhile.
class SlotFinder {
 public:
  explicit SlotFinder(const SlotTable& table) : table_(table) {}
  Slots find(const ObjectId& id);

 private:
  const SlotTable& table_;
  std::string schema_{}, name_{};  ///< whose group is at hand
  const SlotTable::Group* group_ = nullptr;
};

}  // namespace aloft
