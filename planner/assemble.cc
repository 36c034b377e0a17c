#include "planner/assemble.h"

#include <algorithm>
#include <set>

#include "engine/base/sql.h"
#include "planner/cycles.h"
#include "planner/edges.h"
#include "planner/order.h"
#include "planner/phases.h"
#include "planner/publications.h"
#include "planner/recreate.h"
#include "planner/server_features.h"
#include "planner/step_builder.h"
#include "planner/strategies/counterparts.h"
#include "planner/strategies/facade.h"
#include "planner/strategies/shadowed.h"
#include "planner/strategies/swap_table.h"
#include "planner/unmanaged_users.h"

namespace aloft {
namespace {

Step shed_step(const Node& node, const PlanContext& context) {
  const ObjectId& id = node.action.id;
  return catalog_step(
      context, id,
      {sql("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", relation_name(id), Ident{id.name})},
      {{relation_of(id), LockLevel::AccessExclusive}},
      "The default stands in the way of what it uses; it is set again after.");
}

std::vector<Step> steps_of(const Node& node, const PlanContext& context, SidesFinder& sides) {
  return node.shed ? std::vector<Step>{shed_step(node, context)}
                   : steps_for(node.action, context, sides);
}

/// What a second table brings along is not made again in the first.
void leave_to_swaps(const TableSwaps& swaps, Fates& fates) {
  for (const auto& [table, swap] : swaps)
    for (const ObjectId& id : swap.changes)
      if (Destiny& destiny = fates.of.at(id); swap.obstacle.empty() && destiny.fate == Fate::Remake)
        destiny = {.fate = Fate::Alter, .fields = destiny.fields};
}

/// Live objects whose text may say what has another name once the renames of the plan are done, as
/// they stand on it or on the table that it belongs to: made again from it, they would not find
/// that.
std::set<ObjectId> outdated(const PlanRequest& request, const Fates& fates,
                            const PlanContext& context) {
  std::set<ObjectId> renamed, found;
  for (const Change& rename : fates.renames)
    if (facade_of(rename.id, context) == nullptr) renamed.insert(relation_of(rename.id));
  if (renamed.empty()) return found;
  for (const Edge& edge : request.live_edges)
    if (renamed.contains(relation_of(edge.on))) found.insert(edge.dependent);
  return found;
}

int node_of(const ObjectId& id, const Nodes& nodes) {
  const Slots slots = nodes.find(id);
  return slots.create >= 0 ? slots.create : slots.alter;
}

/// A step without statements says that there is no way.
void report_impossible(const PlanRequest& request, const Node& node, const std::vector<Step>& steps,
                       Diagnostics& diagnostics) {
  for (const Step& step : steps)
    if (step.sql.empty())
      diagnostics.error("impossible-change", to_string(node.action.id) + ": " + step.why,
                        "change the files, or carry out this change by hand first",
                        request.desired.place_of(node.action.id));
}

/// The phase of one of a node's steps; `phase` is that of the node's work so far.
Phase place(const Step& step, bool drop, Phase early, Phase& phase) {
  // What makes a drop easier waits for nothing that the drop waits for.
  if (step.prelude) return drop ? step.phase : std::max(early, step.phase);
  if (step.after_soak) return Phase::Contract;
  if (!drop) phase = std::max(phase, step.phase);
  return phase;
}

std::vector<Piece> pieces_in(const Schedule& schedule, const PlanRequest& request,
                             const Nodes& nodes, std::vector<std::vector<Step>>& steps) {
  std::vector<int> size(schedule.group.size(), 0);
  for (const int group : schedule.group) ++size[static_cast<std::size_t>(group)];
  std::vector<Piece> pieces;
  std::size_t count = 0;
  for (const auto& own : steps) count += own.size();
  pieces.reserve(count);
  for (const int node : schedule.order) {
    const auto i = static_cast<std::size_t>(node);
    const int group = schedule.group[i];
    // A drop's phase is decided by what is dropped, any other's by its steps and what it waits for.
    const bool drop = nodes[node].action.op == Change::Op::Drop;
    Phase phase = schedule.phase[i];
    for (Step& step : steps[i]) {
      step.phase = place(step, drop, schedule.early[i], phase);
      const bool ends_soak = step.after_soak;  // of a strategy's, table by table
      if (schedule.after_soak[i] && step.phase == Phase::Contract) step.after_soak = true;
      if (step.source.empty())
        step.source = request.sources.describe(request.desired.place_of(step.object));
      pieces.push_back(
          {std::move(step), node, group, size[static_cast<std::size_t>(group)] > 1 && !ends_soak});
    }
  }
  // What ends the time in which both applications' writes are kept comes last of all.
  const auto when = [](const Piece& p) { return std::pair{p.step.phase, p.step.after_soak}; };
  if (!std::ranges::is_sorted(pieces, {}, when)) std::ranges::stable_sort(pieces, {}, when);
  return pieces;
}

/// What all actions look at, of one request.
struct Ground {
  explicit Ground(const PlanRequest& given)
      : live_edges(mended(given.live_edges, given.live, given.changes)),
        desired_edges(mended(given.desired_edges, given.desired, {})),
        request{given.live,
                given.desired,
                given.changes,
                live_edges ? *live_edges : given.live_edges,
                desired_edges ? *desired_edges : given.desired_edges,
                given.facts,
                given.options,
                given.sources,
                given.rename_column,
                given.uses,
                given.publications},
        context{given.live,          given.desired,       given.facts,
                given.options,       given.sources,       search_path_of(given.desired),
                given.rename_column, &request.live_edges, given.uses} {
    if (given.publications != nullptr) publications = mended(*given.publications, given.changes);
    context.publications = &publications;
  }
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  /// The strategies that take several actions together.
  void look(Diagnostics& diagnostics) {
    fates = fates_of(request, context);
    shadows = find_shadows(fates, context);
    context.shadows = &shadows;
    for (const auto& [id, plan] : shadows)
      if (plan.obstacle.empty()) fates.shadowed.insert(id);
    swaps = find_table_swaps(request, fates, context);
    context.swaps = &swaps;
    leave_to_swaps(swaps, fates);
    add_dependents(request, fates, diagnostics);
    facades = find_facades(request, fates, context);
    context.facades = &facades;
    counterparts = find_counterparts(fates, context);
    context.counterparts = &counterparts;
  }

