#include "cli/plan_words.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "cli/text_layout.h"
#include "planner/hazards.h"

namespace aloft {
namespace {

constexpr std::size_t kMostRelations = 8;

/// The relations that the step locks at a level.
std::string relations(const Step& step, LockLevel level) {
  std::vector<std::string> names;
  for (const RelationLock& lock : step.locks)
    if (lock.level == level) names.push_back(lock.relation);
  if (names.size() > kMostRelations) {
    const std::size_t more = names.size() - kMostRelations + 1;
    names.resize(kMostRelations - 1);
    names.push_back(std::to_string(more) + " more (--format json names them)");
  }
  return listed(names);
}

LockLevel strongest(const Step& step) {
  LockLevel level = LockLevel::None;
  for (const RelationLock& lock : step.locks) level = std::max(level, lock.level);
  return level;
}

std::string duration(std::int64_t ms) {
  return ms <= 0 ? "for a moment" : "for about " + duration_text(ms);
}

}  // namespace

std::string hazard_words(Hazard hazard) {
  switch (hazard) {
    case Hazard::DataLoss: return "loses data or objects";
    case Hazard::Blocking: return "stops the application for longer than a moment";
    case Hazard::Rewrite: return "writes a table anew";
    case Hazard::AppBreaking: return "may break the running application";
    case Hazard::Irreversible: return "cannot be taken back";
    case Hazard::Privilege: return "changes who may do what";
    case Hazard::Replication: return "stops logical replication until subscribers follow";
  }
  return "";
}

std::vector<std::string> lock_words(const Step& step) {
  using enum LockLevel;
  std::vector<std::string> lines;
  const LockLevel most = strongest(step);
  for (const LockLevel level :
       {AccessExclusive, Exclusive, ShareRowExclusive, Share, ShareUpdateExclusive}) {
    const std::string names = relations(step, level);
    if (names.empty()) continue;
    const std::string mode = " (" + std::string(lock_name(level)) + ")";
    const std::string time = duration(level == most ? step.hold_ms : 0);
    if (level == ShareUpdateExclusive)
      lines.push_back("others go on reading and writing " + names + mode);
    else
      lines.push_back((blocks_reads(level) ? "stops reads and writes of " : "stops writes to ") +
                      names + " " + time + mode);
  }
  if (lines.empty()) lines.emplace_back("nobody waits for it");
  return lines;
}

std::string work_words(const Step& step) {
  if (!step.rewrites && !step.scans && step.batch.empty()) return "";
  std::string what = "a table of unknown size";
  if (step.rows >= 0) what = count_text(step.rows) + (step.rows == 1 ? " row" : " rows");
  if (step.rows < 0 && step.bytes > 0) what = "all rows";
  if (step.bytes > 0) what += " (" + bytes_text(step.bytes) + ")";
  if (!step.batch.empty()) return "writes " + what + " in batches";
  return step.rewrites ? "writes " + what + " anew" : "reads " + what;
}

std::string time_words(std::int64_t ms) {
  return ms <= 0 ? "a moment" : "about " + duration_text(ms);
}

std::string step_words(const std::vector<const Step*>& steps) {
  std::vector<std::string> ids;
  for (const Step* step : steps) ids.push_back(step->id);
  return (ids.size() == 1 ? "step " : "steps ") + listed(ids);
}

std::string stopped_words(const Step& step) {
  const LockLevel level = strongest(step);
  return blocks_writes(level) ? relations(step, level) : "";
}

UnmanagedName unmanaged_name(const std::string& text) {
  // The kinds of more than one word: pg_identify_object()'s and those that introspection adds.
  constexpr auto kLong = std::to_array<std::string_view>({"access method",
                                                          "base type",
                                                          "column storage",
                                                          "composite type",
                                                          "composite type column",
                                                          "default acl",
                                                          "default value",
                                                          "domain constraint",
                                                          "event trigger",
                                                          "foreign table",
                                                          "foreign table column",
                                                          "foreign-data wrapper",
                                                          "function of access method",
                                                          "index column",
                                                          "large object",
                                                          "materialized view",
                                                          "materialized view column",
                                                          "membership options",
                                                          "operator class",
                                                          "operator family",
                                                          "operator of access method",
                                                          "parent of another kind",
                                                          "pending detach",
                                                          "publication namespace",
                                                          "publication relation",
                                                          "range type",
                                                          "role membership",
                                                          "shell type",
                                                          "statistics object",
                                                          "table column",
                                                          "table constraint",
                                                          "text search configuration",
                                                          "text search dictionary",
                                                          "text search parser",
                                                          "text search template",
                                                          "trigger state",
                                                          "user mapping",
                                                          "view column"});
  std::size_t end = std::min(text.find(' '), text.size());
  for (const std::string_view kind : kLong)
    if (text.size() > kind.size() && text.starts_with(kind) && text[kind.size()] == ' ')
      end = std::max(end, kind.size());
  if (end == text.size()) return {.kind = "", .name = text};
  return {.kind = text.substr(0, end), .name = text.substr(end + 1)};
}

}  // namespace aloft
