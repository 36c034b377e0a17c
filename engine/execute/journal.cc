#include "engine/execute/journal.h"

#include <algorithm>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/db/db_error.h"
#include "engine/plan/plan_json.h"

namespace aloft {
namespace {

constexpr std::string_view kUnfinished = "state IN ('running', 'stopped', 'failed', 'expanded')";

std::string sql_hash(const Step& step) {
  ContentHash hash;
  for (const std::string& statement : step.sql) hash.add(statement);
  return hash.hex();
}

std::string cell(const Rows& rows, std::size_t column = 0) {
  return rows.empty() || rows[0].size() <= column ? "" : rows[0][column].value_or("");
}

Sql text_or_null(const std::string& text) {
  return text.empty() ? Sql{"NULL"} : Sql{quote_literal(text)};
}

/// Takes up the run that the condition names.
std::string take_up(const Sql& which) {
  return sql("UPDATE aloft.run SET state = 'running', finished = NULL, epoch = epoch + 1,"
             " throttled_by = NULL, login = session_user, application_name ="
             " current_setting('application_name'), client_addr = inet_client_addr(),"
             " backend_pid = pg_backend_pid() WHERE {} RETURNING id, epoch, undoes",
             which)
      .text;
}

std::vector<std::string> first_column(const Rows& rows) {
  std::vector<std::string> values;
  for (const Row& row : rows) values.push_back(row[0].value_or(""));
  return values;
}

/// What functions of the login's do in the transactions of applications, see kTurn of
/// journal_schema.cc: where it may not, better that it is said before anything is done.
constexpr std::string_view kMayMeet =
    "WITH put AS (INSERT INTO aloft.turn SELECT 0 WHERE false RETURNING ctid) DELETE FROM"
    " aloft.turn WHERE ctid IN (SELECT ctid FROM put)";

bool has_writers_meet(const Plan& plan) {
  return std::ranges::any_of(plan.steps, [](const Step& step) {
    return std::ranges::any_of(step.sql, [](const std::string& statement) {
      return statement.find(" aloft.turn ") != std::string::npos;
    });
  });
}

}  // namespace

void Journal::open(bool resume, const std::string& undoes) {
  session_.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  try {
    const Literal id{plan_.id};
    undoes_ = undoes;
    if (has_writers_meet(plan_)) session_.execute(std::string(kMayMeet));
    Rows opened;
    if (resume)
      opened = session_.query(
          take_up(sql("id = (SELECT max(id) FROM aloft.run WHERE plan_id = {} AND {})", id,
                      Sql{std::string(kUnfinished)})));
    const bool found = !opened.empty();
    if (found)
      undoes_ = cell(opened, 2);
    else
      opened = session_.query(sql("INSERT INTO aloft.run (plan_id, plan, tool_version, state,"
                                  " undoes) VALUES ({}, {}, {}, 'running', {}) RETURNING id, epoch",
                                  id, Literal{plan_to_json(plan_)}, Literal{plan_.tool_version},
                                  Sql{undoes.empty() ? "NULL" : undoes})
                                  .text);
    run_ = cell(opened);
    epoch_ = cell(opened, 1);
    if (found) read_states();
    stalls_ = add_stalls({}, {});
    session_.execute(
        "UPDATE aloft.run SET state = 'superseded', finished = clock_timestamp() WHERE " +
        std::string(kUnfinished) + " AND id <> " + run_ +
        (undoes_.empty() ? "" : " AND id <> " + undoes_));
    session_.execute("COMMIT");
  } catch (const DbError& error) {
    if (!error.is_connection_lost()) session_.execute("ROLLBACK");
    throw;
  }
}

void Journal::read_states() {
  states_.clear();
  for (const Row& row : session_.query("SELECT step, state FROM aloft.step WHERE run = " + run_))
    states_[row[0].value_or("")] = row[1].value_or("");
}

Journal::Found Journal::take_up_again(const LeftOff& where) {
  if (!has_journal(session_)) return Found::NotThere;
  const Sql run = sql("id = {} AND plan_id = {}", Sql{where.run}, Literal{plan_.id});
  session_.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
  const Rows taken = session_.query(take_up(
      sql("{} AND {} AND epoch <= {}", run, Sql{std::string(kUnfinished)}, Sql{where.epoch})));
  if (taken.empty()) {
    session_.execute("ROLLBACK");
    const Rows now = session_.query(
        sql("SELECT state, epoch > {} FROM aloft.run WHERE {}", Sql{where.epoch}, run).text);
    if (now.empty()) return Found::NotThere;
    return cell(now) == "done" && cell(now, 1) == "f" ? Found::Done : Found::TakenOver;
  }
  run_ = cell(taken);
  epoch_ = cell(taken, 1);
  undoes_ = cell(taken, 2);
  read_states();
  session_.execute("COMMIT");
  return Found::Taken;
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

Sql Journal::ours() const {
  return sql("(SELECT id FROM aloft.run WHERE id = {} AND epoch = {} FOR SHARE) AS r", Sql{run_},
             Sql{epoch_});
}

void Journal::record(const std::string& statement) {
  if (session_.query(statement).empty()) throw TakenOver{};
}

std::string Journal::row_sql(const Step& step, const std::string& state, int attempts,
                             const std::string& error) const {
  const std::string finished = state == "running" ? "NULL" : "clock_timestamp()";
  return sql("INSERT INTO aloft.step (run, step, phase, object, sql_hash, sql, state, started, "
             "finished,"
             " attempts, error) SELECT r.id, {}, {}, {}, {}, {}, {}, clock_timestamp(), {}, {}, {} "
             "FROM {}"
             " ON CONFLICT (run, step) DO UPDATE SET state = excluded.state, finished ="
             " excluded.finished, attempts = excluded.attempts, backend_pid ="
             " excluded.backend_pid, error = excluded.error RETURNING run",
             Literal{step.id}, Literal{std::string(phase_name(step.phase))},
             Literal{to_string(step.object)}, Literal{sql_hash(step)},
             Literal{step.sql.empty() ? "" : step.sql[0]}, Literal{state},
             sql("{}::timestamptz", Sql{finished}), Sql{std::to_string(attempts)},
             text_or_null(error), ours())
      .text;
}

std::string Journal::done_sql(const Step& step, int attempts) const {
  return row_sql(step, "done", attempts, "");
}

void Journal::begin(const Step& step, int attempts) {
  record(row_sql(step, "running", attempts, ""));
}

void Journal::done(const Step& step, int attempts) {
  record(done_sql(step, attempts));
}

void Journal::failed(const Step& step, int attempts, const std::string& message) {
  record(row_sql(step, "failed", attempts, message));
}

void Journal::set_state(const std::string& state) {
  const bool done = state == "done";
  const bool undone = done && !undoes_.empty();
  record(
      sql("UPDATE aloft.run AS t SET state = CASE WHEN t.id = r.id THEN {} ELSE 'rolled_back' END,"
          " throttled_by = NULL{} FROM {} WHERE t.id = r.id{} RETURNING t.id",
          Literal{state}, Sql{done ? ", finished = clock_timestamp()" : ""}, ours(),
          Sql{undone ? " OR t.id = " + undoes_ : ""})
          .text);
}

void Journal::note(const std::string& column, const std::string& text) {
  record(sql("UPDATE aloft.run AS t SET {} = {} FROM {} WHERE t.id = r.id RETURNING t.id",
             Ident{column}, text_or_null(text), ours())
             .text);
}

Stalls Journal::add_stalls(const Stalls& more, const std::vector<AgedStall>& each) {
  const auto number = [](std::int64_t value) { return Sql{std::to_string(value)}; };
  std::string recent;
  for (const AgedStall& stall : each)
    recent +=
        (recent.empty() ? "" : ", ") + sql("({}, {})", number(stall.age_ms), number(stall.ms)).text;
  if (!recent.empty())
    recent = sql("WITH gone AS (DELETE FROM aloft.recent_stall WHERE ended < clock_timestamp() -"
                 " interval '1 minute'), come AS (INSERT INTO aloft.recent_stall (run, ended, ms)"
                 " SELECT r.id, clock_timestamp() - v.age * interval '1 ms', v.ms FROM {}, (VALUES"
                 " {}) AS v (age, ms)) ",
                 ours(), Sql{recent})
                 .text;
  const Rows now = session_.query(
      recent +
      sql("INSERT INTO aloft.stall AS s (run, tries, gave_up, total_ms, longest_ms, longest_step)"
          " SELECT r.id, {}, {}, {}, {}, {} FROM {} ON CONFLICT (run) DO UPDATE SET tries = s.tries"
          " + excluded.tries, gave_up = s.gave_up + excluded.gave_up, total_ms = s.total_ms +"
          " excluded.total_ms, longest_ms = greatest(s.longest_ms, excluded.longest_ms),"
          " longest_step = CASE WHEN excluded.longest_ms > s.longest_ms THEN excluded.longest_step"
          " ELSE s.longest_step END RETURNING tries, gave_up, total_ms, longest_ms, longest_step",
          number(more.tries), number(more.gave_up), number(more.total_ms), number(more.longest_ms),
          text_or_null(more.longest_step), ours())
          .text);
  if (now.empty()) throw TakenOver{};
  return stalls_of(now[0]);
}

std::int64_t Journal::ms_since_last_step() {
  const std::string ms = cell(session_.query(
      "SELECT floor(extract(epoch FROM clock_timestamp() - max(finished)) * 1000)::bigint FROM"
      " aloft.step WHERE state = 'done' AND run = " +
      run_));
  return ms.empty() ? 0 : std::stoll(ms);
}

std::string Journal::read(const std::string& column) {
  return cell(
      session_.query(sql("SELECT {} FROM aloft.run WHERE id = {}", Ident{column}, Sql{run_}).text));
}

std::optional<double> last_success(Session& session) {
  const std::string at = cell(session.query(
      "SELECT extract(epoch FROM max(coalesce(r.finished, (SELECT max(s.finished) FROM aloft.step s"
      " WHERE s.run = r.id AND s.state = 'done')))) FROM aloft.run r WHERE r.state IN ('done',"
      " 'expanded')"));
  if (at.empty()) return std::nullopt;
  return std::stod(at);
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
      "SELECT id, plan_id, state, started, plan, undoes FROM aloft.run WHERE undoes IS NULL OR"
      " state <> 'superseded' ORDER BY id DESC LIMIT 1");
  if (runs.empty()) return std::nullopt;
  OpenRun run{.id = cell(runs),
              .plan_id = cell(runs, 1),
              .state = cell(runs, 2),
              .started = cell(runs, 3),
              .plan = cell(runs, 4),
              .undoes = cell(runs, 5)};
  if (run.state == "done" || run.state == "superseded" || run.state == "rolled_back")
    return std::nullopt;
  run.done = first_column(
      session.query("SELECT step FROM aloft.step WHERE state = 'done' AND run = " + run.id +
                    " ORDER BY finished, step"));
  run.begun = first_column(
      session.query("SELECT step FROM aloft.step s WHERE state <> 'done' AND run = " + run.id +
                    " AND (state = 'running' OR EXISTS (SELECT FROM aloft.backfill b WHERE b.run ="
                    " s.run AND b.step = s.step AND b.rows > 0)) ORDER BY started, step"));
  return run;
}

}  // namespace aloft
