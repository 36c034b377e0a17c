#include <iterator>

#include "engine/db/db_error.h"
#include "engine/execute/journal.h"

namespace aloft {
namespace {

/// One statement each; all of them can be run on a journal that is there.
constexpr std::string_view kTables[] = {
    "CREATE SCHEMA IF NOT EXISTS aloft",
    "CREATE TABLE IF NOT EXISTS aloft.run ("
    "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, plan_id text NOT NULL, plan text NOT NULL,"
    " tool_version text NOT NULL, state text NOT NULL CHECK (state IN ('running', 'stopped',"
    " 'failed', 'expanded', 'done', 'superseded', 'rolled_back')),"
    " epoch bigint NOT NULL DEFAULT 1, undoes bigint REFERENCES aloft.run,"
    " started timestamptz NOT NULL DEFAULT clock_timestamp(), finished timestamptz,"
    " login text NOT NULL DEFAULT session_user, application_name text NOT NULL"
    " DEFAULT current_setting('application_name'), client_addr inet DEFAULT inet_client_addr(),"
    " backend_pid integer NOT NULL DEFAULT pg_backend_pid(),"
    " paused_by text, paused timestamptz, throttled_by text, batch_ms integer, restore_point text)",
    "CREATE TABLE IF NOT EXISTS aloft.step ("
    "run bigint NOT NULL REFERENCES aloft.run ON DELETE CASCADE, step text NOT NULL,"
    " phase text NOT NULL, object text NOT NULL, sql_hash text NOT NULL, sql text NOT NULL,"
    " state text NOT NULL CHECK (state IN ('running', 'failed', 'done')),"
    " started timestamptz NOT NULL DEFAULT clock_timestamp(), finished timestamptz,"
    " attempts integer NOT NULL, backend_pid integer NOT NULL DEFAULT pg_backend_pid(),"
    " error text, PRIMARY KEY (run, step))",
    "CREATE TABLE IF NOT EXISTS aloft.backfill ("
    "run bigint NOT NULL REFERENCES aloft.run ON DELETE CASCADE, step text NOT NULL,"
    " part integer NOT NULL, relfilenode text NOT NULL, first_block bigint NOT NULL,"
    " next_block bigint NOT NULL, end_block bigint NOT NULL, rows bigint NOT NULL DEFAULT 0,"
    " batches bigint NOT NULL DEFAULT 0, taken_up timestamptz NOT NULL DEFAULT clock_timestamp(),"
    " taken_up_at bigint NOT NULL, updated timestamptz NOT NULL DEFAULT clock_timestamp(),"
    " PRIMARY KEY (run, step, part))",
    "COMMENT ON TABLE aloft.run IS 'Journal of aloft, which keeps this database equal to a set of "
    "SQL"
    " files: a row for each run. Needed to go on after an interruption; never compared with the"
    " desired state.'",
    "COMMENT ON TABLE aloft.step IS 'Journal of aloft: a row for each step of a run.'",
    "COMMENT ON TABLE aloft.backfill IS 'Journal of aloft: how far each part of a step that runs in"
    " batches has come.'",
};

// What a journal that an earlier version made lacks. A login that may create in the schema and does
// not own its tables can add it: so it is no column of theirs, and refers to none.

constexpr std::string_view kBaseline[] = {
    "CREATE TABLE IF NOT EXISTS aloft.baseline ("
    "run bigint PRIMARY KEY, taken timestamptz NOT NULL"
    " DEFAULT clock_timestamp(), statements boolean NOT NULL)",
    "CREATE TABLE IF NOT EXISTS aloft.statement_calls ("
    "userid oid, dbid oid, queryid bigint, toplevel boolean, calls bigint NOT NULL,"
    " PRIMARY KEY (userid, dbid, queryid, toplevel))",
    "CREATE TABLE IF NOT EXISTS aloft.index_scans ("
    "schema_name text, index_name text, scans bigint NOT NULL,"
    " PRIMARY KEY (schema_name, index_name))",
    "COMMENT ON TABLE aloft.baseline IS 'Journal of aloft: since when it counts what applications"
    " use, for the run that waits; the counts of then are in statement_calls and index_scans.'",
};

constexpr std::string_view kStall[] = {
    "CREATE TABLE IF NOT EXISTS aloft.stall ("
    "run bigint PRIMARY KEY, tries bigint NOT NULL, gave_up bigint NOT NULL,"
    " total_ms bigint NOT NULL, longest_ms bigint NOT NULL, longest_step text)",
    "COMMENT ON TABLE aloft.stall IS 'Journal of aloft: how often each run tried for locks, and how"
    " long others may have waited for it.'",
};

constexpr std::string_view kRecentStall[] = {
    "CREATE TABLE IF NOT EXISTS aloft.recent_stall ("
    "run bigint NOT NULL, ended timestamptz NOT NULL, ms bigint NOT NULL)",
    // Where a publication shows all tables, PostgreSQL refuses deletes from one without.
    "ALTER TABLE aloft.recent_stall REPLICA IDENTITY FULL",
    "COMMENT ON TABLE aloft.recent_stall IS 'Journal of aloft: for how long others may have waited"
    " for each of its locks within the last minute.'",
};

// Where writers of one new key wait for each other (docs/zero-downtime.md, Upserts): each takes its
// row away again at once, and who puts an equal one in waits for the end of the first.
constexpr std::string_view kTurn[] = {
    "CREATE UNLOGGED TABLE IF NOT EXISTS aloft.turn (key bigint PRIMARY KEY)"
    " WITH (vacuum_truncate = false)",
    "COMMENT ON TABLE aloft.turn IS 'Of aloft: where applications that write the same new key of a"
    " table under change wait for each other. It is always empty.'",
};

std::string cell(const Rows& rows, std::size_t column = 0) {
  return rows.empty() || rows[0].size() <= column ? "" : rows[0][column].value_or("");
}

}  // namespace

bool has_journal(Session& session) {
  return cell(session.query("SELECT count(*) FROM pg_class c JOIN pg_namespace n"
                            " ON n.oid = c.relnamespace WHERE n.nspname = 'aloft'"
                            " AND c.relkind = 'r' AND c.relname IN ('run', 'step', 'backfill')")) ==
         "3";
}

bool has_journal_table(Session& session, std::string_view name) {
  return cell(session.query(sql("SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid"
                                " = c.relnamespace WHERE n.nspname = 'aloft' AND c.relname = {})",
                                Literal{std::string(name)})
                                .text)) == "t";
}

bool may_read_stalls(Session& session) {
  return cell(session.query("SELECT has_table_privilege(c.oid, 'SELECT') FROM pg_class c JOIN"
                            " pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'aloft'"
                            " AND c.relname = 'stall'")) == "t";
}

bool may_read_journal(Session& session) {
  return cell(session.query(
             "SELECT bool_and(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid,"
             " 'SELECT')) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
             " n.nspname = 'aloft' AND c.relname IN ('run', 'step', 'backfill')")) == "t";
}

void Journal::create() {
  const bool tables = !has_journal(session_), baseline = !has_journal_table(session_, "baseline"),
             stall = !has_journal_table(session_, "stall"),
             recent = !has_journal_table(session_, "recent_stall"),
             turn = !has_journal_table(session_, "turn");
  if (!tables && !baseline && !stall && !recent && !turn) return;
  session_.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  try {
    std::vector<std::string> statements{"SET LOCAL client_min_messages = warning"};
    if (tables) statements.insert(statements.end(), std::begin(kTables), std::end(kTables));
    if (baseline) statements.insert(statements.end(), std::begin(kBaseline), std::end(kBaseline));
    if (stall) statements.insert(statements.end(), std::begin(kStall), std::end(kStall));
    if (recent)
      statements.insert(statements.end(), std::begin(kRecentStall), std::end(kRecentStall));
    if (turn) statements.insert(statements.end(), std::begin(kTurn), std::end(kTurn));
    session_.pipeline(statements);
    session_.execute("COMMIT");
  } catch (const DbError& error) {
    if (!error.is_connection_lost()) session_.execute("ROLLBACK");
    throw;
  }
}

std::string Journal::grant_hint() {
  const Rows rows = session_.query(
      "SELECT quote_ident(current_database()), quote_ident(current_user),"
      " to_regnamespace('aloft') IS NOT NULL");
  const std::string login = cell(rows, 1);
  if (cell(rows, 2) != "t") return "GRANT CREATE ON DATABASE " + cell(rows) + " TO " + login;
  return "GRANT USAGE, CREATE ON SCHEMA aloft TO " + login +
         "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA aloft TO " + login;
}

}  // namespace aloft
