#include "cli/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <set>

#include "cli/open_run.h"
#include "cli/plan_grounds.h"
#include "engine/base/file_reader.h"
#include "engine/diff/diff.h"
#include "engine/diff/reconcile.h"
#include "engine/introspect/settle.h"
#include "parser/canonical.h"
#include "parser/ignored.h"
#include "parser/parse.h"
#include "parser/probe.h"
#include "parser/qualify_arguments.h"
#include "parser/source_set.h"
#include "planner/assemble.h"

namespace aloft {
namespace {

std::vector<Verdict> ask_about(const std::vector<TextPair>& pairs, const Comparison& c,
                               Session& session) {
  if (pairs.empty()) return {};
  std::vector<Probe> probes;
  probes.reserve(pairs.size());
  for (const TextPair& pair : pairs) probes.push_back({pair.desired_sql, pair.live_sql});
  return ask_server(session, probes, search_path_of(c.desired));
}

/// Takes out of `changes` the texts that the server says are the same, and notes those that it
/// would leave different from what the files say.
void settle(Comparison& c, const ChangeSet& renames, Session& session) {
  const auto pairs = text_pairs(c.changes, c.live.snapshot, c.desired);
  const auto verdicts = ask_about(pairs, c, session);
  bool any = false;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (verdicts[i] != Verdict::Same) continue;
    mark_same(c.desired, c.live.snapshot, pairs[i]);
    any = true;
  }
  if (any) {
    c.changes = renames;
    std::ranges::copy(diff(c.live.snapshot, c.desired), std::back_inserter(c.changes));
  }
  const auto retyped = retyped_pairs(c.changes, c.live.snapshot, c.desired);
  const auto later = ask_about(retyped, c, session);
  for (std::size_t i = 0; i < retyped.size(); ++i)
    if (later[i] == Verdict::Different) c.live.facts.kept_casts.insert(retyped[i].id);
}

/// The functions of the files and of extensions.
std::set<std::string> function_names(const Comparison& c) {
  std::set<std::string> names;
  for (const auto& [id, function] : c.desired.functions) names.insert(id.name);
  for (const auto& [id, aggregate] : c.desired.aggregates) names.insert(id.name);
  for (const auto& [schema, members] : c.live.names.functions)
    if (schema != "pg_catalog" && schema != "information_schema")
      names.insert(members.begin(), members.end());
  return names;
}

/// What the server cannot turn into what, of the types that columns change.
std::set<TypePair> missing_casts(const Comparison& c, Session& session) {
  std::set<TypePair> pairs;
  for (const Change& change : c.changes) {
    if (change.op != Change::Op::Alter) continue;
    const Column* from = c.live.snapshot.find<Column>(change.id);
    const Column* to = c.desired.find<Column>(change.id);
    if (from != nullptr && to != nullptr && from->type != to->type)
      pairs.insert({from->type, to->type});
  }
  return missing_casts(session, pairs);
}

/// Offline nobody can say whether two texts mean the same.
void mark_maybe_cosmetic(Comparison& c) {
  for (const TextPair& pair : text_pairs(c.changes, c.live.snapshot, c.desired))
    for (Change& change : c.changes)
      if (change.id == pair.id && change.fields.size() == 1) change.maybe_cosmetic = true;
}

/// What the files say and the scope leaves as it is, for the plan's notes.
void note_outside(Comparison& c, const std::set<ObjectId>& outside) {
  std::string names;
  std::size_t count = 0;
  for (const ObjectId& id : outside) {
    const bool said = !id.relation.empty() && outside.contains(relation_of(id));
    if (!c.desired.place_of(id).known() || said) continue;
    if (++count <= 5) names += (names.empty() ? "" : ", ") + to_string(id);
  }
  if (count > 5) names += fmt::format(" and {} more", count - 5);
  if (count > 0)
    c.notes.push_back(
        "left as they are, though the files say them, as they are not to be managed: " + names);
}

/// Adds what `from` says; of errors without a place only where they are `wanted`.
void tell(const Diagnostics& from, bool wanted, Diagnostics& diagnostics) {
  for (const Diagnostic& d : from.sorted())
    if (d.severity == Severity::Error && (wanted || d.at.known()))
      diagnostics.error(d.code, d.message, d.remedy, d.at);
    else if (d.severity == Severity::Warning)
      diagnostics.warning(d.code, d.message, d.remedy, d.at);
}

/// The desired side in canonical form. What stands outside of the scope was read from the server
/// and has no place: what cannot be read of it is nobody's error.
void canonicalise_desired(Comparison& c, Side side, const std::set<ObjectId>& outside,
                          Diagnostics& diagnostics) {
  Diagnostics own;
  canonicalise(c.desired, side, c.live.names, {}, own);
  tell(own, outside.empty(), diagnostics);
}

/// Both raw sides to a comparison; `session` null offline.
std::optional<Comparison> compare_as_said(Comparison c, Side live_side, Side desired_side,
                                          const Scope& scope, Session* session,
                                          Diagnostics& diagnostics) {
  if (live_side == Side::Desired) qualify_arguments(c.live.snapshot, c.live.names, diagnostics);
  if (desired_side == Side::Desired) qualify_arguments(c.desired, c.live.names, diagnostics);
  const std::set<ObjectId> outside = out_of_scope(scope, c.live.snapshot, c.desired);
  note_outside(c, outside);
  leave_alone(outside, c.live.snapshot, c.desired);
  const ChangeSet renames = apply_renames(c.live.snapshot, c.desired, diagnostics);
  ChangeSet in_texts = c.aliases;
  std::ranges::copy(renames, std::back_inserter(in_texts));
  // Both sides at once: neither looks at the other.
  Diagnostics of_live;
  std::future<void> live = std::async(std::launch::async, [&] {
    canonicalise(c.live.snapshot, live_side, c.live.names, in_texts, of_live);
  });
  canonicalise_desired(c, desired_side, outside, diagnostics);
  live.get();
  tell(of_live, true, diagnostics);
  leave_alone(outside, c.live.snapshot, c.desired);
  if (diagnostics.has_errors()) return std::nullopt;
  adopt_unsaid(c.desired, c.live.snapshot, c.live.facts.user);
  c.changes = renames;
  std::ranges::copy(diff(c.live.snapshot, c.desired), std::back_inserter(c.changes));
  if (c.changes.empty()) return c;
  if (session == nullptr) {
    mark_maybe_cosmetic(c);
    return c;
  }
  settle(c, renames, *session);
  c.live.facts.missing_casts = missing_casts(c, *session);
  return c;
}

/// Has a column of the database to get another name, as the files say?
bool renames_columns(const Comparison& c) {
  return std::ranges::any_of(c.desired.columns, [&](const auto& entry) {
    const auto& [id, column] = entry;
    return !column.renamed_from.empty() && !c.live.snapshot.contains(id);
  });
}

/// The same, where a column whose new name no view can stand for gets it by a second column, as if
/// the files said so.
std::optional<Comparison> compare(Comparison c, Side live_side, Side desired_side,
                                  const Scope& scope, Session* session, Diagnostics& diagnostics) {
  if (!renames_columns(c))
    return compare_as_said(std::move(c), live_side, desired_side, scope, session, diagnostics);
  Comparison as_read = c;
  const Diagnostics so_far = diagnostics;
  auto compared =
      compare_as_said(std::move(c), live_side, desired_side, scope, session, diagnostics);
  if (!compared || compared->changes.empty()) return compared;
  const auto second = second_columns(PlanGrounds(*compared, session).request({}));
  if (second.empty()) return compared;
  for (const SecondColumn& column : second) {
    say_second_column(column.rename, as_read.desired);
    as_read.notes.push_back(column.instead);
  }
  diagnostics = so_far;
  return compare(std::move(as_read), live_side, desired_side, scope, session, diagnostics);
}

}  // namespace

