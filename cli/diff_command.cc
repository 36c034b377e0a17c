#include <cstdio>

#include "cli/commands.h"
#include "cli/compare.h"
#include "cli/output.h"
#include "engine/base/file_reader.h"

namespace aloft {
namespace {

/// A database is a libpq URI or keywords; everything else is a path.
bool is_database(const std::string& state) {
  return state.starts_with("postgres://") || state.starts_with("postgresql://") ||
         state.find('=') != std::string::npos;
}

ExitCode show(const std::optional<Comparison>& comparison, Session* session,
              const CommandOptions& options, const Sources& sources, Diagnostics& diagnostics) {
  std::optional<Plan> plan;
  if (comparison) plan = plan_of(*comparison, session, options.planning, diagnostics);
  if (report(diagnostics, sources) || !plan) return ExitCode::Error;
  print_plan(*plan, options);
  return options.detailed_exitcode && !plan->changes.empty() ? ExitCode::Changes : ExitCode::Ok;
}

}  // namespace

ExitCode diff_command(const CommandOptions& options) {
  Sources sources;
  Diagnostics diagnostics;
  if (is_database(options.from) && is_database(options.to)) {
    const auto from = open_session(options.from);
    const auto to = open_session(options.to);
    return show(compare_servers(*from, *to, diagnostics), from.get(), options, sources,
                diagnostics);
  }
  if (is_database(options.from)) {
    CommandOptions server = options;
    server.desired = {options.to};
    const auto session = open_session(options.from);
    const auto comparison = compare_with_server(server, *session, sources, diagnostics);
    return show(comparison, session.get(), options, sources, diagnostics);
  }
  if (is_database(options.to))
    throw IoError(
        "a database can be FROM, with files as TO, or both can be databases; to bring files "
        "up to a database use: aloft dump --db CONNINFO");
  return show(compare_files({options.from}, {options.to}, sources, diagnostics), nullptr, options,
              sources, diagnostics);
}

}  // namespace aloft
