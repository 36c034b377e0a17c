#include <algorithm>

#include "planner/emit/access.h"
#include "planner/emit/column_sql.h"
#include "planner/emit/sql_scan.h"
#include "planner/emit/table_sql.h"

namespace aloft {
namespace {

/// Where WITH (...) goes: after the keys, INCLUDE (...) and NULLS [NOT] DISTINCT.
std::size_t after_keys(const std::string& text) {
  std::size_t at = after_group(text, 0);
  if (at == std::string::npos) return text.size();
  if (text.compare(at, 9, " INCLUDE ") == 0) at = after_group(text, at);
  for (const std::string_view words : {" NULLS NOT DISTINCT", " NULLS DISTINCT"})
    if (text.compare(at, words.size(), words) == 0) at += words.size();
  return at;
}

}  // namespace

std::string index_definition(const std::string& definition, const Options& options,
                             const std::string& tablespace) {
  if (options.empty() && tablespace.empty()) return definition;
  const std::size_t at = after_keys(definition);
  std::string storage;
  // The text may still hold what the catalog says apart.
  if (!options.empty() && definition.find(" WITH (", at) == std::string::npos)
    storage += " WITH (" + option_list(options) + ")";
  if (!tablespace.empty() && definition.find(" TABLESPACE ", at) == std::string::npos)
    storage += " TABLESPACE " + quote_ident(tablespace);
  return definition.substr(0, at) + storage + definition.substr(at);
}

std::string constraint_clause(const ObjectId& id, const Constraint& constraint) {
  std::string storage;
  if (!constraint.options.empty()) storage += " WITH (" + option_list(constraint.options) + ")";
  if (!constraint.tablespace.empty())
    storage += " USING INDEX TABLESPACE " + quote_ident(constraint.tablespace);
  std::string definition = constraint.definition.sql;
  if (!storage.empty()) definition.insert(after_keys(definition), storage);
  return "CONSTRAINT " + quote_ident(id.name) + " " + definition;
}

std::vector<Sql> constraint_extras_sql(const ObjectId& id, const Constraint& constraint) {
  std::vector<Sql> statements;
  if (constraint.clustered)
    statements.push_back(sql("ALTER TABLE {} CLUSTER ON {}", relation_name(id), Ident{id.name}));
  if (!constraint.comment.empty())
    statements.push_back(comment_sql(target_of(id), constraint.comment));
  if (!constraint.index_comment.empty())
    statements.push_back(sql("COMMENT ON INDEX {} IS {}", QualifiedName{id.schema, id.name},
                             Literal{constraint.index_comment}));
  return statements;
}

Sql index_sql(const ObjectId& id, const Index& index, const std::string& name, bool concurrently,
              bool only) {
  return sql("CREATE {}INDEX {}{} ON {}{} {}", Sql{index.unique ? "UNIQUE " : ""},
             Sql{concurrently ? "CONCURRENTLY " : ""}, Ident{name}, Sql{only ? "ONLY " : ""},
             relation_name(id),
             Sql{index_definition(index.definition.sql, index.options, index.tablespace)});
}

std::vector<Sql> index_extras_sql(const ObjectId& id, const Index& index) {
  std::vector<Sql> statements;
  for (const Option& column : index.statistics)
    statements.push_back(sql("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", qualified(id),
                             Sql{column.name}, Sql{column.value}));
  if (index.clustered)
    statements.push_back(sql("ALTER TABLE {} CLUSTER ON {}", relation_name(id), Ident{id.name}));
  if (!index.comment.empty()) statements.push_back(comment_sql(target_of(id), index.comment));
  return statements;
}

}  // namespace aloft
