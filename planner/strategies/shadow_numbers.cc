#include "planner/strategies/shadow_numbers.h"

#include "planner/emit/column_sql.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"

namespace aloft {

std::vector<Sql> let_go_of_numbers(const ObjectId& column, const Column& had,
                                   const std::string& heir, const PlanContext& ctx) {
  const QualifiedName table = relation_name(column);
  const Ident own{column.name};
  std::vector<Sql> statements;
  if (had.identity != ' ') {
    statements.push_back(
        sql("SELECT pg_catalog.set_config('aloft.last_number', coalesce(pg_catalog."
            "pg_sequence_last_value(pg_catalog.pg_get_serial_sequence({}, "
            "{})::pg_catalog.regclass)::text"
            ", ''), true)",
            Literal{to_sql(table)}, Literal{column.name}));
    statements.push_back(sql("ALTER TABLE {} ALTER COLUMN {} DROP IDENTITY", table, own));
  }
  if (!had.default_value.empty())
    statements.push_back(sql("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", table, own));
  for (const auto& [sequence, owned] : ctx.live.sequences)
    if (owned.owned_by == column && ctx.desired.contains(sequence))
      statements.push_back(
          sql("ALTER SEQUENCE {} OWNED BY {}.{}", qualified(sequence), table, Ident{heir}));
  return statements;
}

std::vector<Sql> take_over_numbers(const ObjectId& column, const Column& gets) {
  const QualifiedName table = relation_name(column);
  const Ident own{column.name};
  std::vector<Sql> statements;
  if (!gets.default_value.empty())
    statements.push_back(sql("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}", table, own,
                             Sql{gets.default_value.sql}));
  if (gets.identity == ' ') return statements;
  const std::string options = sequence_clauses(gets.identity_sequence);
  statements.push_back(sql("ALTER TABLE {} ALTER COLUMN {} ADD GENERATED {} AS IDENTITY{}", table,
                           own, Sql{gets.identity == 'a' ? "ALWAYS" : "BY DEFAULT"},
                           Sql{options.empty() ? "" : " (" + options + ")"}));
  statements.push_back(sql(
      "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({}, {})::pg_catalog.regclass, "
      "pg_catalog.current_setting('aloft.last_number')::bigint) WHERE "
      "pg_catalog.current_setting('aloft.last_number') <> ''",
      Literal{to_sql(table)}, Literal{column.name}));
  return statements;
}

}  // namespace aloft
