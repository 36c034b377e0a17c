#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "engine/db/session.h"
#include "engine/execute/clock.h"
#include "engine/execute/executor.h"
#include "engine/execute/observer.h"

namespace aloft {

/// Carries the run out in a session, as run_plan() does.
using CarryOut = std::function<Outcome(Session&, const RunOptions&)>;

/// Carries a run out in `first`, and where its connection is lost or its server takes no writes any
/// more, goes on in another session from what the journal says there: on the standby that was
/// promoted, or on the same server once it is back. `connect` opens one to any server of the
/// connection string; it throws DbError.
///
/// A server that takes writes is looked for during options.reconnect_ms. One on an earlier timeline
/// than the run has been on is a primary that was left behind, and is none. The run lock is waited
/// for as long, as the session that is gone may keep it for a while; where the journal says that
/// somebody else has taken the run up, it is theirs. A step that is cut off three times with
/// nothing done in between is given up: it may be what the server dies of.
///
/// Throws RunCutOff where the connection was lost before the run was in the journal: its plan was
/// made under a lock that is gone.
Outcome follow_run(const CarryOut& carry_out, RunOptions options, std::unique_ptr<Session> first,
                   const std::function<std::unique_ptr<Session>()>& connect, Clock& clock,
                   Observer& observer, const std::atomic<bool>& stop);

}  // namespace aloft
