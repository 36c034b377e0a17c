#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "planner/order.h"

namespace aloft {
namespace {

/// The comma-separated items of the parenthesised list after `word`; empty if there is none.
std::vector<std::string> items_after(const std::string& text, const std::string& word) {
  std::size_t i = text.find(word);
  if (i == std::string::npos || (i = text.find('(', i)) == std::string::npos) return {};
  std::vector<std::string> items(1);
  int depth = 0;
  bool quoted = false;
  for (++i; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'') quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (!quoted && c == ')' && depth-- == 0) break;
    if (!quoted && depth == 0 && c == ',')
      items.emplace_back();
    else if (quoted || c != ' ')
      items.back() += c;
  }
  return items;
}

/// A constant without its cast and quotes.
std::string bare(std::string text) {
  if (const std::size_t cast = text.rfind("::"); cast != std::string::npos) text.resize(cast);
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'')
    text = text.substr(1, text.size() - 2);
  return text;
}

std::optional<double> number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return std::nullopt;
  return value;
}

/// Less than zero, zero or more: how two constants of a bound compare. Times in ISO form compare as
/// texts do.
int compare(const std::string& a, const std::string& b) {
  const std::string x = bare(a), y = bare(b);
  if (x == y) return 0;
  if (x == "MINVALUE" || y == "MAXVALUE") return -1;
  if (x == "MAXVALUE" || y == "MINVALUE") return 1;
  const auto m = number(x), n = number(y);
  if (m && n) return *m < *n ? -1 : *m > *n ? 1 : 0;
  return x < y ? -1 : 1;
}

bool ranges_overlap(const std::string& a, const std::string& b) {
  const auto from_a = items_after(a, "FROM"), to_a = items_after(a, " TO ");
  const auto from_b = items_after(b, "FROM"), to_b = items_after(b, " TO ");
  if (from_a.empty() || to_a.empty() || from_b.empty() || to_b.empty()) return true;
  const int gap_ab = compare(to_a.front(), from_b.front());
  const int gap_ba = compare(to_b.front(), from_a.front());
  if (from_a.size() == 1) return gap_ab > 0 && gap_ba > 0;
  return gap_ab >= 0 && gap_ba >= 0;  // the further columns may still keep them apart
}

bool lists_overlap(const std::string& a, const std::string& b) {
  const auto in_a = items_after(a, "IN"), in_b = items_after(b, "IN");
  return std::ranges::any_of(in_a, [&](const std::string& x) {
    return std::ranges::any_of(in_b, [&](const std::string& y) { return compare(x, y) == 0; });
  });
}

bool hashes_overlap(const std::string& a, const std::string& b) {
  long m = 0, n = 0, r = 0, s = 0;
  const auto read = [](const std::string& text, const char* word) {
    const std::size_t i = text.find(word);
    return i == std::string::npos ? 0L : std::strtol(text.c_str() + i + 9, nullptr, 10);
  };
  m = read(a, "modulus"), n = read(b, "modulus");
  r = read(a, "remainder"), s = read(b, "remainder");
  const long common = std::gcd(m, n);
  return common == 0 || (r - s) % common == 0;
}

bool range_within(const std::string& a, const std::string& b) {
  const auto from_a = items_after(a, "FROM"), to_a = items_after(a, " TO ");
  const auto from_b = items_after(b, "FROM"), to_b = items_after(b, " TO ");
  for (const auto* side : {&from_a, &to_a, &from_b, &to_b})
    if (side->size() != 1) return false;
  return compare(from_b.front(), from_a.front()) <= 0 && compare(to_a.front(), to_b.front()) <= 0;
}

bool list_within(const std::string& a, const std::string& b) {
  const auto in_a = items_after(a, "IN"), in_b = items_after(b, "IN");
  return std::ranges::all_of(in_a, [&](const std::string& x) {
    return std::ranges::any_of(in_b, [&](const std::string& y) { return compare(x, y) == 0; });
  });
}

}  // namespace

bool bound_within(const std::string& a, const std::string& b) {
  const auto both = [&](const char* word) {
    return a.find(word) != std::string::npos && b.find(word) != std::string::npos;
  };
  if (both(" FROM ")) return range_within(a, b);
  return both(" IN ") && list_within(a, b);
}

bool bounds_may_overlap(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto is = [&](const char* word) {
    return a.find(word) != std::string::npos && b.find(word) != std::string::npos;
  };
  if (a.find("DEFAULT") == 0 || b.find("DEFAULT") == 0) return false;
  if (is(" FROM ")) return ranges_overlap(a, b);
  if (is("modulus")) return hashes_overlap(a, b);
  if (is(" IN ")) return lists_overlap(a, b);
  return true;
}

}  // namespace aloft
