#include "cli/render_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/duration.h"
#include "cli/figure_words.h"
#include "cli/render_evidence.h"
#include "cli/text_layout.h"

namespace aloft {
namespace {

constexpr std::size_t kLabel = 2, kBeside = 13;

/// What the run is at: phase, or what it waits for.
std::string phase_of(const RunStatus& status) {
  if (!status.run.undoes.empty()) return "rollback";
  const Step* next = status.next();
  return next == nullptr ? "contract" : std::string(phase_name(next->phase));
}

std::string state_words(const RunStatus& status) {
  const OpenRun& run = status.run;
  if (!status.at_work.empty() && run.state == "running") return "is under way";
  if (run.state == "expanded") return "waits for contract";
  if (run.state == "failed") return "failed and can be gone on with";
  if (run.state == "stopped") return "was stopped and can be gone on with";
  return "was cut off and can be gone on with";
}

std::string next_command(const RunStatus& status) {
  if (!status.at_work.empty()) return "";
  if (!status.run.undoes.empty()) return "aloft rollback finishes it";
  if (status.run.state == "expanded")
    return "aloft contract finishes it; aloft rollback takes it back";
  return "aloft apply goes on with it; aloft rollback takes it back";
}

std::int64_t percent(const BackfillStatus& b) {
  return b.blocks == 0 ? 100 : b.blocks_done * 100 / b.blocks;
}

std::string backfill_words(const BackfillStatus& b) {
  std::string text =
      fmt::format("step {}: {} rows, {} of {} blocks ({} %)", b.step, count_text(b.rows),
                  count_text(b.blocks_done), count_text(b.blocks), percent(b));
  if (b.blocks_done >= b.blocks) return text;
  if (b.rows_per_second > 0) text += fmt::format(", {} rows/s", count_text(b.rows_per_second));
  if (b.left_ms >= 0) text += ", about " + duration_words(b.left_ms) + " left";
  return text;
}

std::string check_words(const Sample& sample) {
  if (!sample.failed.empty())
    return sample.table + ": the rows could not be looked at: " + sample.failed;
  const std::string looked =
      fmt::format("{} rows looked at ({} of its blocks)", count_text(sample.rows),
                  sample.percent == 0 ? "less than 1 %" : std::to_string(sample.percent) + " %");
  if (sample.differ == 0)
    return sample.table + ": " + looked + ", " + sample.what + " agree in all of them";
  std::string keys;
  for (const std::string& key : sample.keys) keys += (keys.empty() ? "" : ", ") + key;
  return fmt::format("{}: {}, {} DIFFER in {}: {}{}", sample.table, looked, sample.what,
                     count_text(sample.differ), keys,
                     sample.differ > static_cast<std::int64_t>(sample.keys.size()) ? ", ..." : "");
}

nlohmann::ordered_json checks_json(const std::vector<Sample>& checks) {
  auto json = nlohmann::ordered_json::array();
  for (const Sample& c : checks)
    json.push_back({{"table", c.table},
                    {"what", c.what},
                    {"percent", c.percent},
                    {"rows", c.rows},
                    {"differ", c.differ},
                    {"keys", c.keys},
                    {"failed", c.failed}});
  return json;
}

}  // namespace

std::string status_text(const std::optional<RunStatus>& status, const WaitingStatus& waiting) {
  TextLayout out(false);
  if (!status) {
    out.line("No run is open.");
    return out.text();
  }
  const RunStatus& s = *status;
  out.line("Run " + s.run.id +
           (s.run.undoes.empty() ? "" : ", taking back run " + s.run.undoes + ",") + " " +
           state_words(s) + ".");
  const auto entry = [&out](const std::string& label, const std::string& text) {
    if (!text.empty()) out.entry(kLabel, label, kBeside, text);
  };
  entry("started", s.run.started);
  entry("plan", s.run.plan_id);
  entry("phase", phase_of(s));
  entry("steps", fmt::format("{} of {} done", s.steps_done(), s.plan.steps.size()));
  if (const Step* next = s.next())
    entry("next", "step " + next->id + ", " + to_string(next->object) + ": " + next->why);
  for (const BackfillStatus& backfill : s.backfills) entry("backfill", backfill_words(backfill));
  entry("indexes", index_build_words(s.index_builds(), s.index_builds_done(), s.index_build));
  if (s.stalls) entry("locks", stall_words(*s.stalls));
  if (!s.paused_by.empty()) entry("paused", "by " + s.paused_by + " since " + s.paused_since);
  entry("waits", s.throttled_by);
  if (s.batch_ms > 0) entry("batches", fmt::format("of {} ms, as asked", s.batch_ms));
  entry("restore", s.restore_point);
  if (s.run.state == "failed") entry("failed", s.error);
  entry("at work", s.at_work);
  if (waiting.checks && waiting.checks->empty())
    entry("check", "there is nothing of which it is known when old and new agree");
  if (waiting.checks)
    for (const Sample& sample : *waiting.checks) entry("check", check_words(sample));
  entry("->", next_command(s));
  return out.text() + (waiting.evidence ? evidence_text(*waiting.evidence) : "");
}

std::string status_json(const std::optional<RunStatus>& status, const WaitingStatus& waiting) {
  using Json = nlohmann::ordered_json;
  if (!status) return Json{{"open", false}}.dump() + "\n";
  const RunStatus& s = *status;
  Json backfills = Json::array();
  for (const BackfillStatus& b : s.backfills)
    backfills.push_back({{"step", b.step},
                         {"rows", b.rows},
                         {"blocks", b.blocks},
                         {"blocks_done", b.blocks_done},
                         {"rows_per_second", b.rows_per_second},
                         {"left_ms", b.left_ms}});
  const Step* next = s.next();
  Json json{{"open", true},
            {"run", s.run.id},
            {"undoes", s.run.undoes},
            {"plan_id", s.run.plan_id},
            {"state", s.run.state},
            {"started", s.run.started},
            {"phase", phase_of(s)},
            {"steps", s.plan.steps.size()},
            {"steps_done", s.steps_done()},
            {"next", next == nullptr ? "" : next->id},
            {"backfills", backfills},
            {"paused_by", s.paused_by},
            {"throttled_by", s.throttled_by},
            {"batch_ms", s.batch_ms},
            {"restore_point", s.restore_point},
            {"error", s.run.state == "failed" ? s.error : ""},
            {"at_work", s.at_work}};
  if (s.stalls)
    json["locks"] = {{"tries", s.stalls->tries},
                     {"gave_up", s.stalls->gave_up},
                     {"stall_ms", s.stalls->total_ms},
                     {"longest_ms", s.stalls->longest_ms},
                     {"longest_step", s.stalls->longest_step}};
  json["index_builds"] = {{"all", s.index_builds()}, {"done", s.index_builds_done()}};
  if (s.index_build)
    json["index_builds"]["now"] = {{"phase", s.index_build->phase},
                                   {"blocks", s.index_build->blocks},
                                   {"blocks_done", s.index_build->blocks_done}};
  if (waiting.evidence) json["evidence"] = evidence_json(*waiting.evidence);
  if (waiting.checks) json["checks"] = checks_json(*waiting.checks);
  return json.dump() + "\n";
}

}  // namespace aloft
