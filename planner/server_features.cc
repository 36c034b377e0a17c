#include "planner/server_features.h"

#include <algorithm>

#include "planner/emit/sql_scan.h"

namespace aloft {
namespace {

/// Something that PostgreSQL has since a version, as server_version_num.
struct Feature {
  std::string_view words{};
  int since = 0;
};
constexpr Feature kNullsNotDistinct{"NULLS NOT DISTINCT", 150000};
constexpr Feature kSetColumns{"ON DELETE SET of some of the columns", 150000};
constexpr Feature kSecurityInvoker{"security_invoker", 150000};
constexpr Feature kUnloggedSequence{"UNLOGGED of a sequence", 150000};
constexpr Feature kMaintain{"the privilege MAINTAIN", 170000};
constexpr Feature kVirtual{"a virtual generated column", 180000};

using Features = std::vector<Feature>;

/// Whether the words follow each other in the text, outside of quotes and parentheses.
bool says(std::string_view text, std::initializer_list<std::string_view> words) {
  const auto tokens = top_tokens(text);
  const auto same = [](const TopToken& token, std::string_view word) { return token.word == word; };
  return !std::ranges::search(tokens, words, same).empty();
}

/// ON DELETE SET NULL (a) or SET DEFAULT (a).
bool sets_columns(std::string_view text) {
  const auto tokens = top_tokens(text);
  for (std::size_t i = 2; i < tokens.size(); ++i) {
    const bool action = tokens[i].word == "NULL" || tokens[i].word == "DEFAULT";
    if (action && tokens[i - 1].word == "SET" && tokens[i - 2].word == "DELETE" &&
        text.substr(tokens[i].end).starts_with(" ("))
      return true;
  }
  return false;
}

void add_grants(const Grants& grants, Features& features) {
  if (std::ranges::find(grants, "MAINTAIN", &Grant::privilege) != grants.end())
    features.push_back(kMaintain);
}

template <class T>
Features features_of(const T&) {
  return {};
}
Features features_of(const Constraint& constraint) {
  Features features;
  if (says(constraint.definition.sql, {"NULLS", "NOT", "DISTINCT"}))
    features.push_back(kNullsNotDistinct);
  if (constraint.type == Constraint::Type::ForeignKey && sets_columns(constraint.definition.sql))
    features.push_back(kSetColumns);
  return features;
}
Features features_of(const Index& index) {
  if (says(index.definition.sql, {"NULLS", "NOT", "DISTINCT"})) return {kNullsNotDistinct};
  return {};
}
Features features_of(const Sequence& sequence) {
  if (sequence.unlogged) return {kUnloggedSequence};
  return {};
}
Features features_of(const Column& column) {
  if (column.generated == 'v') return {kVirtual};
  return {};
}
Features features_of(const Table& table) {
  Features features;
  add_grants(table.grants, features);
  return features;
}
Features features_of(const View& view) {
  Features features;
  add_grants(view.grants, features);
  if (std::ranges::find(view.options, "security_invoker", &Option::name) != view.options.end())
    features.push_back(kSecurityInvoker);
  return features;
}

template <class T>
void report(const ObjectId& id, const T& object, const Facts& facts, Diagnostics& diagnostics) {
  for (const Feature& feature : features_of(object))
    if (facts.server_version < feature.since)
      diagnostics.error("server-version",
                        to_string(id) + ": " + std::string(feature.words) + " needs PostgreSQL " +
                            std::to_string(feature.since / 10000) + ", and the server is " +
                            facts.server_version_text,
                        "take it out of the files, or upgrade the server first", object.at);
}

}  // namespace

void report_missing_features(const PlanRequest& request, Diagnostics& diagnostics) {
  if (request.facts.server_version_text.empty()) return;
  for (const Change& change : request.changes) {
    if (change.op == Change::Op::Drop) continue;
    for_each_kind(request.desired, [&](const auto& objects) {
      const auto it = objects.find(change.id);
      if (it != objects.end()) report(it->first, it->second, request.facts, diagnostics);
    });
  }
}

}  // namespace aloft
