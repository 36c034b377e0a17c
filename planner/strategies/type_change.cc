// classify_type_change(): which changes of a column's type PostgreSQL does without writing the
// table.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "planner/emit/column_sql.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

/// A type name as format_type() prints it, taken apart: "timestamp(3) without time zone[]".
struct TypeName {
  std::string base{};       ///< "timestamp without time zone"
  std::vector<int> mods{};  ///< {3}
  bool array = false;
};

TypeName take_apart(std::string text) {
  TypeName type;
  while (text.ends_with("[]")) {
    type.array = true;
    text.resize(text.size() - 2);
  }
  const auto open = text.find('('), close = text.find(')');
  if (open != std::string::npos && close != std::string::npos && text.front() != '"') {
    const std::string inside = text.substr(open + 1, close - open - 1);
    type.mods.push_back(std::atoi(inside.c_str()));
    if (const auto comma = inside.find(','); comma != std::string::npos)
      type.mods.push_back(std::atoi(inside.c_str() + comma + 1));
    text.erase(open, close - open + 1);
  }
  type.base = text;
  return type;
}

/// The type a domain stands for in the end; a type that is none, itself.
std::string base_type(const std::string& type, const Snapshot& snapshot) {
  if (type.find('.') == std::string::npos) return type;
  for (const auto& [id, domain] : snapshot.domains)
    if (quote_qualified(id.schema, id.name) == type) return base_type(domain.type, snapshot);
  return type;
}

bool is_citext(const std::string& base) {
  return base == "citext" || base.ends_with(".citext");
}
bool is_unlimited_text(const TypeName& t) {
  return t.base == "text" || (t.base == "character varying" && t.mods.empty());
}
bool is_text_like(const TypeName& t) {
  return t.base == "text" || t.base == "character varying";
}
bool is_time(const std::string& base) {
  return base.starts_with("timestamp") || base.starts_with("time ") || base.starts_with("interval");
}
int precision(const TypeName& t) {
  return t.mods.empty() ? 6 : t.mods.front();
}

/// Same base type: does every value stay as it is stored?
bool mods_widen(const TypeName& from, const TypeName& to) {
  if (from.mods == to.mods) return true;
  if (is_time(to.base)) return precision(to) >= precision(from);
  if (from.array) return false;  // each element goes through the cast
  if (to.base == "character varying" || to.base == "bit varying")
    return to.mods.empty() || (!from.mods.empty() && to.mods[0] >= from.mods[0]);
  if (to.base == "numeric") {
    if (to.mods.empty()) return true;
    if (from.mods.empty()) return false;
    const auto scale = [](const TypeName& t) { return t.mods.size() > 1 ? t.mods[1] : 0; };
    return to.mods[0] >= from.mods[0] && scale(from) == scale(to);
  }
  return false;
}

using Pair = std::pair<std::string_view, std::string_view>;
bool is_pair(const TypeName& from, const TypeName& to, std::initializer_list<Pair> pairs) {
  return std::ranges::any_of(
      pairs, [&](const Pair& p) { return p.first == from.base && p.second == to.base; });
}

std::optional<TypeChange> across_bases(const TypeName& from, const TypeName& to) {
  using enum TypeChange;
  if (from.array || to.array) return std::nullopt;
  if (is_text_like(from) && is_unlimited_text(to)) return Free;
  if (is_citext(to.base) && is_text_like(from)) return Reindex;
  if (is_citext(from.base) && is_unlimited_text(to)) return Reindex;
  if (is_pair(from, to,
              {{"cidr", "inet"},
               {"regclass", "oid"},
               {"xml", "text"},
               {"interval", "interval day to second"},
               {"interval day to second", "interval"}}))
    return Free;
  if (is_pair(from, to, {{"integer", "oid"}, {"oid", "integer"}})) return Reindex;
  if (is_pair(from, to, {{"bit", "bit varying"}}) && to.mods.empty()) return Reindex;
  if (is_pair(from, to,
              {{"timestamp without time zone", "timestamp with time zone"},
               {"timestamp with time zone", "timestamp without time zone"}}) &&
      precision(to) >= precision(from))
    return Reindex;
  return std::nullopt;
}

}  // namespace

bool cuts_in_silence(const std::string& type) {
  return type.starts_with("character(") || type.starts_with("character varying(") ||
         type.starts_with("bit(") || type.starts_with("bit varying(");
}

TypeChange classify_type_change(const Column& from, const Column& to, const PlanContext& ctx) {
  using enum TypeChange;
  const TypeChange same = from.collation == to.collation ? Free : Reindex;
  if (from.type == to.type) return same;
  if (is_constrained_domain(to.type, ctx.desired)) return Rewrite;
  const TypeName a = take_apart(base_type(from.type, ctx.live));
  const TypeName b = take_apart(base_type(to.type, ctx.desired));
  std::optional<TypeChange> change;
  if (a.base == b.base && a.array == b.array)
    change = mods_widen(a, b) ? Free : Rewrite;
  else
    change = across_bases(a, b);
  if (!change) return Rewrite;
  return std::max(*change, same);
}

}  // namespace aloft
