#include "planner/phases.h"

#include <algorithm>
#include <numeric>
#include <ranges>
#include <set>

#include "planner/strategies/let_go.h"

namespace aloft {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

class Union {
 public:
  explicit Union(int size) : parent_(at(size)) { std::iota(parent_.begin(), parent_.end(), 0); }
  int find(int i) {
    while (parent_[at(i)] != i) i = parent_[at(i)] = parent_[at(parent_[at(i)])];
    return i;
  }
  void join(int a, int b) {
    if (a < 0 || b < 0) return;
    a = find(a), b = find(b);
    parent_[at(std::max(a, b))] = std::min(a, b);
  }

 private:
  std::vector<int> parent_;
};

/// Takes steps outside a transaction or long scans, so that it must not be held together with
/// others; or its rows go anyway.
bool stands_alone(const ObjectId& id) {
  return id.kind == Kind::Index || id.kind == Kind::Constraint || id.kind == Kind::Table;
}

class Scheduler {
 public:
  Scheduler(const StepGraph& graph, const PlanRequest& request, const Nodes& nodes,
            const std::vector<std::vector<Step>>& steps, std::vector<int> groups,
            const std::vector<std::int64_t>& ranks)
      : graph_(graph),
        request_(request),
        nodes_(nodes),
        steps_(steps),
        groups_(std::move(groups)),
        ranks_(ranks) {}

  Schedule run() {
    contract();
    for (auto knots = small_.knots(); !knots.empty(); knots = small_.knots()) {
      if (!give_up_wishes(knots))
        for (const auto& knot : knots)
          for (const int group : knot) dissolve(group);
      contract();
    }
    find_phases();
    const std::vector<bool> waits = find_waits();
    Schedule result{.group = groups_};
    for (int i = 0; i < nodes_.size(); ++i) {
      result.phase.push_back(begin_[at(groups_[at(i)])]);
      result.early.push_back(early_[at(groups_[at(i)])]);
      result.after_soak.push_back(waits[at(groups_[at(i)])]);
    }
    result.order = in_order();
    return result;
  }

 private:
  void contract() {
    small_ = StepGraph();
    small_.grow(nodes_.size());
    for (const StepGraph::Arc& arc : graph_.arcs()) {
      const std::pair pair{groups_[at(arc.before)], groups_[at(arc.after)]};
      if (arc.gone || (arc.wish && given_up_.contains(pair))) continue;
      small_.add(pair.first, pair.second, nullptr, arc.wish, arc.abreast);
    }
  }

  /// Rather than a group, a wish is given up.
  bool give_up_wishes(const std::vector<std::vector<int>>& knots) {
    const std::size_t before = given_up_.size();
    for (const auto& knot : knots)
      for (const int group : knot)
        for (const int number : small_.in(group)) {
          const StepGraph::Arc& arc = small_.arcs()[at(number)];
          if (arc.wish && std::ranges::binary_search(knot, arc.before))
            given_up_.insert({arc.before, arc.after});
        }
    return given_up_.size() > before;
  }

  void dissolve(int group) {
    for (int i = 0; i < nodes_.size(); ++i)
      if (groups_[at(i)] == group) groups_[at(i)] = i;
  }

  /// The phase that the node's own work ends in.
  Phase own_phase(int i) const {
    const Action& action = nodes_[i].action;
    if (action.op != Change::Op::Drop) {
      Phase last = Phase::Expand;
      for (const Step& step : steps_[at(i)])
        if (!step.after_soak) last = std::max(last, step.phase);
      return last;
    }
    // Without steps it is done by another change.
    if (action.rebuild || steps_[at(i)].empty()) return Phase::Expand;
    if (action.id.kind == Kind::Index && makes_way(i)) return Phase::Expand;
    if (std::ranges::any_of(steps_[at(i)], &Step::after_soak)) return Phase::Contract;
    const Constraint* constraint = request_.live.find<Constraint>(action.id);
    if (constraint != nullptr && stops_referring(action.id, *constraint, request_.desired))
      return Phase::Expand;
    if (constraint == nullptr || !request_.desired.tables.contains(relation_of(action.id)))
      return Phase::Contract;
    return constraint->type != Constraint::Type::PrimaryKey || has_other_key(action.id)
               ? Phase::Expand
               : Phase::Contract;
  }