  const std::optional<Edges> live_edges, desired_edges;
  const PlanRequest request;
  PlanContext context;
  Publications publications{};
  Fates fates{};
  Shadows shadows{};
  TableSwaps swaps{};
  Facades facades{};
  AllCounterparts counterparts{};
};

}  // namespace

std::vector<SecondColumn> second_columns(const PlanRequest& given) {
  Diagnostics of_the_plan_to_come;
  Ground ground(given);
  ground.look(of_the_plan_to_come);
  return find_second_columns(ground.request, ground.fates, ground.context);
}

std::optional<Assembly> assemble(const PlanRequest& given, Diagnostics& diagnostics) {
  Assembly made;
  if (given.changes.empty()) return made;
  Ground ground(given);
  report_missing_features(ground.request, diagnostics);
  ground.look(diagnostics);
  const PlanRequest& request = ground.request;
  const PlanContext& context = ground.context;
  made.fates = std::move(ground.fates);
  report_unmanaged_users(request, made.fates, diagnostics);
  made.nodes = build_nodes(request, made.fates);
  StepGraph graph = build_graph(request, made.fates, made.nodes);
  for (const auto& [from, to] : shadow_links(ground.shadows, given.live))
    graph.add(made.nodes.find(from).alter, made.nodes.find(to).alter, nullptr, false, true);
  for (const auto& [before, after] : swap_links(ground.swaps))
    graph.add(node_of(before, made.nodes), node_of(after, made.nodes), nullptr, false);
  tie_counterparts(ground.counterparts, made.nodes, graph);
  bool possible = untie(graph, made.nodes, request, diagnostics);
  std::vector<std::vector<Step>> steps(static_cast<std::size_t>(made.nodes.size()));
  const std::set<ObjectId> no_text = outdated(request, made.fates, context);
  SidesFinder sides{ObjectFinder(request.live), ObjectFinder(request.desired)};
  for (int i = 0; i < made.nodes.size(); ++i) {
    auto& own = steps[static_cast<std::size_t>(i)];
    own = steps_of(made.nodes[i], context, sides);
    if (made.nodes[i].action.op != Change::Op::Rename && no_text.contains(made.nodes[i].action.id))
      for (Step& step : own) step.undo.clear(), step.undone_by_others = false;
    report_impossible(request, made.nodes[i], own, diagnostics);
  }
  if (!possible || diagnostics.has_errors()) return std::nullopt;
  const Schedule order = schedule(graph, request, made.nodes, steps,
                                  groups_of(made.fates, made.nodes), ranks_of(request, made.nodes));
  made.pieces = pieces_in(order, request, made.nodes, steps);
  return made;
}

std::string search_path_of(const Snapshot& desired) {
  std::vector<std::string> path = desired.search_path;
  for (const auto& [id, extension] : desired.extensions)
    if (!extension.schema.empty() && std::ranges::find(path, extension.schema) == path.end())
      path.push_back(extension.schema);
  return ident_list(path).text;
}

}  // namespace aloft
