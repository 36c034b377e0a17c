#include "planner/unmanaged_users.h"

#include <set>

#include "planner/edges.h"
#include "planner/recreate.h"

namespace aloft {
namespace {

class Users {
 public:
  Users(const PlanRequest& request, const Fates& fates)
      : request_(request),
        fates_(fates),
        uses_(mended(*request.uses, request.live, request.changes)) {
    for (const UnmanagedUse& use : uses_)
      if (use.goes_along && fates.is(use.on, Fate::Drop)) leaving_.insert(use.user);
  }

  void report(Diagnostics& diagnostics) {
    std::set<std::pair<Unmanaged, ObjectId>> said;
    for (const UnmanagedUse& use : uses_)
      if (in_the_way(use) && said.insert({use.user, use.on}).second)
        diagnostics.error("unmanaged-user",
                          use.user.kind + " " + use.user.name + " stands on " + to_string(use.on) +
                              ", which is to be " + std::string(what_happens(use.on)) +
                              "; aloft does not manage it",
                          "drop the " + use.user.kind +
                              " by hand first (and make it again afterwards if it is to stay), or "
                              "take the change out of the files",
                          request_.desired.place_of(use.on));
  }

 private:
  bool in_the_way(const UnmanagedUse& use) const {
    const Destiny* destiny = fates_.find(use.on);
    if (destiny == nullptr || leaving_.contains(use.user)) return false;
    switch (destiny->fate) {
      case Fate::Create: return false;
      case Fate::Drop: return !use.goes_along;
      case Fate::Remake: return true;
      // PostgreSQL carries statistics over to the new type, and no rule or publication.
      case Fate::Alter:
        return !use.goes_along && retypes(use.on, *destiny) &&
               !(is_publication(use) && fates_.shadowed.contains(use.on)) &&
               (use.user.kind == "rule" || is_publication(use));
    }
    return false;
  }

  static bool is_publication(const UnmanagedUse& use) {
    return use.user.kind == "publication relation";
  }

  std::string_view what_happens(const ObjectId& id) const {
    if (fates_.is(id, Fate::Remake)) return "dropped and made again";
    return fates_.is(id, Fate::Drop) ? "dropped" : "given another type";
  }

  const PlanRequest& request_;
  const Fates& fates_;
  std::vector<UnmanagedUse> uses_{};
  std::set<Unmanaged> leaving_{};  ///< go with something that is dropped for good
};

}  // namespace

void report_unmanaged_users(const PlanRequest& request, const Fates& fates,
                            Diagnostics& diagnostics) {
  if (request.uses != nullptr && !request.uses->empty()) Users(request, fates).report(diagnostics);
}

}  // namespace aloft
