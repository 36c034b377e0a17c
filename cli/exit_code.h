#pragma once

namespace aloft {

/// What the process says to its caller; the same numbers for every command.
enum class ExitCode : int {
  Ok = 0,
  Error = 1,          ///< one message on stderr says what, where, why, and what to do
  Changes = 2,        ///< --detailed-exitcode: there are changes
  Gated = 3,          ///< a hazard that --allow does not name stops the plan
  OtherDatabase = 4,  ///< the database is not the one the plan was made from
};

}  // namespace aloft
