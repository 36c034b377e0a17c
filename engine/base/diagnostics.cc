#include "engine/base/diagnostics.h"

#include <algorithm>
#include <tuple>

namespace aloft {
namespace {

auto place(const Diagnostic& d) {
  return std::tie(d.at.file, d.at.line, d.at.column, d.code, d.message);
}

}  // namespace

void Diagnostics::error(std::string_view code, std::string message, std::string remedy,
                        SourcePos at) {
  all_.push_back({Severity::Error, code, std::move(message), std::move(remedy), at});
}

void Diagnostics::warning(std::string_view code, std::string message, std::string remedy,
                          SourcePos at) {
  all_.push_back({Severity::Warning, code, std::move(message), std::move(remedy), at});
}

bool Diagnostics::has_errors() const {
  return std::ranges::any_of(all_, [](const auto& d) { return d.severity == Severity::Error; });
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  auto result = all_;
  std::ranges::stable_sort(result,
                           [](const auto& a, const auto& b) { return place(a) < place(b); });
  const auto [first, last] = std::ranges::unique(
      result, [](const auto& a, const auto& b) { return place(a) == place(b); });
  result.erase(first, last);
  return result;
}

std::string to_string(const Diagnostic& d, const Sources& sources) {
  std::string text = sources.describe(d.at);
  if (!text.empty()) text += ": ";
  text += d.severity == Severity::Error ? "error: " : "warning: ";
  text += d.message + " [" + std::string(d.code) + "]\n";
  if (const std::string excerpt = sources.excerpt(d.at); !excerpt.empty()) text += excerpt + "\n";
  if (!d.remedy.empty()) text += "  -> " + d.remedy + "\n";
  return text;
}

}  // namespace aloft
