#include "planner/step_graph.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace aloft {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// Tarjan's strongly connected components, without recursion: plans may be thousands of steps deep.
class Components {
 public:
  explicit Components(const StepGraph& graph)
      : graph_(graph),
        index_(at(graph.size()), -1),
        low_(at(graph.size()), 0),
        open_(at(graph.size()), 0) {}

  std::vector<std::vector<int>> find() {
    for (int v = 0; v < graph_.size(); ++v)
      if (index_[at(v)] < 0) visit(v);
    return std::move(found_);
  }

 private:
  struct Frame {
    int node = 0;
    std::size_t next = 0;
  };

  void enter(int v) {
    index_[at(v)] = low_[at(v)] = counter_++;
    open_[at(v)] = 1;
    stack_.push_back(v);
    frames_.push_back({v, 0});
  }

  void leave(int v) {
    if (low_[at(v)] != index_[at(v)]) return;
    std::vector<int> knot;
    for (int w = -1; w != v;) {
      w = stack_.back();
      stack_.pop_back();
      open_[at(w)] = 0;
      knot.push_back(w);
    }
    if (knot.size() < 2) return;
    std::ranges::sort(knot);
    found_.push_back(std::move(knot));
  }

  void visit(int root) {
    enter(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const int v = frame.node;
      if (frame.next < graph_.out(v).size()) {
        const StepGraph::Arc& arc = graph_.arcs()[at(graph_.out(v)[frame.next++])];
        if (arc.gone) continue;
        if (index_[at(arc.after)] < 0)
          enter(arc.after);
        else if (open_[at(arc.after)])
          low_[at(v)] = std::min(low_[at(v)], index_[at(arc.after)]);
        continue;
      }
      frames_.pop_back();
      leave(v);
      if (!frames_.empty()) {
        const int parent = frames_.back().node;
        low_[at(parent)] = std::min(low_[at(parent)], low_[at(v)]);
      }
    }
  }

  const StepGraph& graph_;
  std::vector<int> index_, low_, stack_{};
  std::vector<char> open_;
  std::vector<Frame> frames_{};
  std::vector<std::vector<int>> found_{};
  int counter_ = 0;
};

}  // namespace

void StepGraph::grow(int nodes) {
  in_.resize(at(nodes));
  out_.resize(at(nodes));
}

void StepGraph::add(int before, int after, const Edge* why, bool wish, bool abreast) {
  if (before < 0 || after < 0 || before == after) return;
  const int arc = static_cast<int>(arcs_.size());
  arcs_.push_back({before, after, why, wish, abreast, false});
  out_[at(before)].push_back(arc);
  in_[at(after)].push_back(arc);
}

void StepGraph::remove(int arc) {
  arcs_[at(arc)].gone = true;
}

void StepGraph::retarget(int arc, int after) {
  const Arc old = arcs_[at(arc)];
  remove(arc);
  add(old.before, after, old.why, old.wish, old.abreast);
}

std::vector<std::vector<int>> StepGraph::knots() const {
  return Components(*this).find();
}

std::vector<int> StepGraph::cycle_in(const std::vector<int>& knot) const {
  const int start = knot.front();
  std::vector<int> towards(at(size()), -1);  // the node that was reached from: it needs this one
  std::queue<int> todo;
  todo.push(start);
  while (!todo.empty()) {
    const int v = todo.front();
    todo.pop();
    for (const int number : in(v)) {
      const Arc& arc = arcs_[at(number)];
      if (arc.gone || !std::ranges::binary_search(knot, arc.before)) continue;
      if (arc.before == start) {
        std::vector<int> cycle;
        for (int w = v; w >= 0 && w != start; w = towards[at(w)]) cycle.push_back(w);
        cycle.push_back(start);
        std::ranges::reverse(cycle);
        return cycle;
      }
      if (towards[at(arc.before)] >= 0) continue;
      towards[at(arc.before)] = v;
      todo.push(arc.before);
    }
  }
  return {start};
}

std::vector<int> StepGraph::order(const std::vector<std::int64_t>& rank) const {
  using Entry = std::pair<std::int64_t, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready;
  std::vector<int> missing(at(size()), 0);
  for (const Arc& arc : arcs_)
    if (!arc.gone) ++missing[at(arc.after)];
  for (int v = 0; v < size(); ++v)
    if (missing[at(v)] == 0) ready.emplace(rank[at(v)], v);
  std::vector<int> order;
  order.reserve(at(size()));
  while (!ready.empty()) {
    const int v = ready.top().second;
    ready.pop();
    order.push_back(v);
    for (const int number : out(v)) {
      const Arc& arc = arcs_[at(number)];
      if (!arc.gone && --missing[at(arc.after)] == 0) ready.emplace(rank[at(arc.after)], arc.after);
    }
  }
  return order;
}

}  // namespace aloft
