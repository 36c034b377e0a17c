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

  /// Returns whether the id is another one now.
  bool mend(ObjectId& id) {
    const bool renamed = !names_.empty() && rename(id);
    if (id.kind != Kind::Table || id == last_table_) return renamed;
    if (snapshot_.tables.contains(id)) {
      last_table_ = id;
      return renamed;
    }
    ObjectId view = id;
    view.kind = Kind::View;
    if (!snapshot_.views.contains(view)) return renamed;
    id = view;
    return true;
  }

 private:
  bool rename(ObjectId& id) const {
    if (snapshot_.contains(id)) return false;
    const ObjectId before = id;
    // The directive names a part by its relation's new name.
    if (!id.relation.empty()) {
      const auto relation = relations_.find({id.schema, id.relation});
      if (relation != relations_.end()) id.relation = relation->second;
    }
    if (const auto it = names_.find(id); it != names_.end()) id = it->second;
    return id != before;
  }

  const Snapshot& snapshot_;
  std::map<std::pair<std::string, std::string>, std::string> relations_{};
  std::map<ObjectId, ObjectId> names_{};
  ObjectId last_table_{};  ///< edges of one table follow each other
};

}  // namespace

Edges mended(const Edges& edges, const Snapshot& snapshot, const ChangeSet& changes) {
  Mender mender(snapshot, changes);
  Edges all = edges;
  bool touched = !std::ranges::is_sorted(all);
  for (Edge& edge : all) {
    const bool dependent = mender.mend(edge.dependent);
    const bool on = mender.mend(edge.on);
    touched = touched || dependent || on;
  }
  if (!touched) return all;
  std::ranges::sort(all);
  const auto rest = std::ranges::unique(all);
  all.erase(rest.begin(), rest.end());
  return all;
}

std::vector<UnmanagedUse> mended(std::vector<UnmanagedUse> uses, const Snapshot& snapshot,
                                 const ChangeSet& changes) {
  Mender mender(snapshot, changes);
  for (UnmanagedUse& use : uses) mender.mend(use.on);
  return uses;
}

}  // namespace aloft
