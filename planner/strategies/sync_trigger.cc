#include "planner/strategies/sync_trigger.h"

#include <algorithm>

#include "engine/base/hash.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/locks.h"

namespace aloft {
namespace {

/// The row triggers that an UPDATE of the table would fire, as a list; a partition has those of the
/// partitioned tables above it.
std::string update_triggers(const PlanContext& ctx, const ObjectId& table) {
  std::string names;
  if (const Table* live = ctx.live.find<Table>(table);
      live != nullptr && !live->partition_of.empty())
    names = update_triggers(ctx, table_id(live->partition_of.schema, live->partition_of.name));
  for_each_child<Trigger>(ctx.live, table, [&](const ObjectId& id, const Trigger& trigger) {
    const std::string& text = trigger.definition.sql;
    const bool fires = trigger.enabled != 'D' && trigger.enabled != 'R' &&
                       text.find("FOR EACH ROW") != std::string::npos &&
                       text.substr(0, text.find(" ON ")).find("UPDATE") != std::string::npos;
    if (fires) names += (names.empty() ? "" : ", ") + quote_ident(id.name);
  });
  return names;
}

/// What the action of a foreign key says of the column that follows is true of its source too.
Sql heed_action(const SyncTrigger& trigger) {
  if (trigger.source.empty()) return {};
  const Ident source{trigger.source}, column{trigger.column.name};
  return sql(
      "IF TG_OP = 'UPDATE' AND NEW.{0} IS NOT DISTINCT FROM OLD.{0} AND NEW.{1} IS DISTINCT FROM "
      "OLD.{1} THEN\n    NEW.{0} := (SELECT {2} FROM (SELECT NEW.*) AS {3});\n    RETURN NEW;\n"
      "  END IF;\n  ",
      source, column, Sql{trigger.source_value}, Ident{trigger.column.relation});
}

std::string body_that_sets(const SyncTrigger& trigger) {
  const Ident column{trigger.column.name}, table{trigger.column.relation};
  const Sql set =
      sql("NEW.{} := (SELECT ({}) FROM (SELECT NEW.*) AS {});", column, Sql{trigger.value}, table);
  const Sql guard =
      trigger.condition.empty()
          ? Sql{}
          : sql("IF NOT (SELECT {} FROM (SELECT NEW.*) AS {}) THEN RETURN NEW; END IF;",
                Sql{trigger.condition}, table);
  // A column wins over a variable of the same name, as TG_OP is one.
  std::string body = "\n#variable_conflict use_column\nBEGIN\n  " + heed_action(trigger).text +
                     guard.text + (trigger.condition.empty() ? "" : "\n  ") + set.text + "\n";
  if (trigger.forgiving)
    body += sql("  RETURN NEW;\nEXCEPTION WHEN data_exception OR integrity_constraint_violation "
                "THEN\n  NEW.{} := NULL;\n",
                column)
                .text;
  return body + "  RETURN NEW;\nEND\n";
}

}  // namespace

std::string quoted_body(const std::string& body) {
  std::string mark = "$aloft$";
  while (body.find(mark) != std::string::npos) mark.insert(1, "x");
  return mark + body + mark;
}

std::string run_mark(const ObjectId& column) {
  return hash_of(to_string(column)).substr(0, 8);
}

std::vector<Sql> SyncTrigger::create_sql(const PlanContext& ctx) const {
  const Sql function = sql("{}", QualifiedName{"aloft", name});
  const Ident trigger{trigger_name()};
  const QualifiedName table = relation_name(column);
  const std::string path = ctx.search_path.empty() ? "''" : ctx.search_path;
  return {
      sql("CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql {}SET search_path = {} AS {}",
          function, Sql{as_owner ? "SECURITY DEFINER " : ""}, Sql{path},
          Sql{quoted_body(body.empty() ? body_that_sets(*this) : body)}),
      sql("CREATE TRIGGER {} BEFORE INSERT OR UPDATE ON {} FOR EACH ROW {}EXECUTE FUNCTION {}()",
          trigger, table, Sql{when.empty() ? "" : "WHEN (" + when + ") "}, function),
      sql("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}", table, trigger)};
}

std::vector<Sql> SyncTrigger::drop_sql() const {
  return {sql("DROP TRIGGER IF EXISTS {} ON {}", Ident{trigger_name()}, relation_name(column)),
          sql("DROP FUNCTION IF EXISTS {}()", QualifiedName{"aloft", name})};
}

std::vector<Sql> SyncTrigger::lock_and_drop_sql() const {
  std::vector<Sql> statements{lock_exclusive({relation_of(column)})};
  append(statements, drop_sql());
  return statements;
}

Sql SyncTrigger::is_on() const {
  return sql(
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = "
      "{}::pg_catalog.regclass AND tgname = {} AND tgenabled = 'A')",
      Literal{to_sql(relation_name(column))}, Literal{trigger_name()});
}

Sql explain_sql(const ObjectId& table, const Sql& assignments) {
  return sql("EXPLAIN UPDATE ONLY {} SET {}", qualified(table), assignments);
}

Step in_batches(const PlanContext& ctx, const ObjectId& about, const ObjectId& table,
                const Sql& statement, LockLevel level, std::string why) {
  Step step = catalog_step(ctx, about, {statement}, {{table, level}}, std::move(why));
  const TableSize size = size_of(ctx.facts, table);
  step.phase = Phase::Backfill;
  step.batch = to_sql(qualified(table));
  step.rows = size.rows;
  step.bytes = size.bytes;
  step.duration_ms = backfill_ms(size);
  step.statement_timeout_ms = 0;
  step.undone_by_others = true;
  return step;
}

Sql update_sql(const std::string& table, const std::string& sets, const std::string& where) {
  return sql("UPDATE ONLY {} SET {} WHERE ({})", Sql{table}, Sql{sets}, Sql{where});
}

Step batch_step(const PlanContext& ctx, const ObjectId& column, const ObjectId& table,
                const Sql& assignment, const std::string& pending, std::string why) {
  Step step =
      in_batches(ctx, column, table, update_sql(to_sql(qualified(table)), assignment.text, pending),
                 LockLevel::RowExclusive, std::move(why));
  if (table != relation_of(column)) step.why = "Partition " + name_of(table) + ": " + step.why;
  const std::string triggers = update_triggers(ctx, table);
  if (!triggers.empty() && !ctx.facts.superuser)
    add_hazard(step, Hazard::AppBreaking,
               "every row is updated: the triggers " + triggers + " of " +
                   to_sql(qualified(table)) +
                   " fire for it, unless the login may set session_replication_role");
  return step;
}

bool fills_in_batches(const PlanContext& ctx, const ObjectId& table) {
  const Table* live = ctx.live.find<Table>(table);
  if (live == nullptr) return false;
  return !live->partition_key.empty() || !has_children(ctx, table);
}

bool is_moment(const PlanContext& ctx, const ObjectId& table, std::int64_t ms) {
  const TableSize size = size_of(ctx.facts, table);
  return size.known && ms <= ctx.options.moment_ms;
}

}  // namespace aloft