std::unique_ptr<Session> connect(const CommandOptions& options) {
  if (options.db_said) return open_session(options.db);
  const char* url = std::getenv("DATABASE_URL");
  return open_session(url != nullptr ? url : "");
}

std::optional<Comparison> compare_with_server(const CommandOptions& options, Session& session,
                                              Sources& sources, Diagnostics& diagnostics) {
  Comparison c;
  sources = collect_sources(options.desired);
  // The files are read while the server answers.
  std::future<Snapshot> parsed = std::async(
      std::launch::async, [&] { return parse(sources, diagnostics, session.server_version()); });
  c.live = introspect(session);
  c.desired = parsed.get();
  if (diagnostics.has_errors()) return std::nullopt;
  read_catalog_functions(session, function_names(c), c.live.names);
  c.sources = sources;
  const auto under_way = run_under_way(session, c.notes);
  if (under_way) {
    c.aliases = hide_scaffold(c.live.snapshot, under_way->plan);
    say_second_columns(c.desired, c.live.snapshot, under_way->plan);
  }
  Scope scope = options.scope;
  scope.ignored = ignored_objects(c.sources, c.desired);
  auto compared = compare(std::move(c), Side::Live, Side::Desired, scope, &session, diagnostics);
  if (compared && under_way) leave_to_run(*compared, *under_way, diagnostics);
  return compared;
}

std::optional<Comparison> compare_files(const std::vector<std::string>& from,
                                        const std::vector<std::string>& to, Sources& sources,
                                        Diagnostics& diagnostics) {
  Comparison c;
  sources = collect_sources(from);
  c.live.snapshot = parse(sources, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  sources = collect_sources(to);
  c.desired = parse(sources, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  c.sources = sources;
  const Scope scope{.ignored = ignored_objects(sources, c.desired)};
  return compare(std::move(c), Side::Desired, Side::Desired, scope, nullptr, diagnostics);
}

std::optional<Comparison> compare_servers(Session& from, Session& to, Diagnostics& diagnostics) {
  Comparison c;
  c.live = introspect(from);
  c.desired = introspect(to).snapshot;
  to.execute("ROLLBACK");
  return compare(std::move(c), Side::Live, Side::Live, {}, &from, diagnostics);
}

Live read_live(Session& session, const CommandOptions&) {
  Live live = introspect(session);
  std::vector<std::string> unread;
  ChangeSet aliases;
  if (const auto under_way = run_under_way(session, unread))
    aliases = hide_scaffold(live.snapshot, under_way->plan);
  Diagnostics none;
  canonicalise(live.snapshot, Side::Live, live.names, aliases, none);
  return live;
}

bool report(const Diagnostics& diagnostics, const Sources& sources) {
  for (const Diagnostic& d : diagnostics.sorted())
    std::fputs(to_string(d, sources).c_str(), stderr);
  return diagnostics.has_errors();
}

}  // namespace aloft
