#include "cli/render_evidence.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/text_layout.h"

namespace aloft {
namespace {

constexpr std::size_t kMost = 20;  ///< of a list

std::string index_words(const ScannedIndex& index) {
  std::string text = fmt::format("{}: {} scan{}", quote_qualified(index.schema, index.name),
                                 count_text(index.scans), index.scans == 1 ? "" : "s");
  if (!index.last_scan.empty()) text += ", the last at " + index.last_scan;
  return text;
}

void list_statements(const Evidence& evidence, TextLayout& out) {
  if (evidence.statements.empty()) return;
  out.line("Still called since " + evidence.since + ", and they fail after contract:");
  for (std::size_t i = 0; i < evidence.statements.size() && i < kMost; ++i) {
    const NamingStatement& s = evidence.statements[i];
    out.paragraph(2, fmt::format("{} call{} by {}, naming {}:", count_text(s.calls),
                                 s.calls == 1 ? "" : "s", s.login, listed(s.names)));
    out.paragraph(4, s.text, Ink::Plain, 2);
  }
  if (evidence.statements.size() > kMost)
    out.line(fmt::format("  and {} more", evidence.statements.size() - kMost));
}

void list_indexes(const Evidence& evidence, TextLayout& out) {
  if (evidence.indexes.empty()) return;
  out.line("Still scanned since " + evidence.since + ", and dropped by contract:");
  for (const ScannedIndex& index : evidence.indexes) out.paragraph(2, index_words(index));
}

void say_unknown(const Evidence& evidence, TextLayout& out) {
  if (!evidence.unread.empty()) {
    out.line("Hold such a name and could not be read, so that they do not count:");
    for (std::size_t i = 0; i < evidence.unread.size() && i < kMost; ++i)
      out.paragraph(2, evidence.unread[i], Ink::Plain, 2);
    if (evidence.unread.size() > kMost)
      out.line(fmt::format("  and {} more", evidence.unread.size() - kMost));
  }
  if (evidence.hidden > 0)
    out.paragraph(0, fmt::format("{} of other logins cannot be read and were not looked at: grant "
                                 "this login pg_read_all_stats.",
                                 plural(static_cast<std::size_t>(evidence.hidden), "statement")));
  if (!evidence.missing.empty())
    out.paragraph(0, "Whether statements still name what contract takes away is not known: " +
                         evidence.missing + ".");
  else if (evidence.since.empty())
    out.paragraph(
        0,
        "Whether what contract takes away is still used is not known: nothing was counted "
        "since expand. aloft status --new-baseline counts from now on.");
}

bool is_clear(const Evidence& e) {
  return !e.speaks_against() && e.unread.empty() && e.hidden == 0 && e.missing.empty() &&
         !e.since.empty();
}

}  // namespace

std::string evidence_text(const Evidence& evidence) {
  TextLayout out(false);
  if (!evidence.asked) return "";
  list_statements(evidence, out);
  list_indexes(evidence, out);
  say_unknown(evidence, out);
  if (is_clear(evidence))
    out.line("Nothing that contract takes away was used since " + evidence.since + ".");
  return out.text();
}

nlohmann::ordered_json evidence_json(const Evidence& evidence) {
  using Json = nlohmann::ordered_json;
  Json statements = Json::array(), indexes = Json::array();
  for (const NamingStatement& s : evidence.statements)
    statements.push_back(
        {{"text", s.text}, {"names", s.names}, {"login", s.login}, {"calls", s.calls}});
  for (const ScannedIndex& i : evidence.indexes)
    indexes.push_back({{"index", quote_qualified(i.schema, i.name)},
                       {"scans", i.scans},
                       {"last_scan", i.last_scan}});
  return {{"since", evidence.since},  {"missing", evidence.missing}, {"hidden", evidence.hidden},
          {"statements", statements}, {"unread", evidence.unread},   {"indexes", indexes}};
}

}  // namespace aloft
