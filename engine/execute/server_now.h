#pragma once

#include <string>

#include "engine/db/session.h"

namespace aloft {

/// The server behind a session, as it is at this moment.
struct ServerNow {
  std::string refuses{};   ///< why it takes no writes; "" where it does
  std::string timeline{};  ///< eight hexadecimal digits; "" where it is not to be had
  std::string name{};      ///< address and port, for people
  std::string started{};   ///< when its postmaster started: no two servers have the same
};

/// Throws DbError. A promotion puts the new primary on a later timeline at once; the old one,
/// should it still take writes, stays on its own.
ServerNow server_now(Session& session);

}  // namespace aloft
