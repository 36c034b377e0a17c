#include "engine/execute/throttle.h"

#include <vector>

#include "engine/base/sql.h"
#include "engine/db/db_error.h"

namespace aloft {
namespace {

Sql number(std::int64_t value) {
  return {std::to_string(value)};
}

// Each returns the rows that are over their limit, a text each.

/// Every walsender with its name, lag in bytes and in seconds; the text is NULL where it is not
/// over the limit. A login without pg_read_all_stats sees that a walsender is there and nothing
/// else of it; one that has caught up and is idle has no replay_lag, and one that takes a base
/// backup has no replay_lsn.
Sql lagging(const ThrottleLimits& l) {
  return sql(
      "SELECT CASE WHEN hidden THEN concat('the replay lag of walsender ', pid, ' cannot be read:"
      " grant pg_monitor to ', current_user, ', or turn the limit off') WHEN ({0} > 0 AND ms > {0})"
      " OR ({1} > 0 AND bytes > {1}) THEN concat('replica ', name, ' is ', pg_size_pretty(bytes),"
      " ', ', round(ms / 1000, 1), ' s behind') END, name, CASE WHEN NOT hidden THEN bytes END,"
      " extract(epoch FROM replay_lag) FROM (SELECT"
      " pid, coalesce(nullif(application_name, ''), pid::text) AS name, state, replay_lag, "
      "coalesce("
      "pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(replay_lsn, sent_lsn)), 0) AS bytes,"
      " coalesce(extract(epoch FROM replay_lag) * 1000, 0)::numeric AS ms, state IS NULL AS hidden"
      " FROM pg_stat_replication) AS w WHERE hidden OR state <> 'backup'",
      number(l.replay_lag_ms), number(l.replay_lag_bytes));
}

/// A slot that is lost already retains nothing.
Sql retaining(const ThrottleLimits& l) {
  return sql(
      "SELECT concat('replication slot ', slot_name, ' retains ', pg_size_pretty(bytes), ' of WAL',"
      " CASE WHEN wal_status = 'unreserved' THEN ' and is about to be lost' END) FROM (SELECT"
      " slot_name, wal_status, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS bytes FROM"
      " pg_replication_slots) AS s WHERE wal_status <> 'lost' AND (bytes > {} OR wal_status ="
      " 'unreserved')",
      number(l.retained_wal_bytes));
}

Sql waiting(const ThrottleLimits& l) {
  return sql(
      "SELECT concat(n, ' sessions wait for locks') FROM (SELECT count(DISTINCT l.pid) AS n FROM"
      " pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE NOT l.granted AND a.datname ="
      " current_database()) AS w WHERE n > {}",
      number(l.lock_waiters));
}

/// Sessions of all databases, as they share the machine, but aloft's own. One whose state is hidden
/// from this login counts: it may be at work.
Sql at_work() {
  return sql(
      "SELECT count(*) FROM pg_stat_activity WHERE coalesce(backend_type = 'client backend',"
      " usesysid IS NOT NULL AND datid IS NOT NULL) AND pid <> pg_backend_pid() AND "
      "application_name IS DISTINCT FROM"
      " current_setting('application_name') AND (state IS NULL OR state IN ('active',"
      " 'fastpath function call') OR state_change > clock_timestamp() - interval '1 s')");
}

/// Since PostgreSQL 17 the checkpointer's counts are its own.
Sql counted(int server_version) {
  return sql("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint, {}()",
             Sql{server_version >= 170000 ? "pg_stat_get_checkpointer_num_requested"
                                          : "pg_stat_get_bgwriter_requested_checkpoints"});
}

Sql holding_back(const ThrottleLimits& l) {
  return sql(
      "SELECT concat('pid ', pid, ' (user ', usename, ', ', state, ') keeps vacuum from cleaning up"
      " after the last ', age(backend_xmin), ' transactions') FROM pg_stat_activity WHERE"
      " backend_xmin IS NOT NULL AND backend_type <> 'autovacuum worker' AND pid <>"
      " pg_backend_pid() AND age(backend_xmin) > {} ORDER BY age(backend_xmin) DESC",
      number(l.xmin_age));
}

std::int64_t whole(const std::optional<std::string>& text) {
  return text ? std::stoll(*text) : 0;
}

/// A statement of the pipeline, and who reads its answer.
struct Signal {
  PauseKind kind;
  std::string statement;
  void (*read)(PauseKind, const Rows&, ThrottleSignals&);
};

void give_reason(ThrottleSignals& signals, PauseKind kind, const std::string& text) {
  if (signals.reason.none()) signals.reason = {kind, text};
}

void read_text(PauseKind kind, const Rows& rows, ThrottleSignals& signals) {
  if (!rows.empty()) give_reason(signals, kind, rows[0].at(0).value_or(""));
}

void read_lags(PauseKind kind, const Rows& rows, ThrottleSignals& signals) {
  const auto number_of = [](const std::optional<std::string>& text) {
    return text ? std::optional<double>(std::stod(*text)) : std::nullopt;
  };
  signals.lags.emplace();
  for (const Row& row : rows) {
    if (row.at(0)) give_reason(signals, kind, *row[0]);
    signals.lags->all.push_back(
        {row.at(1).value_or(""), number_of(row.at(2)), number_of(row.at(3))});
  }
}

void read_verdict(PauseKind kind, const Rows& rows, ThrottleSignals& signals) {
  const bool one = rows.size() == 1 && rows[0].size() == 1;
  if (one && rows[0][0] == "f") return;
  give_reason(signals, kind,
              one && rows[0][0] == "t" ? "the throttle query says so"
                                       : "the throttle query does not give one boolean");
}

void read_others(PauseKind, const Rows& rows, ThrottleSignals& signals) {
  if (!rows.empty()) signals.others = whole(rows[0].at(0));
}

void read_counts(PauseKind, const Rows& rows, ThrottleSignals& signals) {
  if (!rows.empty()) signals.counts = {whole(rows[0].at(0)), whole(rows[0].at(1))};
}

std::vector<Signal> signals_of(const ThrottleLimits& l, int server_version) {
  std::vector<Signal> all{{PauseKind::ActiveSessions, at_work().text, read_others}};
  if (l.rates.wal_bytes_per_second > 0 || l.rates.checkpoints > 0)
    all.push_back({PauseKind::WalRate, counted(server_version).text, read_counts});
  if (l.replay_lag_ms > 0 || l.replay_lag_bytes > 0)
    all.push_back({PauseKind::ReplicaLag, lagging(l).text, read_lags});
  if (l.retained_wal_bytes > 0)
    all.push_back({PauseKind::RetainedWal, retaining(l).text, read_text});
  if (l.lock_waiters > 0) all.push_back({PauseKind::LockWaiters, waiting(l).text, read_text});
  if (l.xmin_age > 0) all.push_back({PauseKind::OldSnapshot, holding_back(l).text, read_text});
  if (!l.query.empty()) all.push_back({PauseKind::Query, l.query, read_verdict});
  return all;
}

}  // namespace

ThrottleSignals read_signals(Session& session, const ThrottleLimits& limits) {
  ThrottleSignals read;
  try {
    session.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
    session.execute("SET LOCAL statement_timeout = '5s'");
    const std::vector<Signal> signals = signals_of(limits, session.server_version());
    std::vector<std::string> statements;
    for (const Signal& signal : signals) statements.push_back(signal.statement);
    const std::vector<Rows> answers = session.pipeline(statements);
    for (std::size_t i = 0; i < answers.size(); ++i)
      signals[i].read(signals[i].kind, answers[i], read);
    if (limits.active_sessions > 0 && read.others > limits.active_sessions)
      give_reason(read, PauseKind::ActiveSessions,
                  std::to_string(read.others) + " other sessions are at work");
  } catch (const DbError& error) {
    if (error.is_connection_lost()) throw;
    read.reason = {PauseKind::Unreadable,
                   std::string("a throttle signal cannot be read: ") + error.what()};
  }
  session.execute("ROLLBACK");
  return read;
}

std::string blind_spots(Session& session, const ThrottleLimits& limits) {
  if (limits.xmin_age == 0) return "";
  const Rows sees = session.query("SELECT pg_has_role('pg_read_all_stats', 'USAGE'), current_user");
  if (sees.empty() || sees[0][0] != "f") return "";
  return "other roles' old snapshots, which keep vacuum from cleaning up, are hidden from " +
         sees[0].at(1).value_or("this login") +
         ", so they do not pause the backfill; to have them seen: GRANT pg_read_all_stats";
}

}  // namespace aloft
