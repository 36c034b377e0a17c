#include "engine/execute/settle_step.h"

#include "engine/base/sql.h"

namespace aloft {
namespace {

/// The first value of a query, "" where there is no row.
std::string ask(Session& session, const Sql& question) {
  const Rows rows = session.query(question.text);
  return rows.empty() || rows[0].empty() ? "" : rows[0][0].value_or("");
}

/// FROM and WHERE for the relation that a check names.
Sql relation(const StepCheck& check) {
  return sql("FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = {}",
             Literal{check.schema});
}

/// An index on a partitioned table stays invalid until each partition has one: nobody's leftover.
Found look_for_index(Session& session, const StepCheck& check) {
  const std::string state =
      ask(session, sql("SELECT CASE WHEN i.indisvalid THEN 'valid' WHEN c.relkind = 'I' THEN"
                       " 'parent' ELSE 'invalid' END {} JOIN pg_index i ON i.indexrelid = c.oid"
                       " WHERE c.relname = {}",
                       relation(check), Literal{check.name}));
  if (state.empty()) return Found::NotDone;
  return state == "invalid" ? Found::HalfDone : Found::Done;
}

Found look_for_detach(Session& session, const StepCheck& check) {
  const std::string pending =
      ask(session, sql("SELECT h.inhdetachpending {} JOIN pg_inherits h ON h.inhrelid = c.oid"
                       " WHERE c.relname = {} AND c.relispartition",
                       relation(check), Literal{check.name}));
  if (pending.empty()) return Found::Done;
  return pending == "t" ? Found::HalfDone : Found::NotDone;
}

}  // namespace

Found look(Session& session, const StepCheck& check) {
  const auto done_if = [&session](const Sql& question) {
    return ask(session, question) == "t" ? Found::Done : Found::NotDone;
  };
  switch (check.what) {
    case StepCheck::What::None: return Found::Unknown;
    case StepCheck::What::IndexValid: return look_for_index(session, check);
    case StepCheck::What::IndexGone:
      return done_if(
          sql("SELECT NOT EXISTS (SELECT {} WHERE c.relname = {} AND c.relkind IN"
              " ('i', 'I'))",
              relation(check), Literal{check.name}));
    case StepCheck::What::EnumLabel:
      return done_if(
          sql("SELECT EXISTS (SELECT FROM pg_enum e JOIN pg_type t ON t.oid ="
              " e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace WHERE"
              " n.nspname = {} AND t.typname = {} AND e.enumlabel = {})",
              Literal{check.schema}, Literal{check.name}, Literal{check.detail}));
    case StepCheck::What::PartitionDetached: return look_for_detach(session, check);
    case StepCheck::What::ConstraintValidated:
      return done_if(
          sql("SELECT EXISTS (SELECT {} JOIN pg_constraint o ON o.conrelid = c.oid"
              " WHERE c.relname = {} AND o.conname = {} AND o.convalidated)",
              relation(check), Literal{check.name}, Literal{check.detail}));
  }
  return Found::Unknown;
}

std::string mend_sql(Session& session, const StepCheck& check) {
  const QualifiedName name{check.schema, check.name};
  if (check.what != StepCheck::What::PartitionDetached)
    return sql("DROP INDEX CONCURRENTLY IF EXISTS {}", name).text;
  const std::string parent =
      ask(session, sql("SELECT format('%I.%I', pn.nspname, p.relname) {} JOIN pg_inherits h ON"
                       " h.inhrelid = c.oid JOIN pg_class p ON p.oid = h.inhparent JOIN"
                       " pg_namespace pn ON pn.oid = p.relnamespace WHERE c.relname = {}",
                       relation(check), Literal{check.name}));
  return sql("ALTER TABLE {} DETACH PARTITION {} FINALIZE", Sql{parent}, name).text;
}

std::string orphan_at_work(Session& session, const Step& step) {
  if (step.check.what == StepCheck::What::None || step.sql.empty()) return "";
  // pg_stat_activity cuts long statements, so what it shows is a beginning of ours.
  return ask(session, sql("SELECT concat('pid ', a.pid, ', user ', a.usename, ', since ',"
                          " date_trunc('second', a.query_start)) FROM pg_stat_activity a"
                          " LEFT JOIN pg_stat_progress_create_index p ON p.pid = a.pid"
                          " WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()"
                          " AND a.state = 'active' AND ((length(a.query) > 20 AND starts_with({}, "
                          "a.query)) OR p.index_relid = to_regclass({})::oid) LIMIT 1",
                          Literal{step.sql[0]},
                          Literal{quote_qualified(step.check.schema, step.check.name)}));
}

}  // namespace aloft
