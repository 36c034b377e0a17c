#include "engine/execute/journal.h"

#include "engine/base/hash.h"
#include "engine/base/sql.h"
#include "engine/db/db_error.h"
#include "engine/plan/plan_json.h"

namespace aloft {
namespace {

constexpr std::string_view kUnfinished = "state IN ('running', 'stopped', 'failed', 'expanded')";

/// One statement each; all of them can be run on a journal that is there.
constexpr std::string_view kSchema[] = {
    "CREATE SCHEMA IF NOT EXISTS aloft",
    "CREATE TABLE IF NOT EXISTS aloft.run ("
    "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, plan_id text NOT NULL, plan text NOT NULL,"
    " tool_version text NOT NULL, state text NOT NULL CHECK (state IN ('running', 'stopped',"
    " 'failed', 'expanded', 'done', 'superseded')),"
    " started timestamptz NOT NULL DEFAULT clock_timestamp(), finished timestamptz,"
    " login text NOT NULL DEFAULT session_user, application_name text NOT NULL"
    " DEFAULT current_setting('application_name'), client_addr inet DEFAULT inet_client_addr(),"
    " backend_pid integer NOT NULL DEFAULT pg_backend_pid())",
    "CREATE TABLE IF NOT EXISTS aloft.step ("
    "run bigint NOT NULL REFERENCES aloft.run ON DELETE CASCADE, step text NOT NULL,"
    " phase text NOT NULL, object text NOT NULL, sql_hash text NOT NULL, sql text NOT NULL,"
    " state text NOT NULL CHECK (state IN ('running', 'failed', 'done')),"
    " started timestamptz NOT NULL DEFAULT clock_timestamp(), finished timestamptz,"
    " attempts integer NOT NULL, backend_pid integer NOT NULL DEFAULT pg_backend_pid(),"
    " error text, PRIMARY KEY (run, step))",
    "COMMENT ON TABLE aloft.run IS 'Journal of aloft, which keeps this database equal to a set of SQL"
    " files: a row for each run. Needed to go on after an interruption; never compared with the"
    " desired state.'",
    "COMMENT ON TABLE aloft.step IS 'Journal of aloft: a row for each step of a run.'",
};

std::string sql_hash(const Step& step) {
  ContentHash hash;
  for (const std::string& statement : step.sql) hash.add(statement);
  return hash.hex();
}

std::string cell(const Rows& rows, std::size_t column = 0) {
  return rows.empty() || rows[0].size() <= column ? "" : rows[0][column].value_or("");
}

/// By the catalog and not by to_regclass(), which a login without USAGE on the schema may not ask.
bool has_journal(Session& session) {
  return cell(session.query("SELECT count(*) FROM pg_class c JOIN pg_namespace n"
                            " ON n.oid = c.relnamespace WHERE n.nspname = 'aloft'"
                            " AND c.relkind = 'r' AND c.relname IN ('run', 'step')")) == "2";
}

}  // namespace

bool Journal::exists() {
  return has_journal(session_);
}

void Journal::create() {
  session_.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  try {
    session_.execute("SET LOCAL client_min_messages = warning");
    for (const std::string_view statement : kSchema) session_.execute(std::string(statement));
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
         "; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA aloft TO " + login;
}

void Journal::open(bool resume) {
  session_.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  try {
    const Literal id{plan_.id};
    run_.clear();
    states_.clear();
    if (resume)
      run_ = cell(session_.query(sql("UPDATE aloft.run SET state = 'running', finished = NULL,"
                                     " login = session_user, application_name ="
                                     " current_setting('application_name'), client_addr ="
                                     " inet_client_addr(), backend_pid = pg_backend_pid()"
                                     " WHERE id = (SELECT max(id) FROM aloft.run WHERE plan_id = {}"
                                     " AND {}) RETURNING id",
                                     id, Sql{std::string(kUnfinished)})
                                     .text));
    if (!run_.empty())
      for (const Row& row :
           session_.query("SELECT step, state, sql_hash FROM aloft.step WHERE run = " + run_))
        states_[row[0].value_or("")] = row[1].value_or("");
    else
      run_ = cell(session_.query(sql("INSERT INTO aloft.run (plan_id, plan, tool_version, state)"
                                     " VALUES ({}, {}, {}, 'running') RETURNING id",
                                     id, Literal{plan_to_json(plan_)}, Literal{plan_.tool_version})
                                     .text));
    session_.execute(
        "UPDATE aloft.run SET state = 'superseded', finished = clock_timestamp()"
        " WHERE " +
        std::string(kUnfinished) + " AND id <> " + run_);
    session_.execute("COMMIT");
  } catch (const DbError& error) {
    if (!error.is_connection_lost()) session_.execute("ROLLBACK");
    throw;
  }
}

void Journal::supersede_all() {
  session_.execute(
      "UPDATE aloft.run SET state = 'superseded', finished = clock_timestamp() WHERE " +
      std::string(kUnfinished));
}

bool Journal::is_done(const Step& step) const {
  const auto it = states_.find(step.id);
  return it != states_.end() && it->second == "done";
}

std::string Journal::row_sql(const Step& step, const std::string& state, int attempts,
                             const std::string& error) const {
  const std::string finished = state == "running" ? "NULL" : "clock_timestamp()";
  return sql("INSERT INTO aloft.step (run, step, phase, object, sql_hash, sql, state, finished,"
             " attempts, error) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (run,"
             " step) DO UPDATE SET state = excluded.state, finished = excluded.finished,"
             " attempts = excluded.attempts, backend_pid = excluded.backend_pid,"
             " error = excluded.error",
             Sql{run_}, Literal{step.id}, Literal{std::string(phase_name(step.phase))},
             Literal{to_string(step.object)}, Literal{sql_hash(step)},
             Literal{step.sql.empty() ? "" : step.sql[0]}, Literal{state}, Sql{finished},
             Sql{std::to_string(attempts)}, error.empty() ? Sql{"NULL"} : Sql{quote_literal(error)})
      .text;
}

std::string Journal::done_sql(const Step& step, int attempts) const {
  return row_sql(step, "done", attempts, "");
}

void Journal::begin(const Step& step, int attempts) {
  session_.execute(row_sql(step, "running", attempts, ""));
}

void Journal::done(const Step& step, int attempts) {
  session_.execute(done_sql(step, attempts));
}

void Journal::failed(const Step& step, int attempts, const std::string& message) {
  session_.execute(row_sql(step, "failed", attempts, message));
}

void Journal::set_state(const std::string& state) {
  const std::string finished = state == "done" ? ", finished = clock_timestamp()" : "";
  session_.execute(sql("UPDATE aloft.run SET state = {}{} WHERE id = {}", Literal{state},
                       Sql{finished}, Sql{run_})
                       .text);
}

bool is_carried_out(Session& session, const std::string& plan_id) {
  if (!has_journal(session)) return false;
  const Rows newest =
      session.query("SELECT plan_id, state FROM aloft.run ORDER BY id DESC LIMIT 1");
  return cell(newest) == plan_id && cell(newest, 1) == "done";
}

std::optional<OpenRun> read_open_run(Session& session) {
  if (!has_journal(session)) return std::nullopt;
  const Rows runs = session.query(
      "SELECT id, plan_id, state, started, plan FROM aloft.run ORDER BY id DESC LIMIT 1");
  if (runs.empty()) return std::nullopt;
  OpenRun run{.plan_id = cell(runs, 1),
              .state = cell(runs, 2),
              .started = cell(runs, 3),
              .plan = cell(runs, 4)};
  if (run.state == "done" || run.state == "superseded") return std::nullopt;
  for (const Row& row :
       session.query("SELECT step FROM aloft.step WHERE state = 'done' AND run = " + cell(runs) +
                     " ORDER BY finished, step"))
    run.done.push_back(row[0].value_or(""));
  return run;
}

}  // namespace aloft
