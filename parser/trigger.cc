#include "engine/base/sql.h"
#include "parser/handlers.h"
#include "parser/targets.h"

namespace aloft {
namespace {

// pg_trigger.tgtype, which the grammar uses too (catalog/pg_trigger.h).
constexpr int kBefore = 1 << 1, kInsert = 1 << 2, kDelete = 1 << 3, kUpdate = 1 << 4,
              kTruncate = 1 << 5, kInstead = 1 << 6;

bool defines_function(const Snapshot& snapshot, const Name& name) {
  const auto it = snapshot.functions.lower_bound(
      {.kind = Kind::Function, .schema = name.schema, .name = name.name});
  return it != snapshot.functions.end() && it->first.schema == name.schema &&
         it->first.name == name.name;
}

/// The function's name: qualified where written so or where the files define it; one of an
/// extension or of pg_catalog stays as it is.
std::string function_name(const std::vector<std::string>& name, const Statement& st,
                          const ParseContext& context) {
  if (name.size() > 1) return written(name);
  for (const std::string& schema : st.search_path)
    if (defines_function(context.snapshot, {schema, name.back()}))
      return quote_qualified(schema, name.back());
  return written(name);
}

std::string qualified(const PgQuery__RangeVar& relation, const Statement& st,
                      const ParseContext& context) {
  return quote_qualified(relation_schema(relation, st, context), relation.relname);
}

/// "BEFORE INSERT OR UPDATE OF a", in pg_get_triggerdef()'s order.
std::string events(const PgQuery__CreateTrigStmt& stmt) {
  std::string text = stmt.timing == kBefore    ? "BEFORE "
                     : stmt.timing == kInstead ? "INSTEAD OF "
                                               : "AFTER ";
  std::string list;
  const auto add = [&](int bit, const std::string& event) {
    if ((stmt.events & bit) != 0) list += (list.empty() ? "" : " OR ") + event;
  };
  std::string update = "UPDATE";
  if (stmt.n_columns > 0)
    update += " OF " + ident_list(pg::names(stmt.n_columns, stmt.columns)).text;
  add(kInsert, "INSERT");
  add(kDelete, "DELETE");
  add(kUpdate, update);
  add(kTruncate, "TRUNCATE");
  return text + list;
}

std::string transition_tables(const PgQuery__CreateTrigStmt& stmt) {
  std::string text;
  for (const bool is_new : {false, true})
    for (const pg::Node* node : pg::list(stmt.n_transition_rels, stmt.transition_rels)) {
      const PgQuery__TriggerTransition& table = *node->trigger_transition;
      if ((table.is_new != 0) != is_new) continue;
      text += is_new ? " NEW TABLE AS " : " OLD TABLE AS ";
      text += quote_ident(table.name);
    }
  return text.empty() ? text : " REFERENCING" + text;
}

}  // namespace

std::string trigger_definition(const PgQuery__CreateTrigStmt& stmt, const Statement& st,
                               const ParseContext& context) {
  std::string text = events(stmt) + " ON " + qualified(*stmt.relation, st, context);
  if (stmt.isconstraint) {
    if (stmt.constrrel != nullptr) text += " FROM " + qualified(*stmt.constrrel, st, context);
    text += stmt.deferrable ? " DEFERRABLE" : " NOT DEFERRABLE";
    text += stmt.initdeferred ? " INITIALLY DEFERRED" : " INITIALLY IMMEDIATE";
  }
  text += transition_tables(stmt);
  text += stmt.row ? " FOR EACH ROW" : " FOR EACH STATEMENT";
  if (stmt.when_clause != nullptr)
    text += " WHEN (" + pg::deparse_expression(stmt.when_clause) + ")";
  text += " EXECUTE FUNCTION ";
  text += function_name(pg::names(stmt.n_funcname, stmt.funcname), st, context) + "(";
  for (std::size_t i = 0; i < stmt.n_args; ++i)
    text += (i == 0 ? "" : ", ") + quote_literal(pg::str(stmt.args[i]));
  return text + ")";
}

void parse_create_trigger(const PgQuery__CreateTrigStmt& stmt, const Statement& st,
                          ParseContext& context) {
  const auto table = find_relation(name_list(*stmt.relation), st, context);
  if (!table || table->kind == Kind::Sequence)
    return unknown_object(context, st.at(stmt.relation->location), "table",
                          written(name_list(*stmt.relation)));
  const ObjectId id = child_id(Kind::Trigger, *table, stmt.trigname);
  if (!replaces(stmt.replace != 0, id, st, context) && !first_time(context, id, st.at())) return;
  for (const pg::Node* node : pg::list(stmt.n_transition_rels, stmt.transition_rels))
    if (!node->trigger_transition->is_table)
      refuse(context, st.at(), "REFERENCING ... ROW");  // PostgreSQL neither
  Trigger trigger{
      .constraint = stmt.isconstraint != 0, .renamed_from = renamed_from(st, -1), .at = st.at()};
  trigger.definition.sql = trigger_definition(stmt, st, context);
  context.snapshot.triggers[id] = std::move(trigger);
}

}  // namespace aloft
