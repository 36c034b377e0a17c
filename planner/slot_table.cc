#include "planner/slot_table.h"

#include <algorithm>
#include <functional>

namespace aloft {

std::size_t SlotTable::HeadHash::operator()(const HeadView& head) const {
  const std::hash<std::string_view> hash;
  return hash(head.schema) * 1099511628211ULL + hash(head.name);
}

Slots& SlotTable::operator[](const ObjectId& id) {
  const HeadView head = head_of(id);
  auto group = groups_.find(head);
  if (group == groups_.end())
    group = groups_.emplace(Head{std::string(head.schema), std::string(head.name)}, Group{}).first;
  Group& members = group->second;
  const auto it = std::ranges::find_if(members, [&](const Member& m) { return m.is(id); });
  if (it != members.end()) return it->slots;
  return members.emplace_back(Member{.kind = id.kind, .name = id.name, .args = id.args}).slots;
}

const Slots* SlotTable::find(const ObjectId& id) const {
  const auto group = groups_.find(head_of(id));
  if (group == groups_.end()) return nullptr;
  const Group& members = group->second;
  const auto it = std::ranges::find_if(members, [&](const Member& m) { return m.is(id); });
  return it == members.end() ? nullptr : &it->slots;
}

}  // namespace aloft
