#include "engine/diff/scope.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aloft {
namespace {

constexpr std::array kKinds = [] {
  std::array<Kind, kKindCount> kinds{};
  for (std::size_t i = 0; i < kKindCount; ++i) kinds[i] = static_cast<Kind>(i);
  return kinds;
}();

/// "KIND" and "PATTERN"; without a colon the kind is empty.
std::pair<std::string, std::string> halves(const std::string& pattern) {
  const auto colon = pattern.find(':');
  if (colon == std::string::npos) return {"", pattern};
  return {pattern.substr(0, colon), pattern.substr(colon + 1)};
}

bool matches(const std::string& glob, const std::string& text) {
  return fnmatch(glob.c_str(), text.c_str(), 0) == 0;
}

bool is_global(Kind kind) {
  return kind == Kind::Role || kind == Kind::Extension;
}

bool matches_object(const std::string& pattern, const ObjectId& id) {
  const auto [kind, glob] = halves(pattern);
  if (!kind.empty() && kind != kind_name(id.kind)) return false;
  if (is_global(id.kind)) return !kind.empty() && matches(glob, id.name);
  if (id.kind == Kind::Schema) return matches(glob, id.name);
  if (glob.find('.') == std::string::npos) return matches(glob, id.schema);
  const std::string relation = id.relation.empty() ? "" : id.relation + ".";
  return matches(glob, id.schema + "." + relation + id.name);
}

/// The object, and those that it belongs to.
std::vector<ObjectId> with_owners(const ObjectId& id, const Snapshot& side) {
  std::vector<ObjectId> all{id};
  ObjectId child = id;
  if (const Sequence* sequence = side.find<Sequence>(id);
      sequence != nullptr && !sequence->owned_by.name.empty())
    all.push_back(child = sequence->owned_by);
  if (!child.relation.empty())
    for (const Kind kind : {Kind::Table, Kind::View})
      all.push_back({.kind = kind, .schema = child.schema, .name = child.relation});
  return all;
}

bool is_outside(const Scope& scope, const ObjectId& id, const Snapshot& side) {
  const std::vector<ObjectId> all = with_owners(id, side);
  const auto any = [&](const std::vector<std::string>& patterns) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
      return std::ranges::any_of(all,
                                 [&](const ObjectId& one) { return matches_object(pattern, one); });
    });
  };
  if (std::ranges::any_of(all, [&](const ObjectId& one) { return scope.ignored.contains(one); }))
    return true;
  return any(scope.ignore) || (!scope.manage.empty() && !any(scope.manage));
}

}  // namespace

std::string pattern_fault(const std::string& pattern) {
  const auto [kind, glob] = halves(pattern);
  if (glob.empty()) return "\"" + pattern + "\" names nothing";
  if (pattern.find(':') == std::string::npos) return "";
  if (std::ranges::any_of(kKinds, [&](Kind k) { return kind == kind_name(k); })) return "";
  std::string words;
  for (const Kind k : kKinds) words += (words.empty() ? "" : ", ") + std::string(kind_name(k));
  return "\"" + kind + "\" is no kind of object; the kinds are: " + words;
}

std::set<ObjectId> out_of_scope(const Scope& scope, const Snapshot& live, const Snapshot& desired) {
  std::set<ObjectId> outside;
  if (scope.whole()) return outside;
  for (const Snapshot* side : {&live, &desired})
    for_each_kind(*side, [&](const auto& objects) {
      for (const auto& [id, object] : objects)
        if (is_outside(scope, id, *side)) outside.insert(id);
    });
  return outside;
}

void leave_alone(const std::set<ObjectId>& outside, const Snapshot& live, Snapshot& desired) {
  if (outside.empty()) return;
  for_each_kind(desired, [&]<class T>(Objects<T>& objects) {
    const Objects<T>& there = live.of<T>();
    for (const ObjectId& id : outside) {
      if (id.kind != T::kKind) continue;
      objects.erase(id);
      if (const auto it = there.find(id); it != there.end()) objects.insert(*it);
    }
  });
}

}  // namespace aloft
