#include "cli/plan_grounds.h"

#include <algorithm>
#include <iterator>

#include "parser/canonical.h"
#include "parser/column_renamer.h"

namespace aloft {
namespace {

/// What the live side's objects stand on: by the texts, and by pg_depend where there is a server.
Edges dependencies_of(const Comparison& c, Session* session, std::vector<UnmanagedUse>& uses) {
  Edges edges = references(c.live.snapshot);
  if (session == nullptr) return edges;
  std::vector<ObjectId> changed;
  for (const Change& change : c.changes) {
    if (change.op == Change::Op::Create) continue;
    changed.push_back(change.op == Change::Op::Rename ? change.from : change.id);
    // A foreign table that is a partition depends on the table alone, and gets its columns'
    // changes.
    const Table* table = c.live.snapshot.find<Table>(relation_of(changed.back()));
    if (changed.back().kind == Kind::Column && table != nullptr && !table->partition_key.empty())
      changed.push_back(relation_of(changed.back()));
  }
  std::ranges::copy(read_dependencies(*session, changed, &uses), std::back_inserter(edges));
  std::ranges::sort(edges);
  edges.erase(std::ranges::unique(edges).begin(), edges.end());
  return edges;
}

/// Asked for where introspection has seen that there are some.
Publications publications_of(const Comparison& c, Session* session) {
  const bool any = std::ranges::any_of(c.live.snapshot.unmanaged,
                                       [](const Unmanaged& u) { return u.kind == "publication"; });
  return any && session != nullptr ? read_publications(*session) : Publications{};
}

}  // namespace

PlanGrounds::PlanGrounds(const Comparison& c, Session* session)
    : facts(c.live.facts),
      comparison_(c),
      desired_edges_(references(c.desired)),
      live_edges_(dependencies_of(c, session, uses_)),
      publications_(publications_of(c, session)) {}

PlanRequest PlanGrounds::request(const PlanOptions& planning) const {
  return {.live = comparison_.live.snapshot,
          .desired = comparison_.desired,
          .changes = comparison_.changes,
          .live_edges = live_edges_,
          .desired_edges = desired_edges_,
          .facts = facts,
          .options = planning,
          .sources = comparison_.sources,
          .rename_column = with_column_renamed,
          .uses = &uses_,
          .publications = &publications_};
}

}  // namespace aloft