  /// An index that its column's new type does not wait for until contract.
  bool makes_way(int i) const {
    return std::ranges::any_of(graph_.out(i), [&](int number) {
      const StepGraph::Arc& arc = graph_.arcs()[at(number)];
      const Action& next = nodes_[arc.after].action;
      return !arc.gone && next.op == Change::Op::Alter && next.id.kind == Kind::Column;
    });
  }

  bool has_other_key(const ObjectId& key) const {
    bool other = false;
    for_each_child<Constraint>(request_.desired, relation_of(key),
                               [&](const ObjectId&, const Constraint& c) {
                                 other |= c.type == Constraint::Type::PrimaryKey;
                               });
    return other;
  }

  void find_phases() {
    std::vector<Phase> own(at(nodes_.size()), Phase::Expand);
    for (int i = 0; i < nodes_.size(); ++i) {
      Phase& phase = own[at(groups_[at(i)])];
      phase = std::max(phase, own_phase(i));
    }
    std::vector<int> size(at(nodes_.size()), 0);
    for (const int group : groups_) ++size[at(group)];
    for (bool moved = true; moved;) {
      spread(own, size);
      moved = false;
      for (const StepGraph::Arc& arc : graph_.arcs()) {
        if (arc.gone || !is_rebuild(arc)) continue;
        const int drop = groups_[at(arc.before)], make = groups_[at(arc.after)];
        if (begin_[at(make)] <= end_[at(drop)] || own[at(drop)] >= begin_[at(make)]) continue;
        own[at(drop)] = begin_[at(make)];
        moved = true;
      }
    }
  }

  /// The two halves of one rebuild.
  bool is_rebuild(const StepGraph::Arc& arc) const {
    const Action& drop = nodes_[arc.before].action;
    const Action& make = nodes_[arc.after].action;
    return drop.op == Change::Op::Drop && drop.rebuild && make.op == Change::Op::Create &&
           drop.id == make.id;
  }

  void spread(const std::vector<Phase>& own, const std::vector<int>& size) {
    begin_.assign(at(nodes_.size()), Phase::Expand);
    early_.assign(at(nodes_.size()), Phase::Expand);
    end_.assign(at(nodes_.size()), Phase::Expand);
    for (const int group : small_.order(ranks_)) {
      Phase& begin = begin_[at(group)];
      for (const int number : small_.in(group)) {
        const StepGraph::Arc& arc = small_.arcs()[at(number)];
        begin = std::max(begin, (arc.abreast ? early_ : end_)[at(arc.before)]);
      }
      // What makes a drop easier (steps called prelude) waits for nothing that the drop waits for.
      const Action& action = nodes_[group].action;
      const bool goes = size[at(group)] == 1 && action.op == Change::Op::Drop && !action.rebuild;
      early_[at(group)] = goes ? Phase::Expand : begin;
      // Only a single action may begin in one phase and end in a later one.
      const bool whole =
          size[at(group)] > 1 || nodes_[group].action.op == Change::Op::Drop || nodes_[group].shed;
      if (whole) begin = std::max(begin, own[at(group)]);
      end_[at(group)] = std::max(begin, own[at(group)]);
    }
  }

  /// Does it take away what the old application knows?
  bool takes_away(int i) const {
    const Action& action = nodes_[i].action;
    return (action.op == Change::Op::Drop && !action.rebuild &&
            begin_[at(groups_[at(i)])] == Phase::Contract) ||
           (action.op == Change::Op::Rename && cuts_over(i));
  }

  /// Has it steps that both applications wait for until contract?
  bool cuts_over(int i) const {
    return std::ranges::any_of(steps_[at(i)], [](const Step& step) {
      return step.phase == Phase::Contract && !step.prelude && !step.after_soak;
    });
  }

