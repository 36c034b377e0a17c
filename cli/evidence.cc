#include "cli/evidence.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "cli/render_evidence.h"
#include "engine/db/db_error.h"
#include "parser/lost_names.h"
#include "parser/mentions.h"
#include "parser/statement_names.h"

namespace aloft {
namespace {

/// What contract takes away under the names that applications use: not what is there for the run
/// alone.
std::set<ObjectId> names_lost(const Plan& plan, const std::vector<std::string>& done) {
  std::vector<std::string> statements;
  for (const Step& step : plan.steps)
    if (step.phase == Phase::Contract && std::ranges::find(done, step.id) == done.end())
      statements.insert(statements.end(), step.sql.begin(), step.sql.end());
  std::set<ObjectId> lost = lost_names(statements);
  for (const ObjectId& id : plan.scaffold)
    if (id.kind == Kind::Column || id.kind == Kind::Table) lost.erase(id);
  for (const Alias& alias : plan.aliases) lost.erase(alias.now);
  return lost;
}

/// The statements of the plan itself, by their shapes.
class OwnStatements {
 public:
  explicit OwnStatements(const Plan& plan) {
    for (const Step& step : plan.steps)
      for (const auto* statements : {&step.sql, &step.undo})
        for (const std::string& statement : *statements) shapes_.insert(shape_of(statement));
  }
  bool has(const std::string& text) const {
    return text.find(kOwnMark) != std::string::npos || shapes_.contains(shape_of(text)) ||
           names_schema(text, "aloft");
  }

 private:
  std::set<std::string> shapes_{};
};

std::string one_line(const std::string& text) {
  constexpr std::size_t kShown = 160;
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.size() <= kShown) return line;
  std::size_t end = kShown;  // never within a character of UTF-8
  while ((static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  return line.substr(0, end) + " ...";
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Whether one of the names stands in the text as a word, quoted or not.
bool holds_word(const std::string& text, const std::set<ObjectId>& names) {
  return std::ranges::any_of(
      names, [&](const ObjectId& id) { return mentions_word(lower(text), lower(id.name)); });
}

void weigh(const CalledStatement& called, const std::set<ObjectId>& lost, const OwnStatements& own,
           Evidence& evidence) {
  const auto named = named_in(called.text, lost);
  if (named && named->empty()) return;
  if (own.has(called.text) || (!named && !holds_word(called.text, lost))) return;
  if (!named) return evidence.unread.push_back(one_line(called.text));
  NamingStatement found{
      .text = one_line(called.text), .login = called.login, .calls = called.calls};
  for (const ObjectId& id : *named) found.names.push_back(name_of(id));
  evidence.statements.push_back(std::move(found));
}

Evidence weighed(Session& session, const Plan& plan, const OpenRun& run) {
  const std::vector<std::string> done =
      plan.id == run.plan_id ? run.done : std::vector<std::string>{};
  const std::set<ObjectId> lost = names_lost(plan, done);
  const auto indexes = dropped_indexes(plan, done);
  Evidence evidence{.asked = !lost.empty() || !indexes.empty()};
  if (!evidence.asked) return evidence;
  std::set<std::string> words;
  for (const ObjectId& id : lost) words.insert(id.name);
  Usage usage = read_usage(session, run.id, {words.begin(), words.end()}, indexes);
  evidence.since = usage.since;
  evidence.missing = lost.empty() ? "" : usage.no_statements;
  evidence.hidden = usage.hidden;
  evidence.indexes = std::move(usage.indexes);
  const OwnStatements own(plan);
  for (const CalledStatement& called : usage.statements) weigh(called, lost, own, evidence);
  return evidence;
}

}  // namespace

Evidence read_evidence(Session& session, const Plan& plan, const OpenRun& run) {
  try {
    return weighed(session, plan, run);
  } catch (const DbError& error) {
    if (error.is_connection_lost()) throw;
    std::string why = error.what();
    while (why.ends_with('\n')) why.pop_back();
    return {.asked = true, .missing = why};
  }
}

bool pass_evidence(Session& session, const Plan& plan, const OpenRun& run,
                   const CommandOptions& options) {
  const Evidence evidence = read_evidence(session, plan, run);
  const bool stops = evidence.speaks_against() && !options.allow.contains(Hazard::AppBreaking);
  std::string text = evidence_text(evidence);
  if (text.empty()) return true;
  if (stops)
    text =
        "aloft: stopped at a gate; nothing was changed.\n" + text +
        "  -> end or mend what sends them; then let aloft status --new-baseline count from now on,"
        "\n     and come back when they would have come again; or say that they may fail:\n"
        "     --allow app_breaking\n";
  std::fputs(text.c_str(), stderr);
  return !stops;
}

}  // namespace aloft
