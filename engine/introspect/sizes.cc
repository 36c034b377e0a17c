#include "engine/base/sql.h"
#include "engine/db/db_error.h"
#include "engine/introspect/introspect.h"

namespace aloft {

void measure_sizes(Session& session, Facts& facts, const std::vector<ObjectId>& tables) {
  std::string names;
  for (const ObjectId& table : tables) {
    const auto size = facts.sizes.find(table);
    if (size == facts.sizes.end() || size->second.rows >= 0) continue;
    names += (names.empty() ? "(" : ", (") + quote_literal(table.schema) + "::name, " +
             quote_literal(table.name) + "::name)";
    facts.sizes.erase(size);
  }
  if (names.empty()) return;
  const std::string question =
      "SELECT n.nspname, c.relname, pg_relation_size(c.oid), pg_indexes_size(c.oid) FROM (VALUES " +
      names +
      ") v(s, t) JOIN pg_namespace n ON n.nspname = v.s JOIN pg_class c ON c.relnamespace = n.oid "
      "AND "
      "c.relname = v.t";
  const std::vector<std::string> end{"ROLLBACK TO SAVEPOINT aloft_sizes",
                                     "RELEASE SAVEPOINT aloft_sizes"};
  Rows rows;
  try {
    // pg_relation_size() waits behind whoever has the table to himself; a plan does not.
    rows = session
               .pipeline({"SAVEPOINT aloft_sizes", "SET LOCAL lock_timeout = '500ms'", question,
                          end[0], end[1]})
               .at(2);
  } catch (const DbError& error) {
    if (error.is_connection_lost()) throw;
    session.pipeline(end);
    return;
  }
  for (const Row& row : rows) {
    const std::int64_t bytes = std::stoll(row.at(2).value_or("0"));
    facts.sizes[table_id(row.at(0).value_or(""), row.at(1).value_or(""))] = {
        .rows = bytes == 0 ? 0 : -1,
        .bytes = bytes,
        .index_bytes = std::stoll(row.at(3).value_or("0"))};
  }
}

}  // namespace aloft
