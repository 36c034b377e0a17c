#pragma once

#include <string>

#include "engine/db/session.h"
#include "engine/plan/plan.h"

namespace aloft {

/// What the catalog says of a step's work.
enum class Found {
  NotDone,
  Done,
  HalfDone,  ///< an INVALID index, a pending detach: what a killed run leaves
  Unknown,   ///< the step has no check
};

Found look(Session& session, const StepCheck& check);

/// The statement that clears what `look` found half done, so that the step can run, or that brings
/// it to its end: DROP INDEX CONCURRENTLY of an INVALID index, DETACH ... FINALIZE. To be run
/// outside a transaction block.
std::string mend_sql(Session& session, const StepCheck& check);

/// Another backend that is doing this step's very work: the server goes on with CREATE INDEX
/// CONCURRENTLY after its client is gone. Says who, or "" for none.
std::string orphan_at_work(Session& session, const Step& step);

}  // namespace aloft
