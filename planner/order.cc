#include "planner/order.h"

#include <algorithm>

#include "engine/model/object_finder.h"
#include "planner/recreate.h"

namespace aloft {
namespace {

using Fields = std::vector<std::string_view>;

bool has(const Fields& fields, std::string_view name) {
  return std::ranges::find(fields, name) != fields.end();
}

/// Owner, privileges and comment depend on nothing but the object.
bool only_dress(const Fields& fields) {
  return std::ranges::all_of(
      fields, [](std::string_view f) { return f == "owner" || f == "grants" || f == "comment"; });
}

class Dependencies {
 public:
  Dependencies(StepGraph& graph, const PlanRequest& request, const Fates& fates, const Nodes& nodes)
      : graph_(graph), request_(request), fates_(fates), nodes_(nodes) {}

  void add() {
    for (const Edge& edge : request_.desired_edges) desired(edge);
    for (const Edge& edge : request_.live_edges) live(edge);
    for (const Cause& cause : fates_.causes) remade(cause);
    for (const auto& [column, reasons] : fates_.shed) shed(column, reasons);
    for (const Fated& object : nodes_.in_order()) {
      graph_.add(object.slots.drop, object.slots.create);
      graph_.add(object.slots.alter, object.slots.settle);
    }
  }

 private:
  /// The node by which `on` is as the desired side has it, as far as `dependent` can tell.
  int provider(const ObjectId& dependent, const ObjectId& on, const Slots& slots) const {
    if (slots.create >= 0) return slots.create;
    if (slots.settle < 0) return slots.rename;
    // What a table's own ALTERs change matters to none of its parts and to nobody else.
    if (on.kind == Kind::Table || (is_part(dependent) && relation_of(dependent) == on)) return -1;
    return only_dress(nodes_[slots.settle].action.fields) ? -1 : slots.settle;
  }

  void desired(const Edge& edge) {
    const Slots user = dependents_.find(edge.dependent);
    if (user.create < 0 && user.alter < 0) return;
    const Slots used = used_.find(edge.on);
    if (owns(edge)) return;  // the column takes its sequence over when it is made
    const int needed = provider(edge.dependent, edge.on, used);
    if (needed < 0) return;
    if (user.create >= 0)
      graph_.add(needed, user.create, &edge);
    else if (!only_dress(nodes_[user.alter].action.fields))
      graph_.add(needed, user.alter, &edge);
  }

  bool owns(const Edge& edge) const {
    if (edge.dependent.kind != Kind::Sequence) return false;
    const Sequence* sequence = request_.desired.find<Sequence>(edge.dependent);
    return sequence != nullptr && !sequence->owned_by.name.empty() &&
           (edge.on == sequence->owned_by || edge.on == relation_of(sequence->owned_by));
  }

  void live(const Edge& edge) {
    const Slots used = used_.find(edge.on);
    if (used.drop < 0 && used.alter < 0) return;
    const Slots user = dependents_.find(edge.dependent);
    if (user.drop < 0 && user.alter < 0) return;
    const bool part = is_part(edge.dependent) && relation_of(edge.dependent) == edge.on;
    const int released = user.drop >= 0 ? user.drop : part ? -1 : releasing(edge, user.alter);
    if (released < 0) return;
    if (used.drop >= 0)
      graph_.add(released, used.drop, &edge);
    else if (stands_in_the_way(edge))
      graph_.add(released, used.alter, &edge, false, in_the_way_of_cut_over(released, edge.on));
  }

  /// What goes in contract stands in the way of the cut-over of a shadowed column alone.
  bool in_the_way_of_cut_over(int drop, const ObjectId& column) const {
    const Action& action = nodes_[drop].action;
    return action.op == Change::Op::Drop && !action.rebuild && fates_.shadowed.contains(column);
  }

  /// The Alter by which the dependent lets go of what it used.
  int releasing(const Edge& edge, int alter) const {
    if (only_dress(nodes_[alter].action.fields)) return -1;
    return still_needs(request_.desired_edges, edge.dependent, edge.on) ? -1 : alter;
  }

  bool stands_in_the_way(const Edge& edge) const {
    const Destiny* changed = fates_.find(edge.on);
    if (changed == nullptr) return false;
    if (retypes(edge.on, *changed) && forbids_type_change(request_.live, edge.dependent))
      return true;
    const Constraint* constraint = request_.live.find<Constraint>(edge.dependent);
    const bool expression =
        edge.dependent.kind == Kind::Index ||
        (constraint != nullptr && (constraint->type == Constraint::Type::Check ||
                                   constraint->type == Constraint::Type::Exclusion));
    if (expression && changes_base_type(request_, fates_, edge.on)) return true;
    if (constraint == nullptr) return false;
    if (rekeys(request_, edge.on, *changed))
      return constraint->type == Constraint::Type::ForeignKey;
    return edge.on.kind == Kind::Column && has(changed->fields, "not null") &&
           constraint->type == Constraint::Type::PrimaryKey;
  }

