#pragma once

#include <string>

#include "engine/db/session.h"

namespace aloft {

/// Who carries out a run of this database at this moment, on one line for people; "" for nobody.
std::string run_lock_holder(Session& session);
/// Who has taken up the run of this id, in the journal's words, for the runner that has lost it.
std::string who_took_over(Session& session, const std::string& run);

}  // namespace aloft
