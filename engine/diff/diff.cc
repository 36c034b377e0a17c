#include "engine/diff/diff.h"

namespace aloft {
namespace {

template <class T>
void diff_kind(const Objects<T>& live, const Objects<T>& desired, ChangeSet& changes) {
  using enum Change::Op;
  auto was = live.begin();
  auto now = desired.begin();
  while (was != live.end() || now != desired.end()) {
    if (now == desired.end() || (was != live.end() && was->first < now->first)) {
      changes.push_back({.op = Drop, .id = (was++)->first});
    } else if (was == live.end() || now->first < was->first) {
      changes.push_back({.op = Create, .id = (now++)->first});
    } else {
      auto fields = changed_fields(was->second, now->second);
      if (!fields.empty())
        changes.push_back({.op = Alter, .id = now->first, .fields = std::move(fields)});
      ++was, ++now;
    }
  }
}

}  // namespace

ChangeSet diff(const Snapshot& live, const Snapshot& desired) {
  ChangeSet changes;
  std::apply(
      [&](const auto&... was) {
        std::apply([&](const auto&... now) { (diff_kind(was, now, changes), ...); }, desired.all());
      },
      live.all());
  return changes;
}

}  // namespace aloft
