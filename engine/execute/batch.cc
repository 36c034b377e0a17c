#include "engine/execute/batch.h"

#include "engine/db/db_error.h"
#include "engine/execute/update_text.h"
#include "engine/plan/batch_text.h"

namespace aloft {
namespace {

/// As a replica the session fires no ordinary trigger: no updated_at, no audit row, no outbox for a
/// copy that changes nothing that people wrote. Neither does it check foreign keys and deferrable
/// unique constraints, so that is not done where the UPDATE sets a column of one; a generated
/// column may follow from any.
bool may_skip_triggers(RunContext& run, const Step& step) {
  if (!run.sets_replication_role || !updates_rows(step)) return false;
  const auto columns = set_columns(step.sql[0]);
  if (!columns) return false;
  std::vector<Literal> names;
  for (const std::string& name : *columns) names.push_back({name});
  const Rows checked = run.session.query(
      sql("SELECT EXISTS (SELECT FROM pg_constraint c JOIN pg_attribute a ON a.attrelid IN "
          "(c.conrelid,"
          " c.confrelid) AND a.attrelid = {}::regclass WHERE (a.attname IN ({}) OR a.attgenerated "
          "<>"
          " '') AND ((c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey) AND (c.contype = 'f' OR"
          " c.condeferrable)) OR (c.confrelid = a.attrelid AND a.attnum = ANY (c.confkey))))",
          Literal{step.batch}, sql_list(names))
          .text);
  return !checked.empty() && checked[0].at(0) == "f";
}

std::string triggers_of(Session& session, const std::string& table) {
  constexpr std::string_view kForUpdate = "16";
  const Rows rows = session.query(
      sql("SELECT string_agg('trigger ' || quote_ident(tgname), ', ' ORDER BY tgname) FROM "
          "pg_trigger"
          " WHERE tgrelid = {}::regclass AND NOT tgisinternal AND tgenabled = 'O' AND tgtype::int &"
          " {} <> 0",
          Literal{table}, Sql{std::string(kForUpdate)})
          .text);
  return rows.empty() ? "" : rows[0].at(0).value_or("");
}

/// The statement with the condition on the blocks where it goes.
Sql in_blocks(const std::string& statement, const Sql& blocks) {
  const std::size_t mark = statement.find(kBlocksGoHere);
  if (mark == std::string::npos) return sql("{} AND {}", Sql{statement}, blocks);
  return sql("{}AND {}{}", Sql{statement.substr(0, mark)}, blocks,
             Sql{statement.substr(mark + kBlocksGoHere.size())});
}

struct Stretch {
  std::int64_t rows = 0, worked_us = 0;
  bool moved = false;
};

std::string stretch_sql(const BatchJob& job, std::int64_t from, std::int64_t end,
                        const Sql& storage) {
  const auto tid = [](std::int64_t block) {
    return Sql{"'(" + std::to_string(block) + ",0)'::tid"};
  };
  return sql("WITH done AS ({} RETURNING 1) SELECT count(*), (1000000 * extract(epoch FROM"
             " clock_timestamp() - statement_timestamp()))::bigint, {} FROM done",
             in_blocks(job.update, sql("ctid >= {} AND ctid < {}", tid(from), tid(end))), storage)
      .text;
}

Stretch read_stretch(const Row& row) {
  return {.rows = std::stoll(row.at(0).value_or("0")),
          .worked_us = std::stoll(row.at(1).value_or("0"))};
}

/// Nothing that moves rows goes beside the lock of the batch's first statement, which looks at the
/// storage under it: later ones need not.
Stretch first_stretch(Session& session, const BatchJob& job, const Part& part,
                      const BatchSize& size) {
  const auto answers = session.pipeline({"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
                                         job.settings + ", set_config('statement_timeout', '" +
                                             std::to_string(size.limit_ms) + "', true)",
                                         stretch_sql(job, part.next, size.end, job.storage)});
  const Row& row = answers.at(2).at(0);
  Stretch stretch = read_stretch(row);
  stretch.moved = row.at(2) != job.stored;
  return stretch;
}

}  // namespace

bool updates_rows(const Step& step) {
  return step.sql[0].starts_with("UPDATE ");
}

BatchJob batch_job(RunContext& run, const Step& step, const std::string& stored) {
  BatchJob job{.step = step.id,
               .update = step.sql[0],
               .storage = storage_of(step.batch),
               .stored = stored,
               .ours = run.journal.ours()};
  const bool skips_triggers = may_skip_triggers(run, step);
  if (!skips_triggers && updates_rows(step)) job.fires = triggers_of(run.session, step.batch);
  std::string list;
  const auto set = [&list](std::string_view name, const std::string& value) {
    list += (list.empty() ? "" : ", ") +
            sql("set_config({}, {}, true)", Literal{std::string(name)}, Literal{value}).text;
  };
  set("lock_timeout", std::to_string(step.lock_timeout_ms));
  set("idle_in_transaction_session_timeout", "10000");
  // A crash of the server that loses the batch loses its place in the journal too.
  set("synchronous_commit", "off");
  set("row_security", "off");
  set("standard_conforming_strings", "on");
  set("client_min_messages", "warning");
  // Blocks are what the batch goes by, whatever the statistics say.
  set("enable_seqscan", "off");
  // In a deadlock with the application it is this session that looks first, and gives up.
  if (run.lowers_deadlock_timeout) set("deadlock_timeout", "100");
  if (skips_triggers) set("session_replication_role", "replica");
  if (run.server_version >= 170000) set("transaction_timeout", "0");
  set("search_path", run.plan.search_path);
  job.settings = "SELECT " + list;
  return job;
}

BatchEnd run_batch(Session& session, const BatchJob& job, const Part& part, const BatchSize& size,
                   const NextStretch& next_stretch) {
  try {
    Stretch stretch = first_stretch(session, job, part, size);
    if (stretch.moved) {
      session.execute("ROLLBACK");
      return {.moved = true};
    }
    BatchEnd done{.rows = stretch.rows, .end = size.end};
    for (;;) {
      const std::int64_t end = next_stretch(done.end, stretch.worked_us);
      if (end == done.end) break;
      stretch = read_stretch(session.query(stretch_sql(job, done.end, end, Sql{"1"})).at(0));
      done = {.rows = done.rows + stretch.rows, .end = end};
    }
    if (done.rows > 0 || size.record_anyway) {
      const Sql record = advance_sql(job.ours, job.step, part.number, done.end, done.rows, 1);
      if (session.query(record.text).empty()) throw TakenOver{};
    }
    session.execute("COMMIT");
    return done;
  } catch (const DbError& error) {
    if (!error.is_connection_lost()) session.execute("ROLLBACK");
    throw;
  } catch (const TakenOver&) {
    session.execute("ROLLBACK");
    throw;
  }
}

}  // namespace aloft
