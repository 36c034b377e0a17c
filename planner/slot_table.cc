#include "planner/slot_table.h"

#include <algorithm>
#include <functional>

namespace aloft {

std::size_t SlotTable::HeadHash::operator()(const HeadView& head) const {
  const std::hash<std::string_view> hash;
  return hash(head.schema) * 1099511628211ULL + hash(head.name);
}

std::size_t SlotTable::place_of(const ObjectId& id, std::size_t near) const {
  const HeadView head = head_of(id);
  for (std::size_t i = near; i < groups_.size() && i <= near + 1; ++i)
    if (groups_[i].head == head) return i;
  const auto place = places_.find(head);
  return place == places_.end() ? groups_.size() : place->second;
}

Slots& SlotTable::operator[](const ObjectId& id) {
  last_ = place_of(id, last_);
  if (last_ == groups_.size()) {
    const HeadView head = head_of(id);
    groups_.push_back({.head = {std::string(head.schema), std::string(head.name)}});
    places_.emplace(groups_.back().head, last_);
  }
  std::vector<Member>& members = groups_[last_].members;
  const auto it = std::ranges::find_if(members, [&](const Member& m) { return m.is(id); });
  if (it != members.end()) return it->slots;
  constexpr std::size_t kPartsOfATable = 16;  // seldom more, and seldom just one
  if (members.size() == 1) members.reserve(kPartsOfATable);
  return members.emplace_back(Member{.kind = id.kind, .name = id.name, .args = id.args}).slots;
}

Slots SlotTable::find_at(std::size_t place, const ObjectId& id) const {
  if (place == groups_.size()) return {};
  const Slots* view = nullptr;
  for (const Member& member : groups_[place].members) {
    if (member.is(id)) return member.slots;
    if (member.kind == Kind::View) view = &member.slots;
  }
  return id.kind == Kind::Column && view != nullptr ? *view : Slots{};
}

Slots SlotFinder::find(const ObjectId& id) {
  const std::size_t place = table_.place_of(id, last_);
  if (place < table_.groups_.size()) last_ = place;
  return table_.find_at(place, id);
}

}  // namespace aloft
