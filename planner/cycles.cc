#include "planner/cycles.h"

#include <algorithm>

namespace aloft {
namespace {

using enum Change::Op;

class Untier {
 public:
  Untier(StepGraph& graph, Nodes& nodes, const PlanRequest& request, Diagnostics& diagnostics)
      : graph_(graph), nodes_(nodes), request_(request), diagnostics_(diagnostics) {}

  bool run() {
    for (;;) {
      const auto knots = graph_.knots();
      if (knots.empty()) return true;
      bool progress = false;
      for (const auto& knot : knots) progress = loosen(knot) || progress;
      if (progress) continue;
      for (const auto& knot : knots) report(knot);
      return false;
    }
  }

 private:
  bool loosen(const std::vector<int>& knot) {
    const std::vector<int> inside = arcs_in(knot);
    bool progress = false;
    for (const int arc : inside)
      if (this->arc(arc).wish) graph_.remove(arc), progress = true;
    if (progress) return true;
    for (const int number : inside) {
      const StepGraph::Arc a = arc(number);
      if (a.gone || a.why == nullptr) continue;
      progress = make_apart(a) || drop_apart(a) || progress;
    }
    return progress;
  }

  const StepGraph::Arc& arc(int number) const {
    return graph_.arcs()[static_cast<std::size_t>(number)];
  }

  std::vector<int> arcs_in(const std::vector<int>& knot) const {
    std::vector<int> inside;
    for (const int node : knot)
      for (const int number : graph_.in(node))
        if (!arc(number).gone && std::ranges::binary_search(knot, arc(number).before))
          inside.push_back(number);
    return inside;
  }

  /// Can the dependency be left out of CREATE TABLE: is it a check's, a default's, a generated
  /// column's?
  static bool separable(const Edge& why) {
    if (why.dependent.kind == Kind::Constraint) return true;
    return why.dependent.kind == Kind::Column &&
           (why.on.kind == Kind::Function || why.on.kind == Kind::Operator ||
            why.on.kind == Kind::SearchConfiguration || why.on.kind == Kind::Sequence);
  }

  bool folded(const ObjectId& part, int node, Change::Op op) const {
    const Action& action = nodes_[node].action;
    return action.op == op && action.id.kind == Kind::Table && is_part(part) &&
           relation_of(part) == action.id;
  }

  bool make_apart(const StepGraph::Arc& a) {
    if (!folded(a.why->dependent, a.after, Create) || !separable(*a.why)) return false;
    postpone(a.why->dependent, a.after);
    return true;
  }

  void postpone(const ObjectId& part, int table) {
    if (nodes_.find(part).create != table) return;
    const int apart =
        nodes_.add({.op = Create, .id = part, .rebuild = nodes_[table].action.rebuild});
    nodes_[table].action.postponed.push_back(part);
    std::ranges::sort(nodes_[table].action.postponed);
    nodes_.slots(part).create = apart;
    graph_.grow(nodes_.size());
    move_arcs(part, table, apart);
    graph_.add(table, apart);
    if (part.kind != Kind::Column) return;
    for_each_child<Constraint>(request_.desired, relation_of(part),
                               [&](const ObjectId& id, const Constraint& constraint) {
                                 if (std::ranges::count(constraint.columns, part.name) == 0) return;
                                 postpone(id, table);
                                 graph_.add(apart, nodes_.find(id).create);
                               });
  }

  /// What concerned the part alone concerns its own node from now on.
  void move_arcs(const ObjectId& part, int from, int to) {
    const std::vector<int> in = graph_.in(from), out = graph_.out(from);
    for (const int number : in) {
      const StepGraph::Arc a = arc(number);
      if (!a.gone && a.why != nullptr && (a.why->dependent == part || a.why->on == part))
        graph_.remove(number), graph_.add(a.before, to, a.why, a.wish);
    }
    for (const int number : out) {
      const StepGraph::Arc a = arc(number);
      if (!a.gone && a.why != nullptr && (a.why->dependent == part || a.why->on == part))
        graph_.remove(number), graph_.add(to, a.after, a.why, a.wish);
    }
  }

  bool drop_apart(const StepGraph::Arc& a) {
    const ObjectId& part = a.why->dependent;
    if (!folded(part, a.before, Drop) || !separable(*a.why)) return false;
    const bool constraint = part.kind == Kind::Constraint;
    if (nodes_.find(part).drop != a.before) return false;
    const int apart =
        constraint
            ? nodes_.add({.op = Drop, .id = part, .rebuild = nodes_[a.before].action.rebuild})
            : nodes_.add({.op = Alter, .id = part, .fields = {"default"}}, true);
    graph_.grow(nodes_.size());
    if (constraint) {
      nodes_.slots(part).drop = apart;
      move_arcs(part, a.before, apart);
    } else {
      nodes_.slots(part).shed = apart;
      for (const int number : std::vector<int>(graph_.out(a.before))) {
        const StepGraph::Arc other = arc(number);
        if (other.gone || other.why == nullptr || other.why->dependent != part ||
            !separable(*other.why))
          continue;
        graph_.remove(number);
        graph_.add(apart, other.after, other.why);
      }
    }
    graph_.add(apart, a.before);
    return true;
  }

  std::string place(int node) const {
    const std::string text =
        request_.sources.describe(request_.desired.place_of(nodes_[node].action.id));
    return text.empty() ? "" : " (" + text + ")";
  }

  void report(const std::vector<int>& knot) {
    const std::vector<int> cycle = graph_.cycle_in(knot);
    const bool makes = std::ranges::all_of(
        cycle, [&](int n) { return nodes_[n].action.op == Create && !nodes_[n].action.rebuild; });
    const auto name = [&](int n) {
      return makes ? to_string(nodes_[n].action.id) : nodes_.describe(n);
    };
    std::string chain;
    for (const int node : cycle) chain += name(node) + place(node) + " needs ";
    chain += name(cycle.front());
    SourcePos at;
    for (const int node : cycle)
      if (!at.known()) at = request_.desired.place_of(nodes_[node].action.id);
    diagnostics_.error("dependency-cycle",
                       "these changes need each other, so none can come first: " + chain,
                       "take one of these uses out of the files for one run, and add it again in "
                       "the next",
                       at);
  }

  StepGraph& graph_;
  Nodes& nodes_;
  const PlanRequest& request_;
  Diagnostics& diagnostics_;
};

}  // namespace

bool untie(StepGraph& graph, Nodes& nodes, const PlanRequest& request, Diagnostics& diagnostics) {
  return Untier(graph, nodes, request, diagnostics).run();
}

}  // namespace aloft
