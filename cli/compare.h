#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "engine/base/diagnostics.h"
#include "engine/db/session.h"
#include "engine/diff/change.h"
#include "engine/introspect/introspect.h"
#include "engine/plan/plan.h"

namespace aloft {

inline constexpr std::string_view kVersion = ALOFT_VERSION;

/// The two sides of a run and what differs between them. Both snapshots are canonical, the live one
/// under its new names.
struct Comparison {
  Sources sources{};
  Live live{};
  Snapshot desired{};
  ChangeSet changes{};               ///< renames first
  ChangeSet aliases{};               ///< of the live side, by a run that is under way
  std::vector<std::string> notes{};  ///< for the plan's
};

/// Reads the desired files and compares them, but for what a run that is under way makes itself,
/// with what `session` is connected to, in the transaction that introspect() opens and this leaves
/// open. nullopt with errors in `diagnostics`.
std::optional<Comparison> compare_with_server(const CommandOptions& options, Session& session,
                                              Sources& sources, Diagnostics& diagnostics);

/// Compares two states that are both files; `live` is the one named first.
std::optional<Comparison> compare_files(const std::vector<std::string>& from,
                                        const std::vector<std::string>& to, Sources& sources,
                                        Diagnostics& diagnostics);

/// Compares two live databases; `from` is the one that would be changed.
std::optional<Comparison> compare_servers(Session& from, Session& to, Diagnostics& diagnostics);

/// The plan of a comparison with everything filled in. `session`: the one of the comparison, asked
/// for pg_depend if there are changes; null offline.
std::optional<Plan> plan_of(const Comparison& comparison, Session* session,
                            const PlanOptions& planning, Diagnostics& diagnostics);

/// The live schema alone, canonical, without the scaffold of a run that is under way.
Live read_live(Session& session, const CommandOptions& options);

/// Prints all diagnostics to stderr. True if one of them is an error.
bool report(const Diagnostics& diagnostics, const Sources& sources);

/// Opens the session of --db; the connection string falls back to DATABASE_URL, then to PG*.
std::unique_ptr<Session> connect(const CommandOptions& options);

}  // namespace aloft
