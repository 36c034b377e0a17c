#include "cli/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <set>

#include "cli/open_run.h"
#include "engine/base/file_reader.h"
#include "engine/diff/diff.h"
#include "engine/diff/reconcile.h"
#include "engine/introspect/settle.h"
#include "engine/plan/fingerprint.h"
#include "engine/plan/plan_json.h"
#include "parser/canonical.h"
#include "parser/column_renamer.h"
#include "parser/ignored.h"
#include "parser/missing_names.h"
#include "parser/parse.h"
#include "parser/probe.h"
#include "parser/qualify_arguments.h"
#include "parser/source_set.h"
#include "planner/assemble.h"
#include "planner/planner.h"

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
std::optional<Comparison> compare(Comparison c, Side live_side, Side desired_side,
                                  const Scope& scope, Session* session, Diagnostics& diagnostics) {
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

/// What the live side's objects stand on: by the texts, and by pg_depend where there is a server.
Edges dependencies_of(const Comparison& c, Session* session, std::vector<UnmanagedUse>& uses) {
  Edges edges = references(c.live.snapshot);
  if (session == nullptr) return edges;
  std::vector<ObjectId> changed;
  for (const Change& change : c.changes) {
    if (change.op == Change::Op::Create) continue;
    changed.push_back(change.op == Change::Op::Rename ? change.from : change.id);
    // A foreign table that is a partition depends on the table alone, and gets its columns'
    // changes.
    const Table* table = c.live.snapshot.find<Table>(relation_of(changed.back()));
    if (changed.back().kind == Kind::Column && table != nullptr && !table->partition_key.empty())
      changed.push_back(relation_of(changed.back()));
  }
  std::ranges::copy(read_dependencies(*session, changed, &uses), std::back_inserter(edges));
  std::ranges::sort(edges);
  edges.erase(std::ranges::unique(edges).begin(), edges.end());
  return edges;
}

/// Asked for where introspection has seen that there are some.
Publications publications_of(const Comparison& c, Session* session) {
  const bool any = std::ranges::any_of(c.live.snapshot.unmanaged,
                                       [](const Unmanaged& u) { return u.kind == "publication"; });
  return any && session != nullptr ? read_publications(*session) : Publications{};
}

void fill_fingerprints(Plan& plan, const Comparison& c) {
  const Snapshot& live = c.live.snapshot;
  const auto add = [&](const ObjectId& id) {
    plan.fingerprints.emplace(to_string(id), fingerprint(live, id));
    const ObjectId relation = relation_of(id);
    if (relation != id && live.contains(relation))
      plan.fingerprints.emplace(to_string(relation), fingerprint(live, relation));
  };
  for (const Change& change : c.changes) add(change.id);
  for (const Step& step : plan.steps) add(step.object);
}

/// The tables that the changes are about, with their partitions and inheriting tables.
std::vector<ObjectId> changed_tables(const Comparison& c) {
  std::set<ObjectId> tables;
  for (const Change& change : c.changes)
    if (change.op != Change::Op::Create || change.id.kind != Kind::Table)
      tables.insert(relation_of(change.op == Change::Op::Rename ? change.from : change.id));
  for (std::size_t before = 0; before != tables.size();) {
    before = tables.size();
    for (const auto& [id, table] : c.live.snapshot.tables) {
      bool below = tables.contains(table_id(table.partition_of.schema, table.partition_of.name));
      for (const Name& parent : table.inherits)
        below = below || tables.contains(table_id(parent.schema, parent.name));
      if (below) tables.insert(id);
    }
  }
  return {tables.begin(), tables.end()};
}

/// What the plan leads to: its changes, and the constraints of the tables that it works on. Where a
/// column gives its place to another they are made again in several steps: a foreign key refers to
/// the new column of a table before that has its name, a check is NOT VALID first.
void fill_leads_to(Plan& plan, const Comparison& c) {
  std::set<ObjectId> tables;
  for (const ObjectId& id : plan.scaffold) tables.insert(relation_of(id));
  const auto lead = [&](const ObjectId& id) {
    plan.leads_to.emplace(to_string(id), fingerprint(c.desired, id));
  };
  for (const Change& change : c.changes) lead(change.id);
  for (const auto& [id, constraint] : c.desired.constraints)
    if (tables.contains(relation_of(id)) ||
        tables.contains(table_id(constraint.referenced.schema, constraint.referenced.name)))
      lead(id);
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
  if (under_way) c.aliases = hide_scaffold(c.live.snapshot, under_way->plan);
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

std::optional<Plan> plan_of(const Comparison& c, Session* session, const PlanOptions& planning,
                            Diagnostics& diagnostics) {
  Plan plan;
  if (!c.changes.empty()) {
    if (diagnostics.has_errors()) return std::nullopt;
    report_missing_names(c.desired, c.changes, c.live.names, c.live.snapshot.unmanaged,
                         diagnostics);
    if (diagnostics.has_errors()) return std::nullopt;
    const Edges desired_edges = references(c.desired);
    std::vector<UnmanagedUse> uses;
    const Edges live_edges = dependencies_of(c, session, uses);
    Facts facts = c.live.facts;
    if (session != nullptr) measure_sizes(*session, facts, changed_tables(c));
    const Publications publications = publications_of(c, session);
    auto made = make_plan({.live = c.live.snapshot,
                           .desired = c.desired,
                           .changes = c.changes,
                           .live_edges = live_edges,
                           .desired_edges = desired_edges,
                           .facts = facts,
                           .options = planning,
                           .sources = c.sources,
                           .rename_column = with_column_renamed,
                           .uses = &uses,
                           .publications = &publications},
                          diagnostics);
    if (!made) return std::nullopt;
    plan = std::move(*made);
  }
  plan.tool_version = kVersion;
  plan.server_version = c.live.facts.server_version_text;
  fill_fingerprints(plan, c);
  plan.notes.insert(plan.notes.end(), c.notes.begin(), c.notes.end());
  for (const Unmanaged& u : c.live.snapshot.unmanaged)
    plan.unmanaged.push_back(u.kind + " " + u.name);
  if (!plan.scaffold.empty()) fill_leads_to(plan, c);
  plan.id = plan_hash(plan);
  return plan;
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
