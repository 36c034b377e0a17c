#pragma once

#include <stdexcept>
#include <string>

namespace aloft {

/// What the server or the wire refused. The SQLSTATE decides what the caller does next.
struct DbError : std::runtime_error {
  DbError(std::string code, const std::string& what)
      : runtime_error(what), sqlstate(std::move(code)) {}
  bool is_lock_timeout() const { return sqlstate == "55P03"; }
  bool is_deadlock() const { return sqlstate == "40P01"; }
  bool is_canceled() const { return sqlstate == "57014"; }
  /// The connection is gone; whether the last statement took effect is unknown. With 25P03 the
  /// server ends a session whose client was silent for too long in the middle of a transaction.
  bool is_connection_lost() const {
    return sqlstate.starts_with("08") || sqlstate == "57P01" || sqlstate == "57P02" ||
           sqlstate == "57P03" || sqlstate == "25P03";
  }
  /// The server takes no writes: it is a standby now, or is kept read only.
  bool is_read_only() const { return sqlstate == "25006"; }
  std::string sqlstate;  ///< five characters; "08000" for a lost wire, which has none
};

}  // namespace aloft