  /// The groups whose steps in contract wait for the soak: what takes something away, where no
  /// cut-over needs it gone, and all that comes after it.
  std::vector<bool> find_waits() const {
    std::vector<bool> needed(at(nodes_.size())), waits(at(nodes_.size()));
    for (int i = 0; i < nodes_.size(); ++i) {
      const std::size_t group = at(groups_[at(i)]);
      if (takes_away(i))
        waits[group] = true;
      else if (cuts_over(i))
        needed[group] = true;
    }
    if (std::ranges::find(waits, true) == waits.end()) return waits;
    const auto binding = [&](int number) { return !small_.arcs()[at(number)].wish; };
    const std::vector<int> order = small_.order(ranks_);
    for (const int group : order | std::views::reverse)
      for (const int number : small_.out(group))
        if (binding(number) && needed[at(small_.arcs()[at(number)].after)])
          needed[at(group)] = true;
    for (const int group : order) {
      for (const int number : small_.in(group))
        if (binding(number) && waits[at(small_.arcs()[at(number)].before)]) waits[at(group)] = true;
      if (needed[at(group)]) waits[at(group)] = false;
    }
    return waits;
  }

  std::vector<int> in_order() const {
    const std::int64_t step = nodes_.size() + 1;
    std::vector<std::int64_t> rank(at(nodes_.size()), step * 4);
    for (int i = 0; i < nodes_.size(); ++i) {
      const std::size_t group = at(groups_[at(i)]);
      rank[group] =
          std::min(rank[group], static_cast<std::int64_t>(begin_[group]) * step + ranks_[at(i)]);
    }
    // Within a group, as the whole graph has them.
    std::vector<std::vector<int>> members(at(nodes_.size()));
    for (const int node : graph_.order(ranks_)) members[at(groups_[at(node)])].push_back(node);
    std::vector<int> order;
    order.reserve(at(nodes_.size()));
    for (const int group : small_.order(rank))
      order.insert(order.end(), members[at(group)].begin(), members[at(group)].end());
    return order;
  }

  const StepGraph& graph_;
  const PlanRequest& request_;
  const Nodes& nodes_;
  const std::vector<std::vector<Step>>& steps_;
  std::vector<int> groups_;
  const std::vector<std::int64_t>& ranks_;
  StepGraph small_{};
  std::set<std::pair<int, int>> given_up_{};  ///< by group
  std::vector<Phase> begin_{}, early_{}, end_{};
};

}  // namespace

std::vector<int> groups_of(const Fates& fates, const Nodes& nodes) {
  Union sets(nodes.size());
  for (const Fated& object : nodes.in_order()) {
    if (object.fate != Fate::Remake || stands_alone(object.id)) continue;
    const Slots slots = nodes.find(object.id);
    sets.join(slots.drop, slots.create);
  }
  for (const Cause& cause : fates.causes) {
    if (stands_alone(cause.remade) || stands_alone(cause.changed)) continue;
    const Slots user = nodes.find(cause.remade), used = nodes.find(cause.changed);
    for (const int node : {used.drop, used.alter, used.create}) sets.join(user.create, node);
  }
  for (const auto& [column, reasons] : fates.shed) {
    const Slots user = nodes.find(column);
    if (user.shed < 0) continue;
    sets.join(user.shed, user.alter);
    for (const ObjectId& reason : reasons) {
      const Slots used = nodes.find(reason);
      for (const int node : {used.drop, used.create}) sets.join(user.shed, node);
    }
  }
  std::vector<int> groups(at(nodes.size()));
  for (int i = 0; i < nodes.size(); ++i) groups[at(i)] = sets.find(i);
  return groups;
}

Schedule schedule(const StepGraph& graph, const PlanRequest& request, const Nodes& nodes,
                  const std::vector<std::vector<Step>>& steps, std::vector<int> groups,
                  const std::vector<std::int64_t>& ranks) {
  return Scheduler(graph, request, nodes, steps, std::move(groups), ranks).run();
}

}  // namespace aloft
