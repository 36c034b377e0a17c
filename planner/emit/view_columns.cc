#include "planner/emit/view_columns.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "planner/emit/sql_scan.h"

namespace aloft {
namespace {

/// A query's outermost SELECT taken apart.
struct Shape {
  std::string_view with{};     ///< all that stands before SELECT
  std::string_view targets{};  ///< the columns
  std::string_view from{};     ///< FROM up to WHERE or whatever follows
};

bool one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// nullopt where the text is not a single plain SELECT.
std::optional<Shape> shape_of(std::string_view query) {
  const auto tokens = top_tokens(query);
  Shape shape;
  std::size_t select = query.size(), from = query.size(), end = query.size();
  for (const TopToken& token : tokens) {
    if (one_of(token.word, {"UNION", "INTERSECT", "EXCEPT", "VALUES", "INTO", "TABLE"}))
      return std::nullopt;
    if (token.word == "SELECT") {
      if (select != query.size()) return std::nullopt;
      select = token.end;
    } else if (token.word == "FROM" && select != query.size() && from == query.size()) {
      from = token.begin;
    } else if (one_of(token.word, {"WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET",
                                   "FETCH", "FOR"}) &&
               from != query.size()) {
      end = token.begin;
      break;
    } else if (token.word == "DISTINCT") {
      return std::nullopt;
    }
  }
  if (select == query.size() || from == query.size()) return std::nullopt;
  shape.with = query.substr(0, select);
  shape.targets = query.substr(select, from - select);
  shape.from = query.substr(from, end - from);
  return shape;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool keeps_columns(const View& from, const View& to) {
  if (from.columns.size() > to.columns.size() ||
      !std::equal(from.columns.begin(), from.columns.end(), to.columns.begin()))
    return false;
  const auto was = shape_of(from.query.canon), now = shape_of(to.query.canon);
  if (!was || !now || was->with != now->with || trimmed(was->from) != trimmed(now->from))
    return false;
  const std::string_view old_targets = trimmed(was->targets), targets = trimmed(now->targets);
  if (from.columns.size() == to.columns.size()) return old_targets == targets;
  return targets.starts_with(old_targets) && targets.substr(old_targets.size()).starts_with(",");
}

}  // namespace aloft
