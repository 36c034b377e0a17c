#include "engine/execute/blockers.h"

#include <array>

#include "engine/base/sql.h"

namespace aloft {
namespace {

/// What pg_locks calls the modes, by LockLevel; the first stands for None.
constexpr std::array<std::string_view, 9> kModes = {"",
                                                    "AccessShareLock",
                                                    "RowShareLock",
                                                    "RowExclusiveLock",
                                                    "ShareUpdateExclusiveLock",
                                                    "ShareLock",
                                                    "ShareRowExclusiveLock",
                                                    "ExclusiveLock",
                                                    "AccessExclusiveLock"};

/// "Explicit Locking", table 13.2.
bool conflict(LockLevel a, LockLevel b) {
  using enum LockLevel;
  switch (a) {
    case None: return false;
    case AccessShare: return b == AccessExclusive;
    case RowShare: return b >= Exclusive;
    case RowExclusive: return b >= Share;
    case ShareUpdateExclusive: return b >= ShareUpdateExclusive;
    case Share: return b >= RowExclusive && b != Share;
    case ShareRowExclusive: return b >= RowExclusive;
    case Exclusive: return b >= RowShare;
    case AccessExclusive: return b >= AccessShare;
  }
  return false;
}

std::string conflicting_modes(LockLevel level) {
  std::string list;
  for (std::size_t held = 1; held < kModes.size(); ++held)
    if (conflict(level, static_cast<LockLevel>(held)))
      list += (list.empty() ? "'" : ", '") + std::string(kModes[held]) + "'";
  return "ARRAY[" + list + "]::text[]";
}

/// A row of text about session `a`. A login without pg_read_all_stats sees of other roles'
/// sessions the pid and the user alone.
constexpr std::string_view kDescribe =
    "concat('pid ', a.pid, ' (user ', coalesce(a.usename::text, '?'),"
    " CASE WHEN coalesce(a.application_name, '') <> '' THEN concat(', ', a.application_name) END,"
    " ', ', coalesce(a.state, a.backend_type, 'state hidden'),"
    " CASE WHEN a.xact_start IS NOT NULL"
    " THEN concat(', in a transaction for ', date_trunc('second', clock_timestamp() - "
    "a.xact_start))"
    " END, '): ', left(regexp_replace(a.query, '\\s+', ' ', 'g'), 80))";

std::string blockers(Session& session, const Step& step, const std::string& condition) {
  std::string wanted;
  for (const RelationLock& lock : step.locks)
    if (lock.level != LockLevel::None)
      wanted +=
          (wanted.empty() ? "" : ", ") + sql("(to_regclass({})::oid, {})", Literal{lock.relation},
                                             Sql{conflicting_modes(lock.level)})
                                             .text;
  if (wanted.empty()) return "";
  const Rows rows = session.query(
      "SELECT string_agg(line, E'\\n' ORDER BY since) FROM (SELECT min(coalesce(a.xact_start,"
      " now())) AS since, concat(CASE WHEN l.pid IS NULL THEN 'a prepared transaction"
      " (pg_prepared_xacts)' ELSE " +
      std::string(kDescribe) +
      " END, ' -- holds ', string_agg(DISTINCT concat(l.mode, ' on ', l.relation::regclass),"
      " ', ')) AS line FROM (VALUES " +
      wanted +
      ") AS w(relation, modes) JOIN pg_locks l ON l.locktype = 'relation' AND l.relation ="
      " w.relation AND l.mode = ANY (w.modes) AND l.granted AND l.database ="
      " (SELECT oid FROM pg_database WHERE datname = current_database())"
      " LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
      " WHERE l.pid IS DISTINCT FROM pg_backend_pid()" +
      condition +
      " GROUP BY l.pid, l.virtualtransaction, a.pid, a.usename, a.application_name, a.state,"
      " a.backend_type, a.xact_start, a.query) AS found");
  return rows.empty() || rows[0].empty() ? "" : rows[0][0].value_or("");
}

}  // namespace

std::string standing_blockers(Session& session, const Step& step, std::int64_t older_than_ms) {
  return blockers(session, step,
                  " AND (l.pid IS NULL OR a.query LIKE 'autovacuum:%(to prevent wraparound)'"
                  " OR (a.backend_type <> 'autovacuum worker' AND clock_timestamp() - a.xact_start"
                  " > " +
                      std::to_string(older_than_ms) + " * interval '1 millisecond'))");
}

std::string current_blockers(Session& session, const Step& step) {
  return blockers(session, step, "");
}

std::string waits_for(Session& session, const std::string& pid) {
  const Rows rows = session.query("SELECT string_agg(" + std::string(kDescribe) +
                                  ", '; ' ORDER BY a.xact_start) FROM unnest(pg_blocking_pids(" +
                                  pid + ")) AS b(pid) JOIN pg_stat_activity a ON a.pid = b.pid");
  return rows.empty() || rows[0].empty() ? "" : rows[0][0].value_or("");
}

}  // namespace aloft
