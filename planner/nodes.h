#pragma once

#include <string>
#include <vector>

#include "planner/fates.h"
#include "planner/slot_table.h"

namespace aloft {

/// One node of the graph.
struct Node {
  Action action{};
  /// No action of the snapshots: the column's DEFAULT goes, until a later Alter sets it again.
  bool shed = false;
};

/// An object that does not stay as it is, with its nodes as build_nodes() made them. `kind` and
/// `fate` are those of the other two: who passes over it needs no way to them.
struct Fated {
  const ObjectId& id;
  const Destiny& destiny;
  Kind kind = Kind::Table;
  Fate fate = Fate::Create;
  Slots slots{};
};

/// Actions, with their lookup by object.
class Nodes {
 public:
  void reserve(std::size_t nodes) { all_.reserve(nodes); }
  int add(Action action, bool shed = false);
  int size() const { return static_cast<int>(all_.size()); }
  Node& operator[](int i) { return all_[static_cast<std::size_t>(i)]; }
  const Node& operator[](int i) const { return all_[static_cast<std::size_t>(i)]; }
  /// Good until the next object's.
  Slots& slots(const ObjectId& id) { return slots_[id]; }
  /// Those of the object; of a view's column those of the view; none if nothing happens to it.
  Slots find(const ObjectId& id) const { return slots_.find(id); }
  /// find() for many objects, those of a relation after each other.
  SlotFinder finder() const { return SlotFinder(slots_); }
  /// Those of Fates::of, in its order. Good as long as the Fates are.
  const std::vector<Fated>& in_order() const { return in_order_; }
  /// Fills in_order(): the objects, then, once all nodes are there, their nodes.
  void list(const Fates& fates);
  void give_slots();
  /// "the dropping of view public.v": what the node does, for people.
  std::string describe(int node) const;

 private:
  std::vector<Node> all_{};
  SlotTable slots_{};
  std::vector<Fated> in_order_{};
};

/// Makes the destinies into actions. Parts of made tables are folded into them (foreign keys,
/// indexes, triggers and policies are not); parts of dropped relations go with them (foreign keys
/// do not). A column that gets another type and NOT NULL gets two actions, as the second one needs
/// steps of its own that must not hold up the first.
Nodes build_nodes(const PlanRequest& request, const Fates& fates);

}  // namespace aloft
