#include "engine/execute/server_now.h"

namespace aloft {

ServerNow server_now(Session& session) {
  // pg_current_wal_lsn() is an error in recovery.
  const Rows rows = session.query(
      "SELECT CASE WHEN pg_is_in_recovery() THEN 'is a standby' WHEN"
      " current_setting('transaction_read_only') = 'on' THEN 'is read only' END,"
      " CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END,"
      " concat(coalesce(host(inet_server_addr()), 'the local server'), ' port ',"
      " current_setting('port')), pg_postmaster_start_time()");
  const auto cell = [&rows](std::size_t column) {
    return rows.empty() ? "" : rows[0].at(column).value_or("");
  };
  return {.refuses = cell(0), .timeline = cell(1), .name = cell(2), .started = cell(3)};
}

}  // namespace aloft
