#pragma once

#include <string>

#include "engine/db/session.h"

namespace aloft {

/// Who carries out a run of this database at this moment, on one line for people; "" for nobody.
std::string run_lock_holder(Session& session);

}  // namespace aloft
