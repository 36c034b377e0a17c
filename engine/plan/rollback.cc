#include "engine/plan/rollback.h"

#include <algorithm>
#include <optional>

#include "engine/plan/plan_json.h"

namespace aloft {
namespace {

/// A name of SQL text that the planner wrote: `a."B c"`.
struct NameReader {
  std::string_view text;
  std::size_t at = 0;

  bool take(std::string_view words) {
    if (!text.substr(at).starts_with(words)) return false;
    at += words.size();
    return true;
  }
  std::string identifier() {
    std::string name;
    if (at < text.size() && text[at] == '"') {
      for (++at; at < text.size(); ++at) {
        if (text[at] != '"')
          name += text[at];
        else if (text.substr(at).starts_with("\"\""))
          name += text[at++];
        else
          break;
      }
      ++at;
      return name;
    }
    while (at < text.size() && text[at] != '.' && text[at] != ' ' && text[at] != '(')
      name += text[at++];
    return name;
  }
  /// Schema and name; the schema is empty where there is none.
  std::pair<std::string, std::string> qualified() {
    std::string first = identifier();
    if (at < text.size() && text[at] == '.') {
      ++at;
      return {first, identifier()};
    }
    return {"", first};
  }
};

/// How to settle a statement that refuses a transaction block; nothing for one that does not.
std::optional<StepCheck> check_of(const std::string& statement) {
  NameReader read{statement};
  if (read.take("DROP INDEX CONCURRENTLY ")) {
    read.take("IF EXISTS ");
    const auto [schema, name] = read.qualified();
    return StepCheck{StepCheck::What::IndexGone, schema, name, ""};
  }
  if (read.take("CREATE INDEX CONCURRENTLY ") || read.take("CREATE UNIQUE INDEX CONCURRENTLY ")) {
    read.take("IF NOT EXISTS ");
    const std::string name = read.identifier();
    read.take(" ON ");
    read.take("ONLY ");
    return StepCheck{StepCheck::What::IndexValid, read.qualified().first, name, ""};
  }
  if (read.take("ALTER TABLE ") && statement.ends_with(" CONCURRENTLY")) {
    read.qualified();
    if (!read.take(" DETACH PARTITION ")) return std::nullopt;
    const auto [schema, name] = read.qualified();
    return StepCheck{StepCheck::What::PartitionDetached, schema, name, ""};
  }
  return std::nullopt;
}

Step undoing(const Step& step) {
  Step back;
  back.phase = Phase::Expand;
  back.object = step.object;
  back.lock_timeout_ms = step.lock_timeout_ms;
  back.statement_timeout_ms = step.statement_timeout_ms;
  back.source = step.source;
  back.why = "takes back step " + step.id + ": " + step.why;
  return back;
}

/// Does it read a table for long, so that nothing else should wait for its locks?
bool reads_long(const std::string& statement, bool first) {
  return statement.find(" VALIDATE CONSTRAINT ") != std::string::npos ||
         (first && statement.starts_with("DO "));
}

/// What a statement by itself, or the first of several, locks of what the step that it takes back
/// locked. VALIDATE and CONCURRENTLY let others write (PostgreSQL manual, 13.3.1), a DO in front
/// only reads, and a LOCK says how much it takes.
std::vector<RelationLock> locked_by(const std::string& statement, const Step& step, bool alone) {
  constexpr std::string_view kAlter = "ALTER TABLE ", kValidate = " VALIDATE CONSTRAINT ";
  const auto validates = statement.find(kValidate);
  if (statement.starts_with(kAlter) && validates != std::string::npos)
    return {{statement.substr(kAlter.size(), validates - kAlter.size()),
             LockLevel::ShareUpdateExclusive}};
  std::vector<RelationLock> locks = step.locks;
  for (RelationLock& lock : locks) {
    if (alone)
      lock.level =
          statement.starts_with("DO ") ? LockLevel::AccessShare : LockLevel::ShareUpdateExclusive;
    else if (statement.starts_with("LOCK TABLE ") &&
             statement.ends_with(" IN SHARE ROW EXCLUSIVE MODE"))
      lock.level = LockLevel::ShareRowExclusive;
  }
  return locks;
}

/// The undo of one step: what fits into one transaction together, the rest one by one.
void take_back(const Step& step, std::vector<Step>& steps) {
  bool together = false;
  for (const std::string& statement : step.undo) {
    const auto check = check_of(statement);
    const bool alone = check || reads_long(statement, !together);
    if (!together || alone || statement.starts_with("LOCK TABLE ")) {
      steps.push_back(undoing(step));
      steps.back().locks = locked_by(statement, step, alone);
    }
    steps.back().sql.push_back(statement);
    if (alone) steps.back().statement_timeout_ms = 0;
    if (check) {
      steps.back().transactional = false;
      steps.back().check = *check;
    }
    together = !alone;
  }
}

}  // namespace

std::variant<Plan, CannotTakeBack> rollback_plan(const Plan& plan,
                                                 const std::vector<std::string>& done) {
  CannotTakeBack refused;
  Plan back;
  back.tool_version = plan.tool_version;
  back.server_version = plan.server_version;
  back.search_path = plan.search_path;
  back.scaffold = plan.scaffold;
  back.aliases = plan.aliases;
  for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
    if (std::ranges::find(done, step->id) == done.end()) continue;
    if (step->undo.empty() && !step->undone_by_others)
      refused.steps.push_back("step " + step->id + ": " + step->why);
    take_back(*step, back.steps);
  }
  if (!refused.steps.empty()) {
    std::ranges::reverse(refused.steps);
    return refused;
  }
  for (std::size_t i = 0; i < back.steps.size(); ++i) back.steps[i].id = std::to_string(i + 1);
  back.id = plan_hash(back);
  return back;
}

}  // namespace aloft
