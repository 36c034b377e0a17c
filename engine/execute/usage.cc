#include "engine/execute/usage.h"

#include <algorithm>

#include "engine/db/db_error.h"
#include "engine/execute/journal.h"

namespace aloft {
namespace {

constexpr std::string_view kThisDatabase =
    "(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

/// Where pg_stat_statements can be read.
struct StatementStats {
  std::string view{};
  std::string level{};  ///< expression for toplevel, a column since version 1.9 (PostgreSQL 14)
  /// When the counting of an entry began, at the latest that is known: stats_since (PostgreSQL 17),
  /// else the last reset of all (1.9), else NULL. An entry may be thrown out and made again.
  std::string began{};
  std::string missing{};  ///< why it cannot be read, and what to do
};

StatementStats statement_stats(Session& session) {
  const Rows rows = session.query(
      "SELECT quote_ident(n.nspname) || '.pg_stat_statements', (SELECT array_agg(a.attname) FROM"
      " pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid WHERE"
      " c.relname = 'pg_stat_statements' AND c.relnamespace = n.oid)"
      " FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
      " WHERE e.extname = 'pg_stat_statements'");
  if (rows.empty())
    return {.missing =
                "extension pg_stat_statements is not in this database: put it into "
                "shared_preload_libraries, restart the server and run CREATE EXTENSION "
                "pg_stat_statements"};
  const std::string view = rows[0].at(0).value_or(""), columns = rows[0].at(1).value_or("");
  const bool since_1_9 = columns.find("toplevel") != std::string::npos;
  StatementStats stats{.view = view,
                       .level = since_1_9 ? "s.toplevel" : "true",
                       .began = columns.find(",stats_since,") != std::string::npos ? "s.stats_since"
                                : since_1_9 ? "(SELECT stats_reset FROM " + view + "_info)"
                                            : "NULL::timestamptz"};
  try {
    session.query("SELECT 1 FROM " + stats.view + " LIMIT 1");
  } catch (const DbError& error) {
    if (error.is_connection_lost()) throw;
    stats.missing = "pg_stat_statements cannot be read (" + std::string(error.what());
    while (stats.missing.ends_with('\n')) stats.missing.pop_back();
    stats.missing += error.sqlstate == "55000" ? "): set that and restart the server"
                                               : "): grant this login pg_read_all_stats";
  }
  return stats;
}

/// The entries of this database.
Sql entries_of(const StatementStats& stats) {
  return sql(
      "(SELECT s.userid, s.dbid, s.queryid, {} AS toplevel, {} AS began, s.calls, s.query FROM {}"
      " AS s WHERE s.dbid = {}) AS s",
      Sql{stats.level}, Sql{stats.began}, Sql{stats.view}, Sql{std::string(kThisDatabase)});
}

/// (schema, name) pairs as the list of an IN.
Sql pairs_of(const std::vector<QualifiedName>& names) {
  Sql list;
  for (const QualifiedName& name : names)
    list.text += (list.text.empty() ? "" : ", ") +
                 sql("({}, {})", Literal{name.schema}, Literal{name.name}).text;
  return list;
}

void read_statements(Session& session, const StatementStats& stats, const std::string& run,
                     const std::vector<std::string>& words, Usage& usage) {
  std::vector<Literal> literals;
  for (const std::string& word : words) literals.push_back({word});
  // What the server runs for a foreign key has all its names and operators qualified.
  const Rows rows = session.query(
      sql("SELECT u.query, u.login, sum(u.calls) FROM (SELECT s.query, coalesce(r.rolname::text,"
          " s.userid::text) AS login, CASE WHEN s.calls < b.calls OR s.began > t.taken THEN s.calls"
          " ELSE s.calls - coalesce(b.calls, 0) END AS calls FROM {} CROSS JOIN (SELECT taken FROM"
          " aloft.baseline WHERE run = {}) AS t LEFT JOIN aloft.statement_calls AS b USING (userid,"
          " dbid, queryid, toplevel) LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.userid WHERE"
          " s.queryid IS NOT NULL AND EXISTS (SELECT FROM unnest(ARRAY[{}]::text[]) AS w(word)"
          " WHERE strpos(lower(s.query), lower(w.word)) > 0) AND (s.toplevel OR s.query !~"
          " ' ONLY .*OPERATOR\\(pg_catalog\\.')) AS u WHERE u.calls > 0 GROUP BY u.query, u.login"
          " ORDER BY 3 DESC, 1, 2",
          entries_of(stats), Sql{run}, sql_list(literals))
          .text);
  for (const Row& row : rows)
    usage.statements.push_back({.text = row.at(0).value_or(""),
                                .login = row.at(1).value_or(""),
                                .calls = std::stoll(row.at(2).value_or("0"))});
  const Rows hidden =
      session.query(sql("SELECT count(*) FROM {} WHERE s.queryid IS NULL", entries_of(stats)).text);
  usage.hidden = std::stoll(hidden.at(0).at(0).value_or("0"));
}

void read_indexes(Session& session, const std::vector<QualifiedName>& indexes, Usage& usage) {
  if (indexes.empty()) return;
  const bool tells_time = session.server_version() >= 160000;
  const Rows rows = session.query(
      sql("SELECT u.* FROM (SELECT i.schemaname, i.indexrelname, CASE WHEN i.idx_scan < b.scans"
          " THEN i.idx_scan ELSE i.idx_scan - b.scans END AS scans, {} FROM"
          " pg_catalog.pg_stat_user_indexes AS i JOIN aloft.index_scans AS b ON (b.schema_name,"
          " b.index_name) = (i.schemaname, i.indexrelname) WHERE (i.schemaname, i.indexrelname) IN"
          " ({})) AS u WHERE u.scans > 0 ORDER BY 3 DESC, 1, 2",
          Sql{tells_time ? "date_trunc('second', i.last_idx_scan)::text" : "''"}, pairs_of(indexes))
          .text);
  for (const Row& row : rows)
    usage.indexes.push_back({.schema = row.at(0).value_or(""),
                             .name = row.at(1).value_or(""),
                             .scans = std::stoll(row.at(2).value_or("0")),
                             .last_scan = row.at(3).value_or("")});
}

void keep_counts(Session& session, const StatementStats& stats,
                 const std::vector<QualifiedName>& indexes) {
  session.execute("DELETE FROM aloft.statement_calls");
  session.execute("DELETE FROM aloft.index_scans");
  if (stats.missing.empty())
    session.execute(
        sql("INSERT INTO aloft.statement_calls (userid, dbid, queryid, toplevel, calls) SELECT"
            " s.userid, s.dbid, s.queryid, s.toplevel, sum(s.calls) FROM {} WHERE s.queryid IS NOT"
            " NULL GROUP BY 1, 2, 3, 4",
            entries_of(stats))
            .text);
  if (!indexes.empty())
    session.execute(
        sql("INSERT INTO aloft.index_scans (schema_name, index_name, scans) SELECT schemaname,"
            " indexrelname, idx_scan FROM pg_catalog.pg_stat_user_indexes WHERE (schemaname,"
            " indexrelname) IN ({})",
            pairs_of(indexes))
            .text);
}

}  // namespace

std::vector<QualifiedName> dropped_indexes(const Plan& plan, const std::vector<std::string>& done) {
  std::vector<QualifiedName> indexes;
  for (const Step& step : plan.steps) {
    const bool drops = step.phase == Phase::Contract && step.object.kind == Kind::Index &&
                       std::ranges::any_of(step.sql, [](const std::string& statement) {
                         return statement.starts_with("DROP INDEX ");
                       });
    if (drops && std::ranges::find(done, step.id) == done.end())
      indexes.push_back({step.object.schema, step.object.name});
  }
  return indexes;
}

bool has_baseline(Session& session, const std::string& run) {
  return has_journal_table(session, "baseline") &&
         !session.query("SELECT FROM aloft.baseline WHERE run = " + run).empty();
}

bool take_baseline(Session& session, const Plan& plan, const Sql& run) {
  const StatementStats stats = statement_stats(session);
  if (!has_journal_table(session, "baseline")) Journal(session, plan).create();
  session.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  try {
    const bool there =
        !session
             .query(sql("INSERT INTO aloft.baseline (run, statements) SELECT r.id, {} FROM {} ON"
                        " CONFLICT (run) DO UPDATE SET taken = excluded.taken, statements ="
                        " excluded.statements RETURNING run",
                        Sql{stats.missing.empty() ? "true" : "false"}, run)
                        .text)
             .empty();
    if (there) keep_counts(session, stats, dropped_indexes(plan, {}));
    session.execute(there ? "COMMIT" : "ROLLBACK");
    return there;
  } catch (const DbError& error) {
    if (!error.is_connection_lost()) session.execute("ROLLBACK");
    throw;
  }
}

Usage read_usage(Session& session, const std::string& run, const std::vector<std::string>& words,
                 const std::vector<QualifiedName>& indexes) {
  Usage usage;
  const StatementStats stats = statement_stats(session);
  usage.no_statements = stats.missing;
  if (!has_journal_table(session, "baseline")) return usage;
  const Rows taken = session.query(
      "SELECT date_trunc('second', taken), statements FROM aloft.baseline WHERE run = " + run);
  if (taken.empty()) return usage;
  usage.since = taken[0].at(0).value_or("");
  read_indexes(session, indexes, usage);
  if (!usage.no_statements.empty() || words.empty()) return usage;
  if (taken[0].at(1) != "t")
    usage.no_statements =
        "pg_stat_statements could not be read when the baseline was taken: aloft status "
        "--new-baseline counts from now on";
  else
    read_statements(session, stats, run, words, usage);
  return usage;
}

}  // namespace aloft
