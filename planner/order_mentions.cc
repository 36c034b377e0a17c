#include <algorithm>
#include <cctype>
#include <map>

#include "planner/order.h"

namespace aloft {
namespace {

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

/// Calls f with each word of a text and the word before its dot, if it has one.
template <class F>
void for_each_word(const std::string& text, F&& f) {
  std::string before, word;
  for (std::size_t i = 0; i < text.size();) {
    if (!in_word(text[i])) {
      if (text[i] != '.' && text[i] != '"') before.clear();
      ++i;
      continue;
    }
    const std::size_t from = i;
    while (i < text.size() && in_word(text[i])) ++i;
    word.assign(text, from, i - from);
    if (from == 0 || text[from - 1] != '"')
      std::ranges::transform(word, word.begin(),
                             [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    f(word, before);
    before = word;
  }
}

bool runs(const Function& function) {
  return !function.body.sql.empty() &&
         (function.language == "sql" || function.language == "plpgsql");
}

}  // namespace

void add_mentions(StepGraph& graph, const PlanRequest& request, const Fates& fates,
                  const Nodes& nodes) {
  const auto functions = fates.of_kind(Kind::Function);
  if (functions.empty()) return;
  std::multimap<std::string, const ObjectId*> made;
  for (const Kind kind : {Kind::Function, Kind::Table, Kind::View})
    for (const auto& [id, destiny] : fates.of_kind(kind))
      if (makes(destiny.fate)) made.emplace(id.name, &id);
  if (made.empty()) return;
  for (const auto& [id, destiny] : functions) {
    const Function* function = request.desired.find<Function>(id);
    if (function == nullptr || !runs(*function)) continue;
    const Slots own = nodes.find(id);
    for_each_word(function->body.sql, [&](const std::string& word, const std::string& schema) {
      const auto [from, to] = made.equal_range(word);
      for (auto it = from; it != to; ++it) {
        const ObjectId named{.kind = Kind::Schema, .name = schema};
        if (schema != it->second->schema && request.desired.schemas.contains(named)) continue;
        graph.add(nodes.find(*it->second).create, own.create >= 0 ? own.create : own.alter, nullptr,
                  true);
      }
    });
  }
}

}  // namespace aloft
