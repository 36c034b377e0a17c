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
  /// nullptr where the object has not been added.
  const Slots* find(const ObjectId& id) const;

 private:
  struct Member {
    Kind kind = Kind::Table;
    std::string name{}, args{};
    Slots slots{};
    bool is(const ObjectId& id) const {
      return kind == id.kind && name == id.name && args == id.args;
    }
  };
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

  std::unordered_map<Head, Group, HeadHash, SameHead> groups_{};
};

}  // namespace aloft
