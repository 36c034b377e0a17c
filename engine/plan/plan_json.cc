#include "engine/plan/plan_json.h"

#include <array>
#include <nlohmann/json.hpp>

#include "engine/base/hash.h"

namespace aloft {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

/// An enumerator and its spelling in JSON.
template <class E>
struct Spelling {
  E value;
  std::string_view text;
};

constexpr auto kChecks = std::to_array<Spelling<StepCheck::What>>({
    {StepCheck::What::None, "none"},
    {StepCheck::What::IndexValid, "index_valid"},
    {StepCheck::What::IndexGone, "index_gone"},
    {StepCheck::What::EnumLabel, "enum_label"},
    {StepCheck::What::PartitionDetached, "partition_detached"},
    {StepCheck::What::ConstraintValidated, "constraint_validated"},
});

std::string_view spelling(StepCheck::What what) {
  for (const auto& s : kChecks)
    if (s.value == what) return s.text;
  return "";
}

StepCheck::What check_from(const std::string& text) {
  for (const auto& s : kChecks)
    if (s.text == text) return s.value;
  throw PlanFileError("unknown check \"" + text + "\"");
}

Phase phase_from(const std::string& text) {
  for (const Phase p : {Phase::Expand, Phase::Backfill, Phase::Contract})
    if (phase_name(p) == text) return p;
  throw PlanFileError("unknown phase \"" + text + "\"");
}

LockLevel lock_from(const std::string& text) {
  for (int i = 0; i <= static_cast<int>(LockLevel::AccessExclusive); ++i)
    if (lock_name(static_cast<LockLevel>(i)) == text) return static_cast<LockLevel>(i);
  throw PlanFileError("unknown lock mode \"" + text + "\"");
}

Kind kind_from(const std::string& text) {
  for (std::size_t i = 0; i < kKindCount; ++i)
    if (kind_name(static_cast<Kind>(i)) == text) return static_cast<Kind>(i);
  throw PlanFileError("unknown kind \"" + text + "\"");
}

Json to_json(const ObjectId& id) {
  return {{"kind", kind_name(id.kind)},
          {"schema", id.schema},
          {"relation", id.relation},
          {"name", id.name},
          {"args", id.args}};
}

ObjectId object_from(const Json& j) {
  return {.kind = kind_from(j.at("kind")),
          .schema = j.at("schema"),
          .relation = j.at("relation"),
          .name = j.at("name"),
          .args = j.at("args")};
}

Json to_json(const Step& s) {
  Json locks = Json::array(), hazards = Json::array(), proofs = Json::array(),
       applications = Json::array();
  for (const RelationLock& l : s.locks)
    locks.push_back({{"relation", l.relation}, {"mode", lock_name(l.level)}});
  for (const HazardNote& h : s.hazards)
    hazards.push_back({{"hazard", hazard_name(h.hazard)}, {"why", h.why}});
  for (const ApplicationNote& a : s.applications)
    applications.push_back({{"stage", stage_name(a.stage)}, {"what", a.what}});
  for (const Proof& p : s.proofs) proofs.push_back({{"sql", p.sql}, {"what", p.what}});
  return {{"id", s.id},
          {"phase", phase_name(s.phase)},
          {"object", to_json(s.object)},
          {"sql", s.sql},
          {"transactional", s.transactional},
          {"batch", s.batch},
          {"check",
           {{"what", spelling(s.check.what)},
            {"schema", s.check.schema},
            {"name", s.check.name},
            {"detail", s.check.detail}}},
          {"proofs", proofs},
          {"locks", locks},
          {"rewrites", s.rewrites},
          {"scans", s.scans},
          {"rows", s.rows},
          {"bytes", s.bytes},
          {"hold_ms", s.hold_ms},
          {"duration_ms", s.duration_ms},
          {"lock_timeout_ms", s.lock_timeout_ms},
          {"statement_timeout_ms", s.statement_timeout_ms},
          {"hazards", hazards},
          {"applications", applications},
          {"undo", s.undo},
          {"undone_by_others", s.undone_by_others},
          {"after_soak", s.after_soak},
          {"source", s.source},
          {"why", s.why}};
}

Step step_from(const Json& j) {
  Step s{.id = j.at("id"),
         .phase = phase_from(j.at("phase")),
         .object = object_from(j.at("object")),
         .sql = j.at("sql"),
         .transactional = j.at("transactional"),
         .batch = j.at("batch"),
         .check = {check_from(j.at("check").at("what")), j.at("check").at("schema"),
                   j.at("check").at("name"), j.at("check").at("detail")},
         .rewrites = j.at("rewrites"),
         .scans = j.at("scans"),
         .rows = j.at("rows"),
         .bytes = j.at("bytes"),
         .hold_ms = j.at("hold_ms"),
         .duration_ms = j.at("duration_ms"),
         .lock_timeout_ms = j.at("lock_timeout_ms"),
         .statement_timeout_ms = j.at("statement_timeout_ms"),
         .undo = j.at("undo"),
         .undone_by_others = j.at("undone_by_others"),
         .after_soak = j.at("after_soak"),
         .source = j.at("source"),
         .why = j.at("why")};
  for (const Json& l : j.at("locks"))
    s.locks.push_back({l.at("relation"), lock_from(l.at("mode"))});
  for (const Json& p : j.at("proofs")) s.proofs.push_back({p.at("sql"), p.at("what")});
  for (const Json& h : j.at("hazards")) {
    const auto hazard = hazard_from(h.at("hazard").get<std::string>());
    if (!hazard) throw PlanFileError("unknown hazard " + h.at("hazard").dump());
    s.hazards.push_back({*hazard, h.at("why")});
  }
  for (const Json& a : j.at("applications")) {
    const auto stage = stage_from(a.at("stage").get<std::string>());
    if (!stage) throw PlanFileError("unknown stage " + a.at("stage").dump());
    s.applications.push_back({*stage, a.at("what")});
  }
  return s;
}

Json to_json(const PlannedChange& c) {
  return {{"action", c.action},
          {"object", c.object},
          {"details", c.details},
          {"maybe_cosmetic", c.maybe_cosmetic},
          {"source", c.source}};
}

Json to_json(const Plan& plan) {
  Json changes = Json::array(), steps = Json::array(), scaffold = Json::array(),
       aliases = Json::array(), agreements = Json::array();
  for (const Agreement& a : plan.agreements)
    agreements.push_back(
        {{"trigger", to_json(a.trigger)}, {"what", a.what}, {"condition", a.condition}});
  for (const Alias& a : plan.aliases)
    aliases.push_back({{"now", to_json(a.now)}, {"otherwise", to_json(a.otherwise)}});
  for (const ObjectId& id : plan.scaffold) scaffold.push_back(to_json(id));
  for (const PlannedChange& c : plan.changes) changes.push_back(to_json(c));
  for (const Step& s : plan.steps) steps.push_back(to_json(s));
  return {{"format", plan.format},
          {"tool_version", plan.tool_version},
          {"server_version", plan.server_version},
          {"id", plan.id},
          {"fingerprints", plan.fingerprints},
          {"search_path", plan.search_path},
          {"changes", changes},
          {"steps", steps},
          {"scaffold", scaffold},
          {"aliases", aliases},
          {"agreements", agreements},
          {"leads_to", plan.leads_to},
          {"unmanaged", plan.unmanaged},
          {"notes", plan.notes}};
}

Plan plan_from(const Json& j) {
  Plan plan{.format = j.at("format"),
            .tool_version = j.at("tool_version"),
            .server_version = j.at("server_version"),
            .id = j.at("id"),
            .fingerprints = j.at("fingerprints").get<std::map<std::string, std::string>>(),
            .leads_to = j.at("leads_to").get<std::map<std::string, std::string>>(),
            .search_path = j.at("search_path"),
            .unmanaged = j.at("unmanaged"),
            .notes = j.at("notes")};
  for (const Json& c : j.at("changes"))
    plan.changes.push_back({.action = c.at("action"),
                            .object = c.at("object"),
                            .details = c.at("details"),
                            .maybe_cosmetic = c.at("maybe_cosmetic"),
                            .source = c.at("source")});
  for (const Json& s : j.at("steps")) plan.steps.push_back(step_from(s));
  for (const Json& o : j.at("scaffold")) plan.scaffold.push_back(object_from(o));
  for (const Json& a : j.at("aliases"))
    plan.aliases.push_back({object_from(a.at("now")), object_from(a.at("otherwise"))});
  for (const Json& a : j.at("agreements"))
    plan.agreements.push_back({object_from(a.at("trigger")), a.at("what"), a.at("condition")});
  return plan;
}

}  // namespace

std::string plan_to_json(const Plan& plan) {
  return to_json(plan).dump(2) + "\n";
}

std::string plan_hash(const Plan& plan) {
  Json content = to_json(plan);
  content.erase("id");
  return hash_of(content.dump());
}

Plan plan_from_json(const std::string& text) {
  Plan plan;
  try {
    const Json json = Json::parse(text);
    if (!json.is_object() || !json.contains("format")) throw PlanFileError("it is no aloft plan");
    if (json.at("format") != kFormat)
      throw PlanFileError("it is of format " + json.at("format").dump() + "; this aloft reads " +
                          std::to_string(kFormat) + ": plan again");
    plan = plan_from(json);
  } catch (const nlohmann::json::exception& error) {
    throw PlanFileError(error.what());
  }
  if (plan_hash(plan) != plan.id)
    throw PlanFileError("its id is not the hash of its content: it was changed after it was made");
  return plan;
}

}  // namespace aloft
