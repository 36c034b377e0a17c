#include "engine/introspect/same_plan.h"

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/base/sql.h"

namespace aloft {
namespace {

using nlohmann::json;

json plan_of(const std::string& answer) {
  return std::move(json::parse(answer).at(0).at("Plan"));
}

/// In the order of the plan's nodes.
void collect_aliases(const json& value, std::vector<std::string>& aliases) {
  if (value.is_object())
    if (const auto alias = value.find("Alias"); alias != value.end())
      aliases.push_back(alias->get<std::string>());
  if (value.is_structured())
    for (const json& child : value) collect_aliases(child, aliases);
}

bool in_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

/// Where the quoted text that begins at `begin` ends; a doubled quote is part of it.
std::size_t end_of_quoted(const std::string& text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] != quote) continue;
    if (i + 1 == text.size() || text[i + 1] != quote) return i + 1;
    ++i;
  }
  return text.size();
}

/// Gives the qualifiers of columns in an expression other names; keys and values quoted.
std::string with_qualifiers(const std::string& text,
                            const std::map<std::string, std::string>& names) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (text[i] == '\'' || text[i] == '"')
      end = end_of_quoted(text, i);
    else
      while (in_identifier(text[i]) && end < text.size() && in_identifier(text[end])) ++end;
    std::string token = text.substr(i, end - i);
    const bool qualifier = end < text.size() && text[end] == '.' && (i == 0 || text[i - 1] != '.');
    const auto other = qualifier ? names.find(token) : names.end();
    result += other == names.end() ? std::move(token) : other->second;
    i = end;
  }
  return result;
}

void rename(json& value, const std::map<std::string, std::string>& names) {
  if (value.is_string()) value = with_qualifiers(value.get<std::string>(), names);
  if (!value.is_structured()) return;
  if (value.is_object()) value.erase("Alias");
  for (json& child : value) rename(child, names);
}

}  // namespace

bool same_plan(const std::string& a, const std::string& b) {
  json left = plan_of(a), right = plan_of(b);
  if (left == right) return true;
  std::vector<std::string> lefts, rights;
  collect_aliases(left, lefts);
  collect_aliases(right, rights);
  if (lefts.size() != rights.size()) return false;
  std::map<std::string, std::string> to_right, to_left;
  for (std::size_t i = 0; i < lefts.size(); ++i) {
    const std::string from = quote_ident(lefts[i]), to = quote_ident(rights[i]);
    if (to_right.try_emplace(from, to).first->second != to) return false;
    if (to_left.try_emplace(to, from).first->second != from) return false;
  }
  rename(left, to_right);
  rename(right, {});
  return left == right;
}

}  // namespace aloft
