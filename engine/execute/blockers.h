#pragma once

#include <string>

#include "engine/db/session.h"
#include "engine/plan/plan.h"

namespace aloft {

/// The sessions that hold, on the relations of step.locks, a lock that the step's conflicts with
/// and that will not go away soon: a transaction older than `older_than_ms`, a prepared
/// transaction, or an autovacuum against wraparound, which gives way to nobody. One line each,
/// oldest first: pid, user, application, state, age of its transaction, start of its query, mode
/// and relation. "" where the way is free.
///
/// To queue behind one of these would stop every later statement on the table for nothing.
std::string standing_blockers(Session& session, const Step& step, std::int64_t older_than_ms);

/// The same for whoever holds a conflicting lock at this moment.
std::string current_blockers(Session& session, const Step& step);

/// The sessions that backend `pid` waits for, in the same words, on one line; "" for none.
std::string waits_for(Session& session, const std::string& pid);

}  // namespace aloft
