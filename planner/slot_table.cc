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
  constexpr std::size_t kPartsOfATable = 16;  // seldom more, and seldom just one
  if (members.size() == 1) members.reserve(kPartsOfATable);
  return members.emplace_back(Member{.kind = id.kind, .name = id.name, .args = id.args}).slots;
}

const SlotTable::Group* SlotTable::group_of(const ObjectId& id) const {
  const auto group = groups_.find(head_of(id));
  return group == groups_.end() ? nullptr : &group->second;
}

Slots SlotTable::find_in(const Group* group, const ObjectId& id) {
  if (group == nullptr) return {};
  const Slots* view = nullptr;
  for (const Member& member : *group) {
    if (member.is(id)) return member.slots;
    if (member.kind == Kind::View) view = &member.slots;
  }
  return id.kind == Kind::Column && view != nullptr ? *view : Slots{};
}

Slots SlotFinder::find(const ObjectId& id) {
  const auto [schema, name] = SlotTable::head_of(id);
  if (group_ == nullptr || schema != schema_ || name != name_) {
    schema_ = schema, name_ = name;
    group_ = table_.group_of(id);
  }
  return SlotTable::find_in(group_, id);
}

}  // namespace aloft
