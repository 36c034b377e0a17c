#pragma once

#include "engine/model/snapshot.h"

namespace aloft {

/// Looks for many objects that come in the order of their ids, or nearly so: what follows the last
/// one found is looked at before all are searched. Good until the snapshot changes; of one thread.
class ObjectFinder {
 public:
  explicit ObjectFinder(const Snapshot& snapshot) : snapshot_(snapshot) {
    for_each_kind(snapshot, [this](const auto& objects) { place(objects) = objects.begin(); });
  }

  /// As Snapshot::find().
  template <class T>
  const T* find(const ObjectId& id) {
    const Objects<T>& objects = snapshot_.of<T>();
    auto& next = place(objects);
    if (next == objects.end() || next->first != id) {
      const auto found = objects.find(id);
      if (found == objects.end()) return nullptr;
      next = found;
    }
    return &(next++)->second;
  }

  /// As Snapshot::place_of().
  SourcePos place_of(const ObjectId& id) {
    SourcePos at;
    for_each_kind(snapshot_, [&](const auto& objects) {
      using T = typename std::decay_t<decltype(objects)>::mapped_type;
      if (T::kKind != id.kind) return;
      if (const T* object = find<T>(id)) at = object->at;
    });
    return at;
  }

 private:
  template <class... T>
  static std::tuple<typename T::const_iterator...> places(std::tuple<const T&...>);

  template <class T>
  typename Objects<T>::const_iterator& place(const Objects<T>&) {
    return std::get<typename Objects<T>::const_iterator>(next_);
  }

  const Snapshot& snapshot_;
  decltype(places(std::declval<const Snapshot&>().all())) next_{};
};

}  // namespace aloft
