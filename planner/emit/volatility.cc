// is_volatile(): whether a default is computed once for all rows or row by row.

#include <algorithm>
#include <array>
#include <cctype>

#include "planner/emit/column_sql.h"

namespace aloft {
namespace {

// pg_catalog's functions that are volatile (pg_proc.provolatile) and make sense in a default,
// sorted.
constexpr auto kVolatile = std::to_array<std::string_view>({
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "pg_current_xact_id_if_assigned",
    "random",
    "random_normal",
    "set_config",
    "setval",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
});

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '"' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

bool function_is_volatile(std::string name, const Snapshot& desired) {
  std::erase(name, '"');
  const auto dot = name.rfind('.');
  const std::string last = dot == std::string::npos ? name : name.substr(dot + 1);
  if (std::ranges::binary_search(kVolatile, last)) return true;
  for (const auto& [id, function] : desired.functions) {
    if (id.name != last) continue;
    const auto it = std::ranges::find(function.properties, "volatility", &Option::name);
    return it == function.properties.end() || it->value == "VOLATILE";
  }
  // pg_catalog's others are stable or immutable; of a function that nobody knows, PostgreSQL's
  // default is to be feared.
  return dot != std::string::npos && !name.starts_with("pg_catalog.");
}

}  // namespace

bool is_volatile(const std::string& expression, const Snapshot& desired) {
  char quote = 0;
  std::string word;
  for (const char c : expression) {
    if (quote == '\'') {
      if (c == '\'') quote = 0;
    } else if (c == '\'') {
      quote = c;
      word.clear();
    } else if (c == '(') {
      if (!word.empty() && function_is_volatile(word, desired)) return true;
      word.clear();
    } else if (is_name(c)) {
      word += c;
    } else {
      word.clear();
    }
  }
  return false;
}

}  // namespace aloft
