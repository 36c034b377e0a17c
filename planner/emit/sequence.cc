#include <algorithm>
#include <limits>

#include "planner/emit/access.h"
#include "planner/emit/emit.h"
#include "planner/emit/sequence_sql.h"
#include "planner/strategies/facade.h"

namespace aloft {
namespace {

struct Bounds {
  std::int64_t low, high;
};
Bounds bounds_of(const std::string& type) {
  if (type == "smallint") return {-32768, 32767};
  if (type == "integer")
    return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
  return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
}

/// What CREATE SEQUENCE AS type INCREMENT BY increment would have without another word.
SequenceOptions defaults_like(const SequenceOptions& options) {
  const Bounds bounds = bounds_of(options.type);
  SequenceOptions d{.type = options.type};
  const bool up = options.increment > 0;
  d.min = up ? 1 : bounds.low;
  d.max = up ? bounds.high : -1;
  d.start = up ? options.min : options.max;
  return d;
}

/// The clauses in which `to` differs from `from`.
std::string clauses(const SequenceOptions& from, const SequenceOptions& to,
                    std::string_view prefix) {
  std::string text;
  const auto say = [&](std::string_view what, std::int64_t number) {
    text += (text.empty() ? "" : " ") + std::string(prefix) + std::string(what) + " " +
            std::to_string(number);
  };
  if (from.increment != to.increment) say("INCREMENT BY", to.increment);
  if (from.min != to.min) say("MINVALUE", to.min);
  if (from.max != to.max) say("MAXVALUE", to.max);
  if (from.start != to.start) say("START WITH", to.start);
  if (from.cache != to.cache) say("CACHE", to.cache);
  if (from.cycle != to.cycle)
    text += (text.empty() ? "" : " ") + std::string(prefix) + (to.cycle ? "CYCLE" : "NO CYCLE");
  return text;
}

Sql owned_by(const ObjectId& sequence, const ObjectId& column) {
  if (column.name.empty()) return sql("ALTER SEQUENCE {} OWNED BY NONE", qualified(sequence));
  return sql("ALTER SEQUENCE {} OWNED BY {}.{}", qualified(sequence), relation_name(column),
             Ident{column.name});
}

bool of_table(const Sequence& sequence, const ObjectId& table) {
  return sequence.owned_by.relation == table.name && sequence.owned_by.schema == table.schema &&
         !sequence.owned_by.name.empty();
}

}  // namespace

std::string sequence_clauses(const SequenceOptions& options) {
  return clauses(defaults_like(options), options, "");
}

std::string sequence_changes(const SequenceOptions& from, const SequenceOptions& to,
                             std::string_view prefix) {
  return clauses(from, to, prefix);
}

std::vector<Sql> restart_unused_sql(
    const SequenceOptions& from, const SequenceOptions& to, const Sql& regclass,
    const std::function<Sql(const SequenceOptions& from, const SequenceOptions& to)>& alter) {
  const auto within = [](std::int64_t number, const SequenceOptions& o) {
    return number >= o.min && number <= o.max;
  };
  if (within(from.start, to)) return {};
  std::vector<Sql> statements;
  if (!within(to.start, from)) {
    SequenceOptions wide = from;
    wide.type = bounds_of(to.type).high > bounds_of(from.type).high ? to.type : from.type;
    wide.min = std::min(from.min, to.min);
    wide.max = std::max(from.max, to.max);
    statements.push_back(alter(from, wide));
  }
  statements.push_back(
      sql("SELECT pg_catalog.setval(s, {}, false) FROM (SELECT {} AS s) x WHERE "
          "pg_catalog.pg_sequence_last_value(s) IS NULL",
          Sql{std::to_string(to.start)}, regclass));
  return statements;
}

std::vector<Sql> owned_by_table_sql(const PlanContext& context, const ObjectId& table) {
  std::vector<Sql> statements;
  for (const auto& [id, sequence] : context.desired.sequences)
    if (of_table(sequence, table)) statements.push_back(owned_by(id, sequence.owned_by));
  return statements;
}

std::vector<Sql> owned_by_sql(const PlanContext& context, const ObjectId& column) {
  std::vector<Sql> statements;
  for (const auto& [id, sequence] : context.desired.sequences)
    if (of_table(sequence, relation_of(column)) && sequence.owned_by.name == column.name)
      statements.push_back(owned_by(id, sequence.owned_by));
  return statements;
}

std::vector<Sql> release_sequences_sql(const PlanContext& context, const ObjectId& table,
                                       const std::string& column) {
  std::vector<Sql> statements;
  for (const auto& [id, sequence] : context.live.sequences) {
    if (!of_table(sequence, table) || (!column.empty() && sequence.owned_by.name != column))
      continue;
    const Sequence* kept = context.desired.find<Sequence>(id);
    // One that is to belong to another column does so before its old one goes.
    const bool handed_on =
        kept != nullptr && !kept->owned_by.name.empty() && kept->owned_by != sequence.owned_by;
    if (kept != nullptr && !handed_on) statements.push_back(owned_by(id, {}));
  }
  return statements;
}

std::vector<Step> create_steps(const Action& action, const Sequence& wanted,
                               const PlanContext& ctx) {
  std::string text = wanted.unlogged ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ";
  text += to_sql(qualified(action.id));
  if (wanted.options.type != "bigint") text += " AS " + wanted.options.type;
  if (const std::string more = sequence_clauses(wanted.options); !more.empty()) text += " " + more;
  std::vector<Sql> statements{Sql{text}};
  append(statements, dress_sql(target_of(action.id), wanted, ctx));
  // A column that is still to be made takes its sequence over when it is.
  if (!wanted.owned_by.name.empty() && ctx.live.contains(wanted.owned_by))
    statements.push_back(owned_by(action.id, wanted.owned_by));
  Step step = catalog_step(ctx, action.id, statements, {}, "A new sequence.");
  set_undo(step, {sql("DROP SEQUENCE IF EXISTS {}", qualified(action.id))});
  return {step};
}

std::vector<Step> rename_steps(const Action& action, const Sequence& wanted,
                               const PlanContext& ctx) {
  const auto rename = [](const ObjectId& from, const ObjectId& to) {
    return sql("ALTER SEQUENCE {} RENAME TO {}", qualified(from), Ident{to.name});
  };
  Step step =
      catalog_step(ctx, action.id, {rename(action.from, action.id)}, {},
                   "The sequence gets the name that its column's table has for it, and goes "
                   "on from where it is.");
  step.locks = {{to_sql(qualified(action.from)), LockLevel::AccessExclusive}};
  // As long as both names of the table or column are said, so may the sequence's old one be.
  if (facade_of(wanted.owned_by, ctx) != nullptr) step.phase = Phase::Contract;
  add_hazard(step, Hazard::AppBreaking,
             "an application that says " + to_sql(qualified(action.from)) +
                 " (nextval, currval) fails from then on");
  set_undo(step, {rename(action.id, action.from)});
  return {step};
}

std::vector<Step> alter_steps(const Action& action, const Sequence& from, const Sequence& to,
                              const PlanContext& ctx) {
  std::vector<Step> steps;
  const QualifiedName name = qualified(action.id);
  if (changes(action, "options")) {
    const auto alter = [&](const SequenceOptions& a, const SequenceOptions& b) {
      std::string text = to_sql(sql("ALTER SEQUENCE {}", name));
      if (a.type != b.type) text += " AS " + b.type;
      // AS type moves bounds that were the old type's: say them all.
      SequenceOptions base = a;
      if (a.type != b.type) base.min = ~b.min, base.max = ~b.max;
      const std::string more = sequence_changes(base, b, "");
      return Sql{text + (more.empty() ? "" : " " + more)};
    };
    const Sql regclass = sql("{}::pg_catalog.regclass", Literal{to_sql(name)});
    std::vector<Sql> statements = restart_unused_sql(from.options, to.options, regclass, alter);
    statements.push_back(alter(from.options, to.options));
    Step step =
        catalog_step(ctx, action.id, statements, {{action.id, LockLevel::ShareRowExclusive}},
                     "The sequence's options change; it goes on from where it is.");
    set_undo(step, {alter(to.options, from.options)});
    steps.push_back(std::move(step));
  }
  if (changes(action, "unlogged"))
    steps.push_back(catalog_step(
        ctx, action.id,
        {sql("ALTER SEQUENCE {} SET {}", name, Sql{to.unlogged ? "UNLOGGED" : "LOGGED"})},
        {{action.id, LockLevel::AccessExclusive}}, "The sequence's persistence changes."));
  const bool column_there = to.owned_by.name.empty() || ctx.live.contains(to.owned_by);
  if (changes(action, "owned by") && column_there) {
    Step step = catalog_step(ctx, action.id, {owned_by(action.id, to.owned_by)},
                             {{action.id, LockLevel::ShareRowExclusive}},
                             "The sequence belongs to another column from now on.");
    set_undo(step, {owned_by(action.id, from.owned_by)});
    steps.push_back(std::move(step));
  }
  append(steps, access_steps(action, target_of(action.id), from, to, ctx));
  return steps;
}

std::vector<Step> drop_steps(const Action& action, const Sequence& was, const PlanContext& ctx) {
  // Dropping its column or table takes it along.
  if (!was.owned_by.name.empty() && !ctx.desired.contains(was.owned_by)) return {};
  Step step =
      catalog_step(ctx, action.id, {sql("DROP SEQUENCE {}", qualified(action.id))},
                   {{action.id, LockLevel::AccessExclusive}}, "The files no longer name it.");
  if (!action.rebuild) mark_loss(step, "the sequence's current value is lost");
  return {step};
}

bool must_rebuild(const Change&, const Sequence&, const Sequence&, const PlanContext&) {
  return false;
}

}  // namespace aloft
