#include "planner/strategies/number_column.h"

#include "planner/emit/identity.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/locks.h"
#include "planner/publications.h"
#include "planner/strategies/fill_column.h"
#include "planner/strategies/sync_trigger.h"

namespace aloft {

bool numbers_in_batches(const ObjectId& id, const Column& column, const PlanContext& ctx) {
  const ObjectId table = relation_of(id);
  return column.identity != ' ' && !column.said->in_place && !is_fresh(ctx, table) &&
         !has_children(ctx, table) && update_obstacle(table, ctx).empty() &&
         !is_moment(ctx, table, rewrite_ms(size_of(ctx.facts, table)));
}

std::vector<Step> number_column_steps(const ObjectId& id, const Column& column,
                                      const PlanContext& ctx) {
  const ObjectId numbers{
      .kind = Kind::Sequence,
      .schema = id.schema,
      .name = suffixed(id.relation + "_" + id.name, "__new_" + run_mark(id).substr(0, 4))};
  Column serial = column;
  serial.identity = ' ';
  serial.default_value.sql =
      sql("nextval({}::pg_catalog.regclass)", Literal{to_sql(qualified(numbers))}).text;
  std::vector<Step> steps = fill_new_column_steps(id, serial, ctx);
  if (steps.front().sql.empty()) return steps;  // there is no way
  const std::string options = sequence_clauses(column.identity_sequence);
  Step& open = steps.front();
  // A default is computed with the rights of who inserts; an identity asks for none.
  const std::vector<std::string> make{
      sql("CREATE SEQUENCE {} AS {}{}{}", qualified(numbers), Sql{column.type},
          Sql{options.empty() ? "" : " "}, Sql{options})
          .text,
      sql("GRANT USAGE ON SEQUENCE {} TO PUBLIC", qualified(numbers)).text};
  open.sql.insert(open.sql.begin(), make.begin(), make.end());
  open.undo.push_back(sql("DROP SEQUENCE IF EXISTS {}", qualified(numbers)).text);
  open.scaffold.push_back(numbers);

  std::vector<Sql> statements = identity_after_serial_sql(id, column, numbers, ctx);
  statements.push_back(sql("DROP SEQUENCE {}", qualified(numbers)));
  Step identity =
      catalog_step(ctx, id, statements, on_tree(ctx, relation_of(id), LockLevel::AccessExclusive),
                   "The identity takes the default's place and goes on from its last "
                   "number.");
  identity.phase = Phase::Backfill;
  identity.undone_by_others = true;
  steps.push_back(std::move(identity));
  return steps;
}

}  // namespace aloft
