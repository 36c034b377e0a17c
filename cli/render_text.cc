#include "cli/render_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "cli/plan_words.h"
#include "cli/text_layout.h"

namespace aloft {
namespace {

constexpr std::size_t kLabel = 2;    // where labels begin
constexpr std::size_t kBeside = 17;  // and the texts beside them
constexpr std::size_t kStep = 5;     // where the text of a step begins

using Steps = std::vector<const Step*>;
using ByHazard = std::map<Hazard, Steps>;

ByHazard by_hazard(const Plan& plan) {
  ByHazard found;
  for (const Step& step : plan.steps)
    for (const HazardNote& note : step.hazards) {
      Steps& steps = found[note.hazard];
      if (steps.empty() || steps.back() != &step) steps.push_back(&step);
    }
  return found;
}

Ink ink_of(Hazard hazard) {
  switch (hazard) {
    case Hazard::DataLoss:
    case Hazard::Irreversible:
    case Hazard::Blocking: return Ink::Bad;
    case Hazard::Rewrite:
    case Hazard::AppBreaking:
    case Hazard::Privilege:
    case Hazard::Replication: return Ink::Warn;
  }
  return Ink::Plain;
}

Ink ink_of(const std::string& action) {
  if (action == "create") return Ink::Good;
  if (action == "drop") return Ink::Bad;
  return Ink::Warn;
}

class Renderer {
 public:
  Renderer(const Plan& plan, bool color) : plan_(plan), out_(color), hazards_(by_hazard(plan)) {}

  std::string render() {
    if (plan_.changes.empty() && plan_.steps.empty()) {
      out_.line(out_.paint(Ink::Good, "No changes.") + " The database is what the files say.");
    } else {
      summary();
      changes();
      hazards();
      applications();
      for (const Phase phase : {Phase::Expand, Phase::Backfill, Phase::Contract}) steps(phase);
    }
    notes();
    unmanaged();
    return out_.text();
  }

 private:
  void summary() {
    question("What changes?", counts());
    question("Is it safe?", safety(), hazards_.empty() ? Ink::Good : Ink::Bad);
    question("How long?", times());
    question("What to decide?", decision());
  }

  void question(std::string_view label, const std::string& answer, Ink ink = Ink::Plain) {
    out_.entry(0, label, kBeside, answer, Ink::Bold, ink);
  }

  std::string counts() const {
    std::vector<std::string> parts;
    for (const char* action : {"create", "alter", "rename", "drop"}) {
      const auto count = std::ranges::count(plan_.changes, action, &PlannedChange::action);
      if (count > 0) parts.push_back(std::to_string(count) + " to " + action);
    }
    return plural(plan_.changes.size(), "change") + ": " + listed(parts) + "; in " +
           plural(plan_.steps.size(), "step");
  }

  std::string safety() const {
    if (hazards_.empty())
      return "Yes. Nothing is lost, and nobody is stopped for longer than a moment.";
    std::vector<std::string> parts;
    for (const auto& [hazard, steps] : hazards_) {
      // What loses data cannot be taken back either: said once.
      if (hazard == Hazard::Irreversible && hazards_.contains(Hazard::DataLoss) &&
          hazards_.at(Hazard::DataLoss) == steps)
        continue;
      parts.push_back(hazard_words(hazard) + " (" + step_words(steps) + ")");
    }
    return "Not without your word. It " + listed(parts) + ".";
  }

  std::string times() const {
    std::int64_t total = 0;
    const Step* longest = nullptr;
    Steps unknown;
    for (const Step& step : plan_.steps) {
      total += step.duration_ms;
      if (step.hold_ms > 0 && (longest == nullptr || step.hold_ms > longest->hold_ms))
        longest = &step;
      if ((step.rewrites || step.scans) && step.rows < 0 && step.bytes < 0)
        unknown.push_back(&step);
    }
    std::string text =
        total > 0 ? "About " + time_words(total).substr(6) + " in all." : "A moment.";
    if (longest != nullptr && !stopped_words(*longest).empty())
      text += " Longest stop: " + stopped_words(*longest) + " for " + time_words(longest->hold_ms) +
              " (step " + longest->id + ").";
    else
      text += " No lock that others feel is held for longer than that of a catalog change.";
    if (!unknown.empty())
      text += " How long " + step_words(unknown) + (unknown.size() == 1 ? " takes" : " take") +
              " cannot be told: the size of the table is unknown.";
    return text;
  }

  std::string decision() const {
    if (hazards_.empty()) return "Nothing.";
    std::string names;
    for (const auto& [hazard, steps] : hazards_)
      names += (names.empty() ? "" : ",") + std::string(hazard_name(hazard));
    return "Whether to allow " + plural(hazards_.size(), "hazard") +
           ", or to change the files: --allow " + names;
  }

