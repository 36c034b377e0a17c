#include "planner/emit/column_sql.h"
#include "planner/emit/sequence_sql.h"
#include "planner/emit/table_sql.h"
#include "planner/estimate.h"
#include "planner/publications.h"
#include "planner/strategies/counterparts.h"
#include "planner/strategies/fill_column.h"
#include "planner/strategies/number_column.h"
#include "planner/strategies/strategies.h"

namespace aloft {
namespace {

/// Why adding the column writes every row, or nothing.
std::string rewrite_reason(const Column& column, const Snapshot& desired) {
  if (column.generated == 's') return "a stored generated column is computed for every row";
  if (column.identity != ' ') return "an identity column is numbered row by row";
  if (is_constrained_domain(column.type, desired))
    return "the constraints of its domain are tested row by row";
  if (!column.default_value.empty() && column.generated == ' ' &&
      is_volatile(column.default_value.sql, desired))
    return "the default is computed anew for every row";
  return {};
}

}  // namespace

std::vector<Step> add_column_steps(const ObjectId& id, const Column& column,
                                   const PlanContext& ctx) {
  if (const Counterparts* group = counterparts_of(id, ctx); group != nullptr)
    return group->fresh.front() == id ? counterpart_steps(*group, ctx) : std::vector<Step>{};
  if (fills_new_column(id, column, ctx)) return fill_new_column_steps(id, column, ctx);
  if (numbers_in_batches(id, column, ctx)) return number_column_steps(id, column, ctx);
  const ObjectId table = relation_of(id);
  const bool has_value =
      (!column.default_value.empty() && !column.default_value.canon.starts_with("NULL")) ||
      column.identity != ' ' || column.generated != ' ';
  const TableSize size = size_of(ctx.facts, table);
  const bool no_rows = is_fresh(ctx, table) || (size.known && size.rows == 0);
  const bool not_null_apart = column.not_null && !has_value && !no_rows;
  std::vector<Sql> statements{sql("ALTER TABLE {} ADD COLUMN {}", qualified(table),
                                  Sql{column_definition(id, column, !not_null_apart)})};
  append(statements, column_extras_sql(id, column, has_children(ctx, table), ctx));
  append(statements, owned_by_sql(ctx, id));
  append(statements, descendant_columns_sql(id, column, ctx));
  const Locks locks = on_tree(ctx, table, LockLevel::AccessExclusive);
  const std::string reason = rewrite_reason(column, ctx.desired);
  Step add = reason.empty() || is_fresh(ctx, table)
                 ? catalog_step(ctx, id, statements, locks,
                                "A new column; rows that are there are not written.")
                 : heavy_step(ctx, id, statements, table, true, locks,
                              "A new column that writes every row: " + reason + ".");
  set_undo(add, {sql("ALTER TABLE {} DROP COLUMN {}", qualified(table), Ident{id.name})});
  if (column.generated == ' ' && !is_fresh(ctx, table))
    tell_of_new_column(add, id, statements.front(), ctx);
  std::vector<Step> steps{std::move(add)};
  if (not_null_apart) {
    steps.front().why +=
        " It is to be NOT NULL and has no default: rows need a value before it can "
        "be.";
    append(steps, set_not_null_steps(id, ctx));
  }
  return steps;
}

}  // namespace aloft
