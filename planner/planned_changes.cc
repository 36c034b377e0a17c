#include <algorithm>
#include <map>
#include <type_traits>

#include "engine/base/sql.h"
#include "engine/model/object_finder.h"
#include "planner/notes.h"

namespace aloft {
namespace {

constexpr std::size_t kShort = 60;

// What a field's value looks like in a few words; "" where only its name is worth saying.
std::string brief(const std::string& text) {
  return text.empty() ? "none" : text;
}
std::string brief(const SqlText& text) {
  return brief(text.sql);
}
std::string brief(bool value) {
  return value ? "yes" : "no";
}
/// A catalog's letter as the word that SQL has for it.
std::string letter_word(std::string_view field, char letter) {
  const auto is = [&](std::string_view name, char l) { return field == name && letter == l; };
  if (is("storage", ' ')) return "as the type has it";
  if (letter == ' ') return "none";
  if (is("identity", 'a')) return "always";
  if (is("identity", 'd')) return "by default";
  if (is("generated", 's')) return "stored";
  if (is("generated", 'v')) return "virtual";
  if (is("storage", 'p')) return "plain";
  if (is("storage", 'e')) return "external";
  if (is("storage", 'm')) return "main";
  if (is("storage", 'x')) return "extended";
  if (is("enabled", 'O')) return "yes";
  if (is("enabled", 'D')) return "no";
  if (is("enabled", 'R')) return "replica";
  if (is("enabled", 'A')) return "always";
  return std::string(1, letter);
}
std::string brief(std::int32_t value) {
  return std::to_string(value);
}
std::string brief(const Name& name) {
  return name.empty() ? "none" : quote_qualified(name.schema, name.name);
}
std::string brief(const ObjectId& id) {
  return id.name.empty() ? "none" : name_of(id);
}
std::string brief(const Options& options) {
  std::string text;
  for (const Option& o : options)
    text += (text.empty() ? "" : ", ") + o.name + (o.value.empty() ? "" : "=" + o.value);
  return brief(text);
}
std::string brief(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return brief(text);
}
std::string brief(const PolicyRoles& roles) {
  return roles.empty() ? "PUBLIC" : brief(static_cast<const std::vector<std::string>&>(roles));
}
std::string brief(const std::vector<Name>& names) {
  std::string text;
  for (const Name& name : names) text += (text.empty() ? "" : ", ") + brief(name);
  return brief(text);
}
template <class T>
std::string brief(const T&) {
  return "";
}

template <class T>
std::string brief_of(std::string_view field, const T& value) {
  if constexpr (std::is_same_v<T, char>)
    return letter_word(field, value);
  else
    return brief(value);
}

bool fits(const std::string& text) {
  return !text.empty() && text.size() <= kShort && text.find('\n') == std::string::npos;
}

template <class T>
std::vector<std::string> details_of(const T& was, const T& now,
                                    const std::vector<std::string_view>& fields) {
  std::vector<std::string> details;
  for_each_field(was, now, [&](std::string_view name, const auto& a, const auto& b) {
    if (std::ranges::find(fields, name) == fields.end()) return;
    const std::string from = brief_of(name, a), to = brief_of(name, b);
    details.push_back(fits(from) && fits(to) ? std::string(name) + ": " + from + " -> " + to
                                             : std::string(name));
  });
  return details;
}

std::vector<std::string> details(const PlanRequest& request, const Change& change) {
  if (change.op == Change::Op::Rename) return {"from: " + name_of(change.from)};
  std::vector<std::string> found;
  if (change.op != Change::Op::Alter) return found;
  for_each_kind(request.desired, [&](const auto& objects) {
    using T = typename std::decay_t<decltype(objects)>::mapped_type;
    if (T::kKind != change.id.kind) return;
    const T* was = request.live.template find<T>(change.id);
    const T* now = request.desired.template find<T>(change.id);
    if (was != nullptr && now != nullptr) found = details_of(*was, *now, change.fields);
  });
  return found;
}

std::string word(Change::Op op) {
  switch (op) {
    case Change::Op::Create: return "create";
    case Change::Op::Alter: return "alter";
    case Change::Op::Drop: return "drop";
    case Change::Op::Rename: return "rename";
  }
  return "";
}

/// Is it said already by the change of the relation it is a part of, or of a parent table?
bool said(const PlanRequest& request, const Fates& fates, const Change& change,
          TableFateFinder& tables) {
  const ObjectId& id = change.id;
  if (change.op == Change::Op::Rename) return false;
  if (id.kind == Kind::Role && change.op == Change::Op::Drop) return true;
  if (fates.with.contains(id)) return true;
  if (!is_part(id)) return false;
  if (change.op == Change::Op::Drop) return fates.is(relation_in(request.live, id), Fate::Drop);
  if (change.op != Change::Op::Create) return false;
  if (id.kind != Kind::Column && id.kind != Kind::Constraint) return false;
  const Destiny* table = tables.of(id);
  return table != nullptr && table->fate == Fate::Create;
}

}  // namespace

std::vector<PlannedChange> planned_changes(const PlanRequest& request, const Fates& fates) {
  std::vector<PlannedChange> planned;
  planned.reserve(request.changes.size());
  TableFateFinder tables(fates);
  ObjectFinder desired(request.desired);
  for (const Change& change : request.changes)
    if (!said(request, fates, change, tables))
      planned.push_back({.action = word(change.op),
                         .object = to_string(change.id),
                         .details = details(request, change),
                         .maybe_cosmetic = change.maybe_cosmetic,
                         .source = request.sources.describe(desired.place_of(change.id))});
  return planned;
}

}  // namespace aloft
