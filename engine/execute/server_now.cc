#include "engine/execute/server_now.h"

#include "engine/db/db_error.h"

namespace aloft {
namespace {

/// pg_current_wal_lsn() is an error in recovery, and on servers whose WAL is not PostgreSQL's own.
std::string timeline_of(Session& session) {
  try {
    const Rows rows = session.query("SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)");
    return rows.empty() ? "" : rows[0].at(0).value_or("");
  } catch (const DbError& error) {
    if (error.is_connection_lost()) throw;
    return "";
  }
}

}  // namespace

ServerNow server_now(Session& session) {
  const Rows rows = session.query(
      "SELECT CASE WHEN pg_is_in_recovery() THEN 'is a standby' WHEN"
      " current_setting('transaction_read_only') = 'on' THEN 'is read only' END,"
      " concat(coalesce(host(inet_server_addr()), 'the local server'), ' port ',"
      " current_setting('port')), pg_postmaster_start_time()");
  const auto cell = [&rows](std::size_t column) {
    return rows.empty() ? "" : rows[0].at(column).value_or("");
  };
  return {
      .refuses = cell(0), .timeline = timeline_of(session), .name = cell(1), .started = cell(2)};
}

}  // namespace aloft