  void changes() {
    out_.heading("Changes");
    for (const PlannedChange& change : plan_.changes) {
      std::string text = change.object;
      std::string details;
      for (const std::string& detail : change.details)
        details += (details.empty() ? " (" : "; ") + detail;
      if (!details.empty()) text += details + ")";
      if (change.maybe_cosmetic) text += ", which may mean the same: only the text differs";
      out_.entry(kLabel, change.action, kLabel + 8, text, ink_of(change.action));
    }
  }

  void hazards() {
    if (hazards_.empty()) return;
    out_.heading("Hazards");
    for (const auto& [hazard, steps] : hazards_) {
      out_.entry(kLabel, hazard_name(hazard), kBeside,
                 hazard_words(hazard) + "; --allow " + std::string(hazard_name(hazard)),
                 ink_of(hazard), Ink::Dim);
      for (const Step* step : steps)
        for (const HazardNote& note : step->hazards)
          if (note.hazard == hazard) out_.entry(kLabel + 2, "step " + step->id, kBeside, note.why);
    }
  }

  static std::string_view stage_words(Stage stage) {
    switch (stage) {
      case Stage::Running: return "The one that runs now";
      case Stage::Next:
        return "The next one, deployed once `aloft apply` is done and in place of the other before "
               "contract";
      case Stage::Contract: return "All, from contract on";
    }
    return "";
  }

  /// What applications must be able to do, by how far the run has come.
  void applications() {
    std::map<Stage, std::vector<std::pair<std::string, const Step*>>> told;
    for (const Step& step : plan_.steps)
      for (const ApplicationNote& note : step.applications)
        told[note.stage].emplace_back(note.what, &step);
    if (told.empty()) return;
    told[Stage::Running];
    out_.heading("Applications");
    for (const auto& [stage, notes] : told) {
      out_.paragraph(kLabel,
                     std::string(stage_words(stage)) + (notes.empty() ? " goes on as it is." : ":"),
                     Ink::Bold, 2);
      for (const auto& [what, step] : notes)
        out_.entry(kLabel + 2, "-", kLabel + 4, what + " (step " + step->id + ")");
    }
  }

  static std::string_view phase_words(Phase phase) {
    switch (phase) {
      case Phase::Expand: return "Expand, by `aloft apply`";
      case Phase::Backfill: return "Backfill, by `aloft apply`";
      case Phase::Contract:
        return "Contract, by `aloft contract` or `aloft apply --contract`, when no application "
               "needs it any more";
    }
    return "";
  }

  void steps(Phase phase) {
    const Step* before = nullptr;
    for (const Step& step : plan_.steps) {
      if (step.phase != phase) continue;
      if (before == nullptr)
        out_.heading(phase_words(phase));
      else if (step.after_soak && !before->after_soak)
        out_.heading("Contract, the last steps: with `--soak`, that long after those above");
      else
        out_.line();
      before = &step;
      step_text(step);
    }
  }

  void step_text(const Step& step) {
    const std::string number = std::string(step.id.size() < 3 ? 3 - step.id.size() : 0, ' ');
    out_.entry(0, number + step.id, kStep, step.why, Ink::Bold, Ink::Bold);
    for (std::size_t i = 0; i < step.sql.size(); ++i) out_.sql(kStep + 4, step.sql[i] + ";");
    for (const std::string& words : lock_words(step)) out_.paragraph(kStep, words, Ink::Dim, 2);
    std::string facts = work_words(step);
    const auto add = [&](const std::string& fact) { facts += (facts.empty() ? "" : ", ") + fact; };
    if (!facts.empty() || step.duration_ms > 0) add("takes " + time_words(step.duration_ms));
    if (!step.transactional) add("outside a transaction");
    if (step.undo.empty() && !step.undone_by_others) add("no way back");
    if (!facts.empty()) out_.paragraph(kStep, facts, Ink::Dim, 2);
    if (!step.source.empty()) out_.paragraph(kStep, "from " + step.source, Ink::Dim, 2);
    for (const HazardNote& note : step.hazards)
      out_.entry(kStep, "! " + std::string(hazard_name(note.hazard)) + ":", kStep + 2, note.why,
                 ink_of(note.hazard));
  }

  void notes() {
    if (plan_.notes.empty()) return;
    out_.heading("Notes");
    for (const std::string& note : plan_.notes) out_.entry(kLabel, "-", kLabel + 2, note);
  }

  void unmanaged() {
    if (plan_.unmanaged.empty()) return;
    std::map<std::string, std::set<std::string>> kinds;
    for (const std::string& text : plan_.unmanaged) {
      const UnmanagedName name = unmanaged_name(text);
      kinds[name.kind].insert(name.name);
    }
    out_.heading("Not managed by aloft (left as it is)");
    for (const auto& [kind, names] : kinds) {
      std::string list;
      for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
      out_.entry(kLabel, kind, kBeside, list);
    }
  }

  const Plan& plan_;
  TextLayout out_;
  ByHazard hazards_;
};

}  // namespace

std::string render_text(const Plan& plan, bool color) {
  return Renderer(plan, color).render();
}

}  // namespace aloft
