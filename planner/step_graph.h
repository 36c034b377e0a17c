#pragma once

#include <cstdint>
#include <vector>

namespace aloft {

struct Edge;

/// What has to come before what. Nodes are numbers from 0; edges are kept in the order in which
/// they were added, so that all answers are the same for the same input.
class StepGraph {
 public:
  struct Arc {
    int before = 0, after = 0;
    const Edge* why = nullptr;  ///< the dependency that asks for it, if one does
    bool wish = false;          ///< nicer this way round; given up where it closes a cycle
    bool abreast =
        false;  ///< in this order within a phase; neither waits for a later phase of the other
    bool gone = false;
  };

  void grow(int nodes);
  int size() const { return static_cast<int>(in_.size()); }
  /// Nothing for a node that is missing (negative) or `before == after`.
  void add(int before, int after, const Edge* why = nullptr, bool wish = false,
           bool abreast = false);
  void remove(int arc);
  /// Lets the arc end at another node.
  void retarget(int arc, int after);
  const std::vector<Arc>& arcs() const { return arcs_; }
  const std::vector<int>& in(int node) const { return in_[static_cast<std::size_t>(node)]; }
  const std::vector<int>& out(int node) const { return out_[static_cast<std::size_t>(node)]; }

  /// The sets of two or more nodes that all need each other.
  std::vector<std::vector<int>> knots() const;
  /// A shortest cycle through the first node of a knot: each needs the next, the last the first.
  std::vector<int> cycle_in(const std::vector<int>& knot) const;
  /// A topological order; among those that are ready, the one with the least `rank` comes first.
  /// Shorter than size() if there are knots.
  std::vector<int> order(const std::vector<std::int64_t>& rank) const;

 private:
  std::vector<Arc> arcs_{};
  std::vector<std::vector<int>> in_{}, out_{};  ///< arc numbers, removed ones included
};

}  // namespace aloft
