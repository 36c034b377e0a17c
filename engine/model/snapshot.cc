#include "engine/model/snapshot.h"

namespace aloft {

bool Snapshot::contains(const ObjectId& id) const {
  bool found = false;
  for_each_kind(*this, [&](const auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    if (T::kKind == id.kind) found = objects.contains(id);
  });
  return found;
}

SourcePos Snapshot::place_of(const ObjectId& id) const {
  SourcePos at;
  for_each_kind(*this, [&](const auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    if (T::kKind != id.kind) return;
    if (const auto it = objects.find(id); it != objects.end()) at = it->second.at;
  });
  return at;
}

}  // namespace aloft
