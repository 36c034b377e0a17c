#include "parser/pg_tree.h"

#include <algorithm>

#include "parser/parentheses.h"
#include "parser/unprintable.h"

namespace aloft::pg {
namespace {

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kNull = "NULL::";

/// Puts the space back that the deparser leaves out after FOR UPDATE OF a. It prints the words in
/// upper case, and a name that has such letters in quotes.
std::string with_lock_words_apart(std::string text) {
  for (const std::string_view word : {"SKIP LOCKED", "NOWAIT"}) {
    bool quoted = false, literal = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i - 1] == '"' && !literal) quoted = !quoted;
      if (text[i - 1] == '\'' && !quoted) literal = !literal;
      if (quoted || literal || text.compare(i, word.size(), word) != 0) continue;
      if (text[i - 1] != ' ') text.insert(i++, 1, ' ');
    }
  }
  return text;
}

/// What libpg_query prints for a tree of one statement; empty where it cannot.
std::string print(Node* statement) {
  const Parentheses parentheses(&statement->base);
  PgQuery__RawStmt raw = PG_QUERY__RAW_STMT__INIT;
  raw.stmt = statement;
  PgQuery__RawStmt* items[] = {&raw};
  PgQuery__ParseResult result = PG_QUERY__PARSE_RESULT__INIT;
  result.n_stmts = 1;
  result.stmts = items;
  std::string packed(pg_query__parse_result__get_packed_size(&result), '\0');
  pg_query__parse_result__pack(&result, reinterpret_cast<std::uint8_t*>(packed.data()));
  const PgQueryDeparseResult printed =
      pg_query_deparse_protobuf({.len = packed.size(), .data = packed.data()});
  std::string text = printed.error == nullptr && printed.query != nullptr ? printed.query : "";
  pg_query_free_deparse_result(printed);
  const bool locks =
      text.find("SKIP LOCKED") != std::string::npos || text.find("NOWAIT") != std::string::npos;
  return locks ? with_lock_words_apart(std::move(text)) : text;
}

/// `SELECT value` as text without the SELECT.
std::string print_target(Node* value) {
  PgQuery__ResTarget target = PG_QUERY__RES_TARGET__INIT;
  target.val = value;
  Node target_node = PG_QUERY__NODE__INIT;
  target_node.node_case = PG_QUERY__NODE__NODE_RES_TARGET;
  target_node.res_target = &target;
  Node* targets[] = {&target_node};
  PgQuery__SelectStmt select = PG_QUERY__SELECT_STMT__INIT;
  select.n_target_list = 1;
  select.target_list = targets;
  select.limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
  select.op = PG_QUERY__SET_OPERATION__SETOP_NONE;
  Node statement = PG_QUERY__NODE__INIT;
  statement.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
  statement.select_stmt = &select;
  std::string text = print(&statement);
  return text.starts_with(kSelect) ? text.substr(kSelect.size()) : "";
}

}  // namespace

void Tree::Free::operator()(PgQuery__ParseResult* tree) const {
  pg_query__parse_result__free_unpacked(tree, nullptr);
}

std::optional<Tree> Tree::parse(const std::string& text, ParseError& error) {
  const PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(text.c_str());
  Tree tree;
  if (parsed.error != nullptr) {
    error = {.message = parsed.error->message, .offset = parsed.error->cursorpos - 1};
  } else {
    tree.tree_.reset(pg_query__parse_result__unpack(
        nullptr, parsed.parse_tree.len,
        reinterpret_cast<const std::uint8_t*>(parsed.parse_tree.data)));
    if (!tree.tree_) error.message = "the parse tree cannot be read";
  }
  pg_query_free_protobuf_parse_result(parsed);
  if (!tree.tree_) return std::nullopt;
  return tree;
}

std::span<PgQuery__RawStmt* const> Tree::statements() const {
  return {tree_->stmts, tree_->n_stmts};
}

Node* only_statement(std::optional<Tree>& tree, const std::string& text) {
  ParseError error;
  tree = Tree::parse(text, error);
  if (!tree || tree->statements().size() != 1) return nullptr;
  Node* statement = tree->statements()[0]->stmt;
  return unprintable_clause(*statement, text).empty() ? statement : nullptr;
}

std::string_view str(const Node* node) {
  if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_STRING) return "";
  return node->string->sval;
}

std::vector<std::string> names(std::size_t count, Node* const* items) {
  std::vector<std::string> result;
  result.reserve(count);
  for (const Node* item : list(count, items)) result.emplace_back(str(item));
  return result;
}

std::string deparse(Node* statement) {
  return print(statement);
}

std::string deparse_expression(Node* expr) {
  return expr == nullptr ? "" : print_target(expr);
}

std::string deparse_type(PgQuery__TypeName* type) {
  PgQuery__AConst null = PG_QUERY__A__CONST__INIT;
  null.isnull = 1;
  Node null_node = PG_QUERY__NODE__INIT;
  null_node.node_case = PG_QUERY__NODE__NODE_A_CONST;
  null_node.a_const = &null;
  PgQuery__TypeCast cast = PG_QUERY__TYPE_CAST__INIT;
  cast.arg = &null_node;
  cast.type_name = type;
  Node cast_node = PG_QUERY__NODE__INIT;
  cast_node.node_case = PG_QUERY__NODE__NODE_TYPE_CAST;
  cast_node.type_cast = &cast;
  const std::string text = print_target(&cast_node);
  return text.starts_with(kNull) ? text.substr(kNull.size()) : "";
}

Node* expression(const Tree& tree) {
  if (tree.statements().size() != 1) return nullptr;
  const Node* statement = tree.statements().front()->stmt;
  if (statement->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return nullptr;
  const PgQuery__SelectStmt& select = *statement->select_stmt;
  const bool plain = select.n_target_list == 1 && select.n_from_clause == 0 &&
                     select.where_clause == nullptr && select.n_sort_clause == 0 &&
                     select.n_group_clause == 0 && select.limit_count == nullptr &&
                     select.limit_offset == nullptr && select.n_locking_clause == 0 &&
                     select.larg == nullptr && select.into_clause == nullptr;
  if (!plain || select.target_list[0]->node_case != PG_QUERY__NODE__NODE_RES_TARGET) return nullptr;
  const PgQuery__ResTarget& target = *select.target_list[0]->res_target;
  return *target.name == '\0' ? target.val : nullptr;
}

std::optional<Tree> parse_expression(const std::string& text) {
  ParseError ignored;
  auto tree = Tree::parse(std::string(kSelect) + text, ignored);
  if (!tree || expression(*tree) == nullptr ||
      !unprintable_clause(*tree->statements()[0]->stmt, text).empty())
    return std::nullopt;
  return tree;
}

}  // namespace aloft::pg
