#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/compare.h"
#include "engine/execute/journal.h"

namespace aloft {

/// A run that is open and whose scaffold may stand in the database: what is on the way there is no
/// difference between files and database.
struct RunUnderWay {
  OpenRun run{};
  Plan plan{};
};

/// The open run, if it has a scaffold or takes one back. A login that may not read the journal gets
/// a note instead. In the session's transaction, if it is in one.
std::optional<RunUnderWay> run_under_way(Session& session, std::vector<std::string>& notes);

/// Takes what is there only for the run out of the live schema, and gives what goes by another name
/// meanwhile its own: the renames that this is, for the texts.
ChangeSet hide_scaffold(Snapshot& live, const Plan& plan);

/// Of a column with another name in the files, which the run gives it by a second column: the files
/// ask for that too.
void say_second_columns(Snapshot& desired, const Snapshot& live, const Plan& plan);

/// Takes the changes that the run makes itself out of the comparison, with a note. A change that
/// touches one of its relations and leads elsewhere is an error, "run-under-way".
void leave_to_run(Comparison& comparison, const RunUnderWay& under_way, Diagnostics& diagnostics);

}  // namespace aloft