  void remade(const Cause& cause) {
    const Slots user = nodes_.find(cause.remade);
    const Slots used = nodes_.find(cause.changed);
    const int leave = used.drop >= 0 ? used.drop : used.alter;
    const int back = used.create >= 0 ? used.create : used.settle >= 0 ? used.settle : used.drop;
    if (same_fold(user, used)) return;
    graph_.add(user.drop, leave);
    graph_.add(back, user.create);
  }

  static bool same_fold(const Slots& a, const Slots& b) {
    return a.drop >= 0 && a.drop == b.drop && a.create == b.create;
  }

  void shed(const ObjectId& column, const std::vector<ObjectId>& reasons) {
    const Slots own = nodes_.find(column);
    if (own.shed < 0) return;
    graph_.add(own.shed, own.alter);
    for (const ObjectId& reason : reasons) {
      const Slots used = nodes_.find(reason);
      graph_.add(own.shed, used.drop);
      graph_.add(used.create >= 0 ? used.create : used.drop, own.alter);
    }
  }

  StepGraph& graph_;
  const PlanRequest& request_;
  const Fates& fates_;
  const Nodes& nodes_;
  SlotFinder dependents_ = nodes_.finder(), used_ = nodes_.finder();
};

/// Making and altering, by kind; foreign keys are told from other constraints.
int make_rank(Kind kind, bool foreign_key) {
  switch (kind) {
    case Kind::Role: return 1;
    case Kind::Schema: return 2;
    case Kind::Extension: return 3;
    case Kind::Enum: return 4;
    case Kind::Domain: return 5;
    case Kind::Composite: return 6;
    case Kind::Sequence: return 7;
    case Kind::Table: return 8;
    case Kind::Function:
    case Kind::Aggregate:
    case Kind::Operator:
    case Kind::SearchParser:
    case Kind::SearchTemplate:
    case Kind::SearchDictionary:
    case Kind::SearchConfiguration: return 9;
    case Kind::Column: return 10;
    case Kind::Constraint: return foreign_key ? 13 : 11;
    case Kind::Index: return 12;
    case Kind::View: return 14;
    case Kind::Trigger: return 15;
    case Kind::Policy: return 16;
  }
  return 17;
}

bool is_foreign_key(ObjectFinder& side, const ObjectId& id) {
  if (id.kind != Kind::Constraint) return false;
  const Constraint* constraint = side.find<Constraint>(id);
  return constraint != nullptr && constraint->type == Constraint::Type::ForeignKey;
}

/// Nodes of one kind were mostly made in that order.
void sort_by_id(std::vector<int>::iterator first, std::vector<int>::iterator last,
                const Nodes& nodes) {
  const auto less = [&](int a, int b) { return nodes[a].action.id < nodes[b].action.id; };
  if (!std::is_sorted(first, last, less)) std::stable_sort(first, last, less);
}

}  // namespace

StepGraph build_graph(const PlanRequest& request, const Fates& fates, const Nodes& nodes) {
  StepGraph graph;
  graph.grow(nodes.size());
  Dependencies(graph, request, fates, nodes).add();
  add_rules(graph, request, fates, nodes);
  return graph;
}

std::vector<std::int64_t> ranks_of(const PlanRequest& request, const Nodes& nodes) {
  std::vector<int> group(static_cast<std::size_t>(nodes.size()));
  std::vector<int> sorted(group.size());
  ObjectFinder live(request.live), desired(request.desired);
  for (int i = 0; i < nodes.size(); ++i) {
    const Action& action = nodes[i].action;
    const bool drop = action.op == Change::Op::Drop || nodes[i].shed;
    const int make = make_rank(action.id.kind, is_foreign_key(drop ? live : desired, action.id));
    group[static_cast<std::size_t>(i)] = action.op == Change::Op::Rename ? 0
                                         : drop                          ? 40 - make
                                                                         : make;
    sorted[static_cast<std::size_t>(i)] = i;
  }
  const auto group_of = [&](int node) { return group[static_cast<std::size_t>(node)]; };
  std::ranges::stable_sort(sorted, {}, group_of);
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto last =
        std::find_if(first, sorted.end(), [&](int i) { return group_of(i) != group_of(*first); });
    // Renames keep the order in which they were given.
    if (group_of(*first) != 0) sort_by_id(first, last, nodes);
    first = last;
  }
  std::vector<std::int64_t> ranks(group.size());
  for (std::size_t i = 0; i < sorted.size(); ++i)
    ranks[static_cast<std::size_t>(sorted[i])] = static_cast<std::int64_t>(i);
  return ranks;
}

}  // namespace aloft
