#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/db/session.h"

namespace aloft {

/// Is something between this client and the server that gives each transaction another server
/// session, as a pooler in transaction mode does? Says what to do about it, or "" where the
/// connection is a direct one. Locks and settings of a session, which a run stands on, do not hold
/// there.
///
/// A pooler with one client gives it the same server session each time; `second` opens another
/// client, which takes that one away for a moment. It may return null or throw DbError.
std::string pooler_between(Session& session,
                           const std::function<std::unique_ptr<Session>()>& second);

}  // namespace aloft
