#include <algorithm>

#include "planner/emit/sql_scan.h"
#include "planner/emit/table_sql.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

/// The items of a list, cut at top-level commas and trimmed.
std::vector<std::string> items(std::string_view list) {
  std::vector<std::string> result{""};
  int depth = 0;
  char quote = 0;
  for (const char c : list) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[') {
      ++depth;
    } else if (c == ')' || c == ']') {
      --depth;
    } else if (c == ',' && depth == 0) {
      result.emplace_back();
      continue;
    } else if (c == ' ' && result.back().empty()) {
      continue;
    }
    result.back() += c;
  }
  return result;
}

/// What the first parenthesised group at or after `from` holds; `from` is moved past it.
std::string group(const std::string& text, std::size_t& from) {
  const std::size_t start = text.find('(', from);
  const std::size_t end = start == std::string::npos ? std::string::npos : after_group(text, start);
  if (end == std::string::npos) return {};
  from = end;
  return text.substr(start + 1, end - start - 2);
}

/// A value of a bound as one of the key's type: an expression has no assignment cast.
std::string typed(const std::string& value, const std::string& type) {
  const bool adapts = type.empty() || value.starts_with('\'') || value == "NULL";
  for (const std::string_view number : {"smallint", "integer", "bigint", "numeric"})
    if (type.starts_with(number)) return value;
  return adapts ? value : "(" + value + ")::" + type;
}

std::string list_condition(const std::string& key, const std::string& bound,
                           const std::string& type) {
  std::size_t at = 0;
  std::vector<std::string> values = items(group(bound, at));
  const bool nulls = std::erase(values, "NULL") > 0;
  for (std::string& value : values) value = typed(value, type);
  if (values.empty()) return key + " IS NULL";
  std::string in;
  for (const std::string& value : values) in += (in.empty() ? "" : ", ") + value;
  const std::string test =
      values.size() == 1 ? key + " = " + values.front() : key + " IN (" + in + ")";
  return nulls ? "(" + key + " IS NULL) OR (" + test + ")"
               : "(" + key + " IS NOT NULL) AND (" + test + ")";
}

std::string range_condition(const std::string& key, const std::string& bound,
                            const std::string& type) {
  std::size_t at = bound.find("FROM");
  if (at == std::string::npos) return {};
  const std::string from = group(bound, at), to = group(bound, at);
  std::string condition = "(" + key + " IS NOT NULL)";
  if (from != "MINVALUE") condition += " AND (" + key + " >= " + typed(from, type) + ")";
  if (to != "MAXVALUE") condition += " AND (" + key + " < " + typed(to, type) + ")";
  return condition;
}

}  // namespace

std::string bound_condition(const std::string& key, const std::string& bound,
                            const std::string& type) {
  const std::vector<std::string> keys = key_items(key);
  if (keys.size() != 1 || keys.front().empty()) return {};
  // A collation or operator class after the key is not part of the expression.
  const bool plain = keys.front().find(' ') == std::string::npos;
  if (!plain) return {};
  if (key.starts_with("LIST") && bound.find(" IN (") != std::string::npos)
    return list_condition(keys.front(), bound, type);
  if (key.starts_with("RANGE") && bound.find("FROM") != std::string::npos)
    return range_condition(keys.front(), bound, type);
  return {};
}

std::vector<std::string> key_items(const std::string& key) {
  std::size_t at = 0;
  return items(group(key, at));
}

}  // namespace aloft
