#include "engine/execute/run_lock.h"

#include "engine/base/sql.h"
#include "engine/execute/executor.h"

namespace aloft {
namespace {

/// "alof", "t" and a version: pg_locks shows them as classid and objid of an advisory lock with
/// objsubid 2. Two-key advisory locks are per database.
constexpr std::string_view kKeys = "1634496358, 1946157057";

}  // namespace

bool take_run_lock(Session& session, std::string& holder) {
  // The session of a client that has just ended is still on its way out for a moment.
  constexpr int kTries = 10;
  for (int i = 0; i < kTries; ++i) {
    if (i > 0) session.query("SELECT pg_sleep(0.1)");
    const Rows taken =
        session.query(sql("SELECT pg_try_advisory_lock({})", Sql{std::string(kKeys)}).text);
    if (!taken.empty() && taken[0][0] == "t") return true;
  }
  holder = run_lock_holder(session);
  if (holder.empty()) holder = "a session that has just ended: try again";
  return false;
}

std::string run_lock_holder(Session& session) {
  const Rows rows = session.query(
      "SELECT concat('pid ', a.pid, ', user ', a.usename, ', from ',"
      " coalesce(host(a.client_addr), 'a local socket'), CASE WHEN a.backend_start IS NOT NULL"
      " THEN concat(', connected ', date_trunc('second', a.backend_start)) END,"
      " CASE WHEN coalesce(a.query, '') NOT IN ('', '<insufficient privilege>') THEN concat(', ',"
      " a.state, ': ', left(regexp_replace(a.query, '\\s+', ' ', 'g'), 80)) END)"
      " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
      " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2"
      " AND l.classid = 1634496358 AND l.objid = 1946157057 AND l.database ="
      " (SELECT oid FROM pg_database WHERE datname = current_database())");
  return rows.empty() ? "" : rows[0][0].value_or("");
}

std::string who_took_over(Session& session, const std::string& run) {
  const Rows rows = session.query(
      sql("SELECT concat('pid ', backend_pid, ', user ', login, ', from ', coalesce("
          "host(client_addr), 'a local socket'), ', state ', state) FROM aloft.run WHERE id = {}",
          Sql{run})
          .text);
  return "another aloft has taken this run up meanwhile" +
         (rows.empty() ? "" : " (" + rows[0].at(0).value_or("") + ")") +
         "; what this one was about to do is rolled back";
}

}  // namespace aloft
