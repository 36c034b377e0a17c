#include "parser/column_renamer.h"

#include "parser/pg_tree.h"
#include "parser/tree_edit.h"

namespace aloft {

std::string with_column_renamed(const std::string& definition, const std::string& from,
                                const std::string& to) {
  constexpr std::string_view kHead = "CREATE INDEX ON x ";
  pg::ParseError error;
  auto tree = pg::Tree::parse(std::string(kHead) + definition, error);
  if (!tree || tree->statements().size() != 1) return "";
  pg::Node* statement = tree->statements()[0]->stmt;
  pg::walk(statement, [&](pg::Node* node) {
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
      const PgQuery__ColumnRef& ref = *node->column_ref;
      pg::Node* last = ref.fields[ref.n_fields - 1];
      if (pg::str(last) == from) pg::set(last->string->sval, to);
    }
    if (node->node_case == PG_QUERY__NODE__NODE_INDEX_ELEM &&
        std::string_view(node->index_elem->name) == from)
      pg::set(node->index_elem->name, to);
    return true;
  });
  const std::string text = pg::deparse(statement);
  const auto using_at = text.find("USING ");
  const auto keys_at = text.find('(');
  if (using_at != std::string::npos && using_at < keys_at) return text.substr(using_at);
  return keys_at == std::string::npos ? "" : "USING btree " + text.substr(keys_at);
}

}  // namespace aloft
