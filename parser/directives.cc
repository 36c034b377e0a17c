#include "parser/directives.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace aloft {
namespace {

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

/// What follows `prefix`, trimmed; nullopt where the text does not begin with it as a whole word.
std::optional<std::string> after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  const std::string_view rest = text.substr(prefix.size());
  const bool open = prefix.back() == ':' || prefix.back() == '=';
  if (!rest.empty() && !open && rest.front() != ' ' && rest.front() != '\t') return std::nullopt;
  return trimmed(rest);
}

/// The bare name of an old name that may be quoted, or qualified with the table or schema.
std::string bare_name(std::string text) {
  if (!text.empty() && text.back() == ';') text.pop_back();
  const auto parsed = pg::parse_expression(text);
  const pg::Node* node = parsed ? pg::expression(*parsed) : nullptr;
  if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) {
    if (text.size() > 1 && text.front() == text.back() &&
        (text.front() == '"' || text.front() == '\''))
      text = text.substr(1, text.size() - 2);
    return text;
  }
  const PgQuery__ColumnRef& ref = *node->column_ref;
  return std::string(pg::str(ref.fields[ref.n_fields - 1]));
}

enum class Reading { None, Unknown, Known };

/// Reads a comment's text without its dashes.
Reading read_comment(const std::string& text, Directive& directive) {
  using enum Directive::What;
  const auto take = [&](Directive::What what, std::string argument) {
    directive.what = what;
    directive.argument = std::move(argument);
    const bool wants = what != Ignore && what != InPlace;
    return wants == directive.argument.empty() ? Reading::Unknown : Reading::Known;
  };
  if (auto old = after(text, "atlas:renamed_from")) return take(RenamedFrom, bare_name(*old));
  if (auto rest = after(text, "@renamed")) {
    const auto old = after(*rest, "from=");
    return old ? take(RenamedFrom, bare_name(*old)) : Reading::Unknown;
  }
  const auto ours = after(text, "aloft:");
  if (!ours) return Reading::None;
  if (auto old = after(*ours, "renamed from")) return take(RenamedFrom, bare_name(*old));
  if (auto expr = after(*ours, "backfill")) return take(Backfill, *expr);
  if (auto expr = after(*ours, "using")) return take(Using, *expr);
  if (auto expr = after(*ours, "reverse")) return take(Reverse, *expr);
  if (auto rest = after(*ours, "ignore")) return take(Ignore, *rest);
  if (auto rest = after(*ours, "in place")) return take(InPlace, *rest);
  return Reading::Unknown;
}

std::size_t line_start(const std::string& text, std::size_t offset) {
  if (offset == 0) return 0;
  const auto newline = text.rfind('\n', offset - 1);
  return newline == std::string::npos ? 0 : newline + 1;
}

/// The first byte of the line that the comment at `offset` of a file speaks of: its own if anything
/// stands before it there, else the next that is neither blank nor a comment.
std::size_t spoken_line(const std::string& text, std::size_t offset) {
  const std::size_t own = line_start(text, offset);
  if (!trimmed(std::string_view(text).substr(own, offset - own)).empty()) return own;
  for (std::size_t at = text.find('\n', offset); at != std::string::npos;
       at = text.find('\n', at + 1)) {
    const std::string line =
        trimmed(std::string_view(text).substr(at + 1, text.find('\n', at + 1) - (at + 1)));
    if (!line.empty() && !line.starts_with("--")) return at + 1;
  }
  return text.size();
}

}  // namespace

void read_directives(const Sources& sources, std::uint32_t file, std::size_t begin,
                     const std::string& text, std::vector<Directive>& directives,
                     Diagnostics& diagnostics) {
  if (text.find("aloft:") == std::string::npos && text.find("@renamed") == std::string::npos &&
      text.find("atlas:renamed_from") == std::string::npos)
    return;
  const PgQueryScanResult scanned = pg_query_scan(text.c_str());
  if (scanned.error != nullptr) return pg_query_free_scan_result(scanned);
  auto* tokens = pg_query__scan_result__unpack(
      nullptr, scanned.pbuf.len, reinterpret_cast<const std::uint8_t*>(scanned.pbuf.data));
  for (const auto* token : pg::list(tokens->n_tokens, tokens->tokens)) {
    if (token->token != PG_QUERY__TOKEN__SQL_COMMENT) continue;
    const auto from = static_cast<std::size_t>(token->start);
    const auto length = static_cast<std::size_t>(token->end - token->start);
    std::string comment = text.substr(from, length);
    comment.erase(0, comment.find_first_not_of('-'));
    Directive directive;
    directive.at = sources.position(file, begin + from);
    const Reading reading = read_comment(trimmed(comment), directive);
    if (reading == Reading::None) continue;
    if (reading == Reading::Unknown) {
      diagnostics.error("unknown-directive", "unknown directive: -- " + trimmed(comment),
                        "The directives are: renamed from OLD, backfill EXPRESSION, using "
                        "EXPRESSION, reverse EXPRESSION, ignore, in place.",
                        directive.at);
      continue;
    }
    const std::string& whole = sources.file(file).text;
    directive.offset = spoken_line(whole, begin + from);
    directive.trails = directive.offset == line_start(whole, begin + from);
    directives.push_back(std::move(directive));
  }
  pg_query__scan_result__free_unpacked(tokens, nullptr);
  pg_query_free_scan_result(scanned);
}

void report_unused(const std::vector<Directive>& directives, Diagnostics& diagnostics) {
  for (const Directive& directive : directives)
    if (!directive.used)
      diagnostics.error("unused-directive", "nothing on the line this speaks of can take it",
                        "Put it on the line before the definition, or at the end of its line.",
                        directive.at);
}

namespace {

/// The first byte of the line that a node stands on; location < 0: the statement.
std::size_t line_of(const Statement& st, int location) {
  const std::size_t offset =
      location < 0 ? st.begin : st.tree_base + static_cast<std::size_t>(location);
  return line_start(st.sources.file(st.file).text, offset);
}

}  // namespace

const Directive* take_directive(const Statement& st, int location, Directive::What what) {
  if (st.directives == nullptr || st.directives->empty()) return nullptr;
  const std::size_t line = line_of(st, location);
  for (const Directive& directive : *st.directives) {
    if (directive.what != what || directive.offset != line || directive.used) continue;
    directive.used = true;
    return &directive;
  }
  return nullptr;
}

std::string renamed_from(const Statement& st, int location, const std::vector<int>& elements,
                         ParseContext& context) {
  if (st.directives == nullptr || st.directives->empty()) return "";
  const std::size_t line = line_of(st, location);
  const SourcePos end = st.sources.position(st.file, st.end);
  bool columns_own = false;
  for (const Directive& directive : *st.directives) {
    const bool within =
        std::pair{directive.at.line, directive.at.column} < std::pair{end.line, end.column};
    if (directive.used || !directive.trails || !within) continue;
    const auto there = std::ranges::count_if(
        elements, [&](int element) { return line_of(st, element) == directive.offset; });
    columns_own |= there > 0 && directive.offset == line;
    if (there < 2) continue;
    context.diagnostics.error("ambiguous-directive",
                              "several definitions start on the line this speaks of",
                              "Put what it speaks of on a line of its own.", directive.at);
    directive.used = true;
  }
  return columns_own ? "" : renamed_from(st, location);
}

std::string renamed_from(const Statement& st, int location) {
  const Directive* directive = take_directive(st, location, Directive::What::RenamedFrom);
  return directive == nullptr ? "" : directive->argument;
}

}  // namespace aloft
