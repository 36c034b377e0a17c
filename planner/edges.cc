#include "planner/edges.h"

#include <algorithm>
#include <map>

namespace aloft {
namespace {

class Mender {
 public:
  Mender(const Snapshot& snapshot, const ChangeSet& changes) : snapshot_(snapshot) {
    for (const Change& change : changes) {
      if (change.op != Change::Op::Rename) continue;
      if (change.id.kind == Kind::Table || change.id.kind == Kind::View)
        relations_[{change.from.schema, change.from.name}] = change.id.name;
      names_[change.from] = change.id;
    }
  }

  /// What the id is to be; nothing where it is that already.
  std::optional<ObjectId> mend(const ObjectId& id) {
    std::optional<ObjectId> changed;
    if (!names_.empty()) changed = rename(id);
    const ObjectId& now = changed ? *changed : id;
    if (now.kind != Kind::Table || now == last_table_) return changed;
    ObjectId view = now;
    view.kind = Kind::View;
    if (snapshot_.views.contains(view)) return view;
    last_table_ = now;
    return changed;
  }

 private:
  std::optional<ObjectId> rename(const ObjectId& before) const {
    if (snapshot_.contains(before)) return std::nullopt;
    ObjectId id = before;
    // The directive names a part by its relation's new name.
    if (!id.relation.empty()) {
      const auto relation = relations_.find({id.schema, id.relation});
      if (relation != relations_.end()) id.relation = relation->second;
    }
    if (const auto it = names_.find(id); it != names_.end()) id = it->second;
    if (id == before) return std::nullopt;
    return id;
  }

  const Snapshot& snapshot_;
  std::map<std::pair<std::string, std::string>, std::string> relations_{};
  std::map<ObjectId, ObjectId> names_{};
  ObjectId last_table_{};  ///< edges of one table follow each other
};

}  // namespace

std::optional<Edges> mended(const Edges& edges, const Snapshot& snapshot,
                            const ChangeSet& changes) {
  Mender mender(snapshot, changes);
  std::optional<Edges> all;
  if (!std::ranges::is_sorted(edges)) all = edges;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    std::optional<ObjectId> dependent = mender.mend(edges[i].dependent);
    std::optional<ObjectId> on = mender.mend(edges[i].on);
    if (!dependent && !on) continue;
    if (!all) all = edges;
    if (dependent) (*all)[i].dependent = std::move(*dependent);
    if (on) (*all)[i].on = std::move(*on);
  }
  if (!all) return all;
  std::ranges::sort(*all);
  const auto rest = std::ranges::unique(*all);
  all->erase(rest.begin(), rest.end());
  return all;
}

std::vector<UnmanagedUse> mended(std::vector<UnmanagedUse> uses, const Snapshot& snapshot,
                                 const ChangeSet& changes) {
  Mender mender(snapshot, changes);
  for (UnmanagedUse& use : uses)
    if (std::optional<ObjectId> on = mender.mend(use.on)) use.on = std::move(*on);
  return uses;
}

}  // namespace aloft
