#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "engine/execute/journal.h"
#include "engine/execute/usage.h"

namespace aloft {

/// A statement that still names what contract takes away.
struct NamingStatement {
  std::string text{};                ///< on one line, shortened
  std::vector<std::string> names{};  ///< of tables and columns: "public.t", "public.t.a"
  std::string login{};
  std::int64_t calls = 0;  ///< since the baseline
};

/// What speaks against contract: what is still used of what it takes away.
struct Evidence {
  bool asked = false;       ///< contract takes away something that applications can name
  std::string since{};      ///< when the counting began; "" where it did not
  std::string missing{};    ///< why nothing is known of statements, and what to do; "" where it is
  std::int64_t hidden = 0;  ///< statements of other logins that this one may not read
  std::vector<NamingStatement> statements{};
  std::vector<std::string> unread{};  ///< hold such a name and do not parse
  std::vector<ScannedIndex> indexes{};

  bool speaks_against() const { return !statements.empty() || !indexes.empty(); }
};

/// Weighs what the plan's steps of phase contract take away, but for those that the run has done,
/// against what was used since the baseline of the run. The plan is the run's own or goes on from
/// where that is. aloft's own statements do not count. Where the server refuses to tell, `missing`
/// says why. Throws DbError when the connection is lost.
Evidence read_evidence(Session& session, const Plan& plan, const OpenRun& run);

/// Tells the evidence on stderr. False where it stops contract: it speaks against it and
/// app_breaking is not allowed.
bool pass_evidence(Session& session, const Plan& plan, const OpenRun& run,
                   const CommandOptions& options);

}  // namespace aloft
