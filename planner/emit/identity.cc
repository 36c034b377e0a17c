#include "planner/emit/identity.h"

#include "planner/emit/column_sql.h"
#include "planner/emit/key_index.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/step_builder.h"

namespace aloft {
namespace {

/// setval() of the new owner of the numbers, so that it goes on where the old one is. The sequence
/// of an identity column is known by its dependency alone.
Sql carry_value(const Sql& target, const Sql& source) {
  return sql(
      "SELECT pg_catalog.setval({}, v) FROM (SELECT pg_catalog.pg_sequence_last_value({}) AS v) s "
      "WHERE v IS NOT NULL",
      target, source);
}
Sql identity_sequence_of(const ObjectId& id) {
  return sql(
      "(SELECT d.objid::pg_catalog.regclass FROM pg_catalog.pg_depend d JOIN "
      "pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE "
      "d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'i' AND d.refobjid = "
      "{}::pg_catalog.regclass AND a.attname = {})",
      Literal{to_sql(relation_name(id))}, Literal{id.name});
}
Sql regclass(const ObjectId& sequence) {
  return sql("{}::pg_catalog.regclass", Literal{to_sql(qualified(sequence))});
}

std::string add_identity(const Column& to) {
  const std::string options = sequence_clauses(to.identity_sequence);
  return std::string("ADD GENERATED ") + (to.identity == 'a' ? "ALWAYS" : "BY DEFAULT") +
         " AS IDENTITY" + (options.empty() ? "" : " (" + options + ")");
}

/// From 17 on an identity column of a partitioned table is one of its partitions too, and
/// PostgreSQL refuses ONLY.
bool is_of_whole_tree(const ObjectId& id, const PlanContext& ctx) {
  const Table* table = ctx.live.find<Table>(relation_of(id));
  return ctx.facts.server_version >= 170000 && table != nullptr && !table->partition_key.empty();
}
Sql alter_identity(const ObjectId& id, const std::string& clause, const PlanContext& ctx) {
  if (!is_of_whole_tree(id, ctx)) return alter_column(id, clause, ctx);
  return sql("ALTER TABLE {} ALTER COLUMN {} {}", relation_name(id), Ident{id.name}, Sql{clause});
}

/// Whether the largest value of the column is read from an index, however many rows there are, and
/// no policy hides it from the table's owner, under whom the step would fail.
bool shows_its_largest(const ObjectId& id, const Snapshot& live) {
  const Table* table = live.find<Table>(relation_of(id));
  if (table == nullptr || table->force_row_security) return false;
  const auto leads = [&](const std::vector<std::string>& keys) {
    return !keys.empty() && keys[0] == id.name;
  };
  bool found = false;
  for_each_child<Constraint>(live, relation_of(id), [&](const ObjectId&, const Constraint& c) {
    found |= is_unique_key(c) && leads(c.columns);
  });
  for_each_child<Index>(live, relation_of(id), [&](const ObjectId&, const Index& index) {
    found |= index.valid && leads(index.plain_keys());
  });
  return found;
}

/// setval() behind the values that are there, where the first number is not yet behind them. What
/// lies beyond the last number leaves no room: then nothing is set, as PostgreSQL has it.
Sql go_on_behind_rows(const ObjectId& id, const SequenceOptions& numbers) {
  const bool up = numbers.increment > 0;
  return sql(
      "SELECT pg_catalog.setval({}, v) FROM (SELECT {}({}) AS v FROM {}) s WHERE v BETWEEN {} AND "
      "{}",
      identity_sequence_of(id), Sql{up ? "max" : "min"}, Ident{id.name}, relation_name(id),
      Sql{std::to_string(up ? numbers.start : numbers.min)},
      Sql{std::to_string(up ? numbers.max : numbers.start)});
}

}  // namespace

std::vector<Sql> identity_after_serial_sql(const ObjectId& id, const Column& to,
                                           const ObjectId& serial, const PlanContext& ctx) {
  return {alter_column(id, "DROP DEFAULT", ctx), alter_identity(id, add_identity(to), ctx),
          carry_value(identity_sequence_of(id), regclass(serial))};
}

void identity_steps(std::vector<Step>& steps, const Action& action, const Column& from,
                    const Column& to, const PlanContext& ctx) {
  const ObjectId& id = action.id;
  std::vector<Sql> statements, undo;
  std::string why = "How the column is numbered changes; numbers go on where they are.";
  if (from.identity == ' ') {
    const ObjectId serial = nextval_sequence(from.default_value.sql);
    const bool carries = !serial.name.empty() && ctx.live.contains(serial);
    if (carries) {
      statements.push_back(sql("ALTER SEQUENCE {} OWNED BY NONE", qualified(serial)));
      append(statements, identity_after_serial_sql(id, to, serial, ctx));
    } else {
      if (!from.default_value.empty()) statements.push_back(alter_column(id, "DROP DEFAULT", ctx));
      statements.push_back(alter_identity(id, add_identity(to), ctx));
      const bool behind = shows_its_largest(id, ctx.live);
      if (behind) statements.push_back(go_on_behind_rows(id, to.identity_sequence));
      why = behind ? "The column is numbered from now on, behind the values that its rows have."
                   : "The column is numbered from now on, from " +
                         std::to_string(to.identity_sequence.start) + ", whatever its rows have.";
    }
    undo.push_back(alter_identity(id, "DROP IDENTITY", ctx));
  } else if (to.identity == ' ') {
    const ObjectId serial = nextval_sequence(to.default_value.sql);
    if (!serial.name.empty())
      statements.push_back(carry_value(regclass(serial), identity_sequence_of(id)));
    statements.push_back(alter_identity(id, "DROP IDENTITY", ctx));
    undo.push_back(alter_identity(id, add_identity(from), ctx));
  } else {
    const auto set = [](const Column& a, const Column& b) {
      std::string text;
      if (a.identity != b.identity)
        text = b.identity == 'a' ? "SET GENERATED ALWAYS" : "SET GENERATED BY DEFAULT";
      const std::string more = sequence_changes(a.identity_sequence, b.identity_sequence, "SET ");
      return text + (text.empty() || more.empty() ? "" : " ") + more;
    };
    if (set(from, to).empty()) return;
    const auto bounds = [&](const SequenceOptions& a, const SequenceOptions& b) {
      return alter_identity(id, sequence_changes(a, b, "SET "), ctx);
    };
    statements = restart_unused_sql(from.identity_sequence, to.identity_sequence,
                                    identity_sequence_of(id), bounds);
    statements.push_back(alter_identity(id, set(from, to), ctx));
    undo.push_back(alter_identity(id, set(to, from), ctx));
  }
  const Locks locks = is_of_whole_tree(id, ctx)
                          ? on_tree(ctx, relation_of(id), LockLevel::AccessExclusive)
                          : Locks{{relation_of(id), LockLevel::AccessExclusive}};
  Step step = catalog_step(ctx, id, statements, locks, why);
  set_undo(step, undo);
  steps.push_back(std::move(step));
}

}  // namespace aloft
