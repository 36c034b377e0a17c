#include "cli/render_sql.h"

#include <algorithm>

#include "cli/plan_words.h"
#include "cli/text_layout.h"

namespace aloft {
namespace {

/// A comment; a line of it that is too long is folded, so that nothing of it can become a
/// statement.
void comment(std::string& script, const std::string& text, const std::string& indent = "") {
  for (const std::string& part : fold(text, kTextWidth - 3 - indent.size()))
    script += "-- " + indent + part + "\n";
}

void say(std::string& script, const std::string& statement) {
  script += statement + ";\n";
}

void settings(std::string& script, const Plan& plan, const Step& step) {
  const std::string set = step.transactional ? "SET LOCAL " : "SET ";
  const auto timeout = [&](const std::string& name, std::int64_t ms) {
    say(script, set + name + " = " + (ms > 0 ? "'" + std::to_string(ms) + "ms'" : "0"));
  };
  timeout("lock_timeout", step.lock_timeout_ms);
  timeout("statement_timeout", step.statement_timeout_ms);
  say(script, set + "search_path = " + (plan.search_path.empty() ? "''" : plan.search_path));
  say(script, set + "check_function_bodies = off");
}

void render_step(std::string& script, const Plan& plan, const Step& step) {
  script += "\n";
  comment(script,
          "Step " + step.id + " (" + std::string(phase_name(step.phase)) + "): " + step.why);
  for (const std::string& words : lock_words(step)) comment(script, words, "  ");
  if (const std::string work = work_words(step); !work.empty())
    comment(script, work + ", " + time_words(step.duration_ms), "  ");
  for (const HazardNote& note : step.hazards)
    comment(script, "HAZARD " + std::string(hazard_name(note.hazard)) + ": " + note.why, "  ");
  if (!step.batch.empty())
    comment(script, "aloft runs it in batches by the blocks of " + step.batch, "  ");
  if (!step.source.empty()) comment(script, "from " + step.source, "  ");
  if (step.transactional) say(script, "BEGIN");
  settings(script, plan, step);
  for (const std::string& statement : step.sql) say(script, statement);
  if (step.transactional) say(script, "COMMIT");
}

}  // namespace

std::string render_sql(const Plan& plan) {
  std::string script;
  comment(script, "aloft " + plan.tool_version + ", plan " + plan.id + ", for PostgreSQL " +
                      plan.server_version);
  if (plan.changes.empty() && plan.steps.empty()) {
    comment(script, "No changes. The database is what the files say.");
  } else {
    comment(script, plural(plan.changes.size(), "change") + ", " +
                        plural(plan.steps.size(), "step") +
                        ". For psql; aloft apply does more: it tries again for locks, keeps a "
                        "journal, and goes on where it was interrupted.");
    script += "\\set ON_ERROR_STOP on\n";
  }
  for (const Step& step : plan.steps) render_step(script, plan, step);
  if (!plan.notes.empty()) script += "\n-- Notes\n";
  for (const std::string& note : plan.notes) comment(script, note, "  ");
  if (!plan.unmanaged.empty()) script += "\n-- Not managed by aloft\n";
  std::vector<std::string> unmanaged = plan.unmanaged;
  std::ranges::sort(unmanaged);
  for (const std::string& name : unmanaged) comment(script, name, "  ");
  return script;
}

}  // namespace aloft
